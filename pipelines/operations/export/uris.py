"""Plain URIs, one per line, which can be pasted into a playlist in Spotify's desktop app."""

from collections.abc import Sequence

from pipelines.operations.export.contents import Contents, Item
from pipelines.operations.export.style import Style
from sources.safe_text import is_printable


def is_line(item: Item) -> bool:
    """Whether an item has a URI that can stand on a line of its own and is not read as a comment."""
    uri = item.item_uri
    return uri is not None and uri.strip() == uri != "" and not uri.startswith("#") and all(map(is_printable, uri))


def written(lists: Sequence[Contents], style: Style) -> bytes:  # noqa: ARG001 (one way to write them)
    """A file with the URIs of all items, in order."""
    return "".join(f"{item.item_uri}\n" for one in lists for item in one.items if is_line(item)).encode()
