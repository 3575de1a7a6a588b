"""M3U8: a playlist for media players, in UTF-8, with lengths and titles: https://en.wikipedia.org/wiki/M3U.

Spotify's URIs stand in place of file names; Mopidy plays them.
"""

from collections.abc import Iterator, Sequence

from pipelines.operations.export.contents import Contents, Item
from pipelines.operations.export.style import Style
from pipelines.operations.export.uris import is_line
from sources.safe_text import is_printable


def written(lists: Sequence[Contents], style: Style) -> bytes:
    """A file; with several playlists in it, each item has the playlist's name as its group."""
    return "".join(f"{line}\n" for line in _lines(lists, joined=style.joined)).encode()


def _lines(lists: Sequence[Contents], *, joined: bool) -> Iterator[str]:
    yield "#EXTM3U"
    if not joined:
        yield from (f"#PLAYLIST:{_on_a_line(one.name)}" for one in lists)
    for one in lists:
        for item in filter(is_line, one.items):
            yield f"#EXTINF:{_seconds(item)},{_on_a_line(_title(item))}"
            if joined:
                yield f"#EXTGRP:{_on_a_line(one.name)}"
            yield str(item.item_uri)


def _seconds(item: Item) -> int:
    return -1 if item.duration_ms is None else round(item.duration_ms / 1000)


def _title(item: Item) -> str:
    return " - ".join(filter(None, (item.artists, item.title))) or str(item.item_uri)


def _on_a_line(text: str) -> str:
    return "".join(sign if is_printable(sign) else " " for sign in text)
