"""Exports playlists to files of other programs' formats."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.destinations.lake import Lake
from pipelines.operations.export.choice import choose, left_out
from pipelines.operations.export.contents import Contents, contents, moment_of, playlists_of, prepare, set_moment
from pipelines.operations.export.file_names import file_names
from pipelines.operations.export.folder import write_files
from pipelines.operations.export.formats import FORMATS, Format, by_ending
from pipelines.operations.export.saved import PREFIX, saved
from pipelines.operations.export.style import Style
from sources.errors import ConfigurationError

FOLDER = "playlake-export"
"""Default folder; with the format's ending, the default file."""
OTHER_ENDINGS = {".pdf", ".xls", ".ods", ".json", ".m3u", ".pls", ".xspf", ".html", ".tsv", ".xml", ".parquet", ".zip"}
"""Of files in formats that there are none of here: no folder is called so."""
ONE = "playlists"
"""Name of the one file in a folder."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did.

    Attributes:
        format: of the files.
        files: all files of this export.
        written: those of them whose content changed.
        playlists: number of playlists and collections.
        items: number of their items in the files.
        unread: names of playlists in the library that are not exported because the lake has no contents of them.
        without_uri: number of items by playlist that are not exported because they have no URI; only for formats that
            consist of URIs.
    """

    format: str
    files: list[Path]
    written: list[Path]
    playlists: int
    items: int
    unread: list[str]
    without_uri: dict[str, int]


def export(
    lake: Lake,
    output: Path | str | None = None,
    *,
    playlists: Sequence[str] = (),
    format: str | None = None,  # noqa: A002 (the option's name)
    one_file: bool = False,
    as_of: datetime | date | str | None = None,
    exact: bool = False,
    bom: bool = False,
    force: bool = False,
) -> Exported:
    """Exports playlists, each to a file in a folder, or all to one file.

    Args:
        lake: where the tables are.
        output: the folder, by default `playlake-export`. A name with the ending of a format means one file.
        playlists: ids, URIs, links or names, or `saved:tracks`, `saved:albums`, …; by default all playlists in the
            library that have contents.
        format: `csv`, `xlsx`, `m3u8`, `jspf` or `uris`; by default that of the output's ending, else CSV.
        one_file: whether to write all to one file.
        as_of: export the state at this time, as in `items_at`; null for now.
        exact: of CSV, whether text that a spreadsheet may read as a formula is written unchanged.
        bom: of CSV, whether to write a byte order mark, by which Excel recognizes UTF-8.
        force: whether to overwrite files that were not written by an export, or were changed since.

    Raises:
        ConfigurationError: an argument is wrong, a name is ambiguous or unknown, or there is nothing to export.
        DestinationError: the lake or the output cannot be opened, or a file may not be overwritten.
        TryLaterError: another process has the database open for writing.
    """
    place = Path(output) if output is not None else None
    kind = _format(format, place, is_csv=exact or bom)
    one_file = one_file or (place is not None and by_ending(place.name) is not None and not place.is_dir())
    if place is not None and not one_file:
        _check_folder_name(place)
    place = place or Path(FOLDER + kind.ending if one_file else FOLDER)
    found, unread = _found(lake, playlists, as_of)
    # One file for several playlists names the playlist of each item.
    style = Style(joined=one_file and (not playlists or len(found) > 1), exact=exact, bom=bom)
    if not one_file:
        folder, files = place, _a_file_each(found, kind, style)
    elif place.is_dir():
        folder, files = place, {ONE + kind.ending: kind.written(found, style)}
    else:
        folder, files = place.parent, {place.name: kind.written(found, style)}
    written = write_files(folder, files, force=force)
    without_uri = _not_held(found, kind)
    return Exported(
        format=kind.name,
        files=[folder / name for name in files],
        written=[folder / name for name in written],
        playlists=len(found),
        items=sum(len(one.items) for one in found) - sum(without_uri.values()),
        unread=unread,
        without_uri=without_uri,
    )


def _format(name: str | None, output: Path | None, *, is_csv: bool) -> Format:
    """The format by its name, or by the ending of a file, or else CSV.

    Raises:
        ConfigurationError: there is no such format, the file's ending is that of another, or options are only for CSV.
    """
    ending = by_ending(output.name) if output is not None and not output.is_dir() else None
    name = name or ending or "csv"
    if name not in FORMATS:
        msg = f"There is no format {name!r}: choose one of {', '.join(FORMATS)}."
        raise ConfigurationError(msg)
    if ending not in (None, name):
        msg = (
            f"{output} has the ending of {ending}, and --format is {name}: name another file, or leave one of them out."
        )
        raise ConfigurationError(msg)
    if is_csv and name != "csv":
        msg = f"--exact and --bom are only for CSV, not for {name}."
        raise ConfigurationError(msg)
    return FORMATS[name]


def _check_folder_name(place: Path) -> None:
    """Refuses a new folder whose name looks like that of a file.

    Raises:
        ConfigurationError: it does.
    """
    if place.suffix.lower() in OTHER_ENDINGS and not place.is_dir():
        endings = ", ".join(one.ending for one in FORMATS.values())
        msg = f"{place} has the ending of another format: choose one of {endings}, or for a folder a name without."
        raise ConfigurationError(msg)


def _found(lake: Lake, named: Sequence[str], as_of: datetime | date | str | None) -> tuple[list[Contents], list[str]]:
    """What to export, and the names of playlists without contents."""
    moment = None if as_of is None else moment_of(as_of)
    with lake.open() as connection:
        set_moment(connection, moment)
        prepare(connection)
        known = playlists_of(connection)
        collections = [name for name in named if name.startswith(PREFIX)]
        others = [name for name in named if name not in collections]
        chosen = choose(known, others) if others or not named else []
        found = contents(connection, chosen, moment) + saved(connection, collections)
    if not found:
        when = f" as of {as_of}" if as_of else ""
        msg = f"Nothing to export: no playlist in this lake has contents{when}."
        raise ConfigurationError(msg)
    return found, [] if named else [one.name for one in left_out(known)]


def _a_file_each(found: Sequence[Contents], kind: Format, style: Style) -> dict[str, bytes]:
    names = file_names({one.list_id: one.name for one in found}, kind.ending)
    return {names[one.list_id]: kind.written([one], style) for one in found}


def _not_held(found: Sequence[Contents], kind: Format) -> dict[str, int]:
    """Number of items by playlist that a format cannot hold."""
    return dict(Counter(one.name for one in found for item in one.items if not kind.holds(item)))
