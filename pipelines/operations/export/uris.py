"""Plain URIs, one a line: what Spotify's desktop app takes when it is pasted into a playlist."""

from collections.abc import Sequence

from pipelines.operations.export.contents import Contents, Entry
from pipelines.operations.export.style import Style
from sources.safe_text import is_printable


def is_line(entry: Entry) -> bool:
    """Whether an entry has a URI that is a line of its own, and no comment."""
    uri = entry.item_uri
    return uri is not None and uri.strip() == uri != "" and not uri.startswith("#") and all(map(is_printable, uri))


def written(lists: Sequence[Contents], style: Style) -> bytes:  # noqa: ARG001 (one way to write them)
    """A file with the URIs of all entries, in order."""
    return "".join(f"{entry.item_uri}\n" for one in lists for entry in one.entries if is_line(entry)).encode()
