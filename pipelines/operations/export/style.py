"""How a file is to be written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """What is asked of a file.

    Attributes:
        joined: whether it is one for several playlists.
        exact: of CSV, whether text stays as it is, which a spreadsheet may take for a formula.
        bom: of CSV, whether it begins with the mark by which Excel knows UTF-8.
    """

    joined: bool = False
    exact: bool = False
    bom: bool = False
