"""Options of a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """Options of a file.

    Attributes:
        joined: whether one file is for several playlists.
        exact: of CSV, whether text that a spreadsheet may read as a formula is written unchanged.
        bom: of CSV, whether to write a byte order mark, by which Excel recognizes UTF-8.
    """

    joined: bool = False
    exact: bool = False
    bom: bool = False
