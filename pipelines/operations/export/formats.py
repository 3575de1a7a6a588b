"""What playlists can be exported as: a line for each format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.operations.export import csv_file, jspf, m3u8, uris, xlsx
from pipelines.operations.export.contents import Contents, Item
from pipelines.operations.export.style import Style


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        name: what it is called.
        ending: of the names of its files.
        written: a file with what is on one playlist, or on several.
        holds: whether an item has a place in it.
    """

    name: str
    ending: str
    written: Callable[[Sequence[Contents], Style], bytes]
    holds: Callable[[Item], bool] = lambda _: True


FORMATS: dict[str, Format] = {
    made.name: made
    for made in (
        Format("csv", ".csv", csv_file.written),
        Format("xlsx", ".xlsx", xlsx.written),
        Format("m3u8", ".m3u8", m3u8.written, uris.is_line),
        Format("jspf", ".jspf", jspf.written),
        Format("uris", ".txt", uris.written, uris.is_line),
    )
}


def by_ending(name: str) -> str | None:
    """The format that a file of this name has; null if its ending tells none."""
    return next((one.name for one in FORMATS.values() if name.casefold().endswith(one.ending)), None)
