"""Playlists as files that other programs read."""

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
"""Where files go if nobody says; with the format's ending, the one file for all."""
ONE = "playlists"
"""What the one file for all is called in a folder that is there."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did.

    Attributes:
        format: of the files.
        files: all files that hold now what was asked for.
        written: those of them that did not before.
        playlists: how many are in them.
        items: how many entries these have.
        unread: names of playlists that are left out because the lake has no contents of them.
        without_uri: names of playlists of which entries are left out because they have no URI, with their number; only
            of formats that are made of URIs.
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
    """Writes playlists into a folder, a file each, or all into one file.

    Args:
        lake: where the tables are.
        output: the folder, `playlake-export` if none is said; or the one file, which a name with the ending of a format
            means, too.
        playlists: ids, URIs, links or names, and `saved:tracks` and its kin; none stands for all playlists of the
            library whose contents were ever read.
        format: `csv`, `xlsx`, `m3u8`, `jspf` or `uris`; null for what the output's ending says, else CSV.
        one_file: whether all goes into one.
        as_of: of which time, as in `items_at`; null for now.
        exact: of CSV, whether text stays as it is that a spreadsheet may take for a formula.
        bom: of CSV, whether it begins with the mark by which Excel knows UTF-8.
        force: whether files are overwritten that an export has not written, or that were changed since.

    Raises:
        ConfigurationError: a name means no playlist or several, or there is nothing to export.
        DestinationError: the lake or the place cannot be opened, or a file there is somebody else's.
        TryLaterError: another process has the database open for writing.
    """
    place = Path(output) if output is not None else None
    kind = _format(format, place, is_csv=exact or bom)
    one_file = one_file or (place is not None and by_ending(place.name) is not None and not place.is_dir())
    place = place or Path(FOLDER + kind.ending if one_file else FOLDER)
    found, unread = _found(lake, playlists, as_of)
    # Of each entry such a file says where it is from, unless a single playlist was asked for.
    style = Style(joined=one_file and (not playlists or len(found) > 1), exact=exact, bom=bom)
    if not one_file:
        folder, files = place, _a_file_each(found, kind, style)
    elif place.is_dir():
        folder, files = place, {ONE + kind.ending: kind.written(found, style)}
    else:
        folder, files = place.parent, {place.name: kind.written(found, style)}
    written = write_files(folder, files, force=force)
    return Exported(
        format=kind.name,
        files=[folder / name for name in files],
        written=[folder / name for name in written],
        playlists=len(found),
        items=sum(len(one.entries) for one in found),
        unread=unread,
        without_uri=_not_held(found, kind),
    )


def _format(name: str | None, output: Path | None, *, is_csv: bool) -> Format:
    """The format that is asked for, or that the ending of a file means; CSV if neither says any.

    Raises:
        ConfigurationError: there is none of this name, or what else is asked for is of CSV.
    """
    name = name or (output and by_ending(output.name)) or "csv"
    if name not in FORMATS:
        msg = f"There is no format {name!r}: choose one of {', '.join(FORMATS)}."
        raise ConfigurationError(msg)
    if is_csv and name != "csv":
        msg = f"--exact and --bom are for CSV, and this is {name}: leave them out, or choose --format csv."
        raise ConfigurationError(msg)
    return FORMATS[name]


def _found(lake: Lake, named: Sequence[str], as_of: datetime | date | str | None) -> tuple[list[Contents], list[str]]:
    """What is to be exported, and the names of playlists of which there is nothing to export."""
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
        msg = f"There is nothing to export: this lake has no contents of any playlist{when}."
        raise ConfigurationError(msg)
    return found, [] if named else [one.name for one in left_out(known)]


def _a_file_each(found: Sequence[Contents], kind: Format, style: Style) -> dict[str, bytes]:
    names = file_names({one.list_id: one.name for one in found}, kind.ending)
    return {names[one.list_id]: kind.written([one], style) for one in found}


def _not_held(found: Sequence[Contents], kind: Format) -> dict[str, int]:
    """How many entries of which playlist a format has no place for."""
    return dict(Counter(one.name for one in found for entry in one.entries if not kind.holds(entry)))
