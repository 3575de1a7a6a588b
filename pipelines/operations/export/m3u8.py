"""M3U8: a list of players', in UTF-8, with lengths and titles: https://en.wikipedia.org/wiki/M3U.

Where a player would have the address of a file there is Spotify's URI. Mopidy plays those.
"""

from collections.abc import Iterator, Sequence

from pipelines.operations.export.contents import Contents, Entry
from pipelines.operations.export.style import Style
from pipelines.operations.export.uris import is_line
from sources.safe_text import is_printable


def written(lists: Sequence[Contents], style: Style) -> bytes:
    """A file; in one for several playlists each entry says to which group it belongs."""
    return "".join(f"{line}\n" for line in _lines(lists, joined=style.joined)).encode()


def _lines(lists: Sequence[Contents], *, joined: bool) -> Iterator[str]:
    yield "#EXTM3U"
    if not joined:
        yield from (f"#PLAYLIST:{_on_a_line(one.name)}" for one in lists)
    for one in lists:
        for entry in filter(is_line, one.entries):
            yield f"#EXTINF:{_seconds(entry)},{_on_a_line(_title(entry))}"
            if joined:
                yield f"#EXTGRP:{_on_a_line(one.name)}"
            yield str(entry.item_uri)


def _seconds(entry: Entry) -> int:
    return -1 if entry.duration_ms is None else round(entry.duration_ms / 1000)


def _title(entry: Entry) -> str:
    return " - ".join(filter(None, (entry.artists, entry.title))) or str(entry.item_uri)


def _on_a_line(text: str) -> str:
    return "".join(sign if is_printable(sign) else " " for sign in text)
