"""The files of a lake in a folder or bucket, and how lost load records are detected.

dlt writes a load's data, then its record into `_dlt_loads`. A note beside, of our own, says of each load whose record
was seen that it was complete: so a lost record can be distinguished from a load that never completed.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from schemas import TABLES
from sources.errors import DestinationError
from sources.stored.file_sizes import file_sizes
from sources.stored.folder import Folder
from sources.stored.load_tables import LOADS, NOTES

COMPACTED = "~"
"""Suffix of a compacted load's id; it sorts after the newest load that was merged, and before later ones."""
AFTER = "after-"
"""Begins the name of the note by which a compaction comes to pass: after which one."""
UNKNOWN = ".unknown"
"""Ends the name of a note on a load without a record that was there before the first notes."""
VIEWS_FILE = "views.sql"

LOAD = r"\d+\.\d+(?:~[\w-]+)?"
NAMES = {
    "load": re.compile(LOAD),
    "data": re.compile(rf"({LOAD})\.\w+\.parquet"),
    "record": re.compile(rf"[^.].*__({LOAD})\.jsonl"),
    "note": re.compile(rf"((?:{AFTER})?(?:{LOAD}|none))\.json"),
    "unknown": re.compile(rf"({LOAD}){re.escape(UNKNOWN)}"),
    "partial": re.compile(r"(.*)\.partial"),
    "views": re.compile(rf"({re.escape(VIEWS_FILE)})"),
}
"""What loads and the files of a lake are called. Copies and others' files are called otherwise."""


class LoadRecord(msgspec.Struct):
    """A file of `_dlt_loads`, or a note on it.

    Attributes:
        load_id: the load.
        inserted_at: when it was complete.
        replaces: loads whose place it takes.
        files: for a note, the data files of its load.
    """

    load_id: str
    inserted_at: datetime
    schema_name: str = "spotify"
    status: int = 0
    schema_version_hash: str = ""
    replaces: list[str] | None = None
    files: list[str] | None = None


@dataclass(frozen=True, slots=True)
class LakeFiles:
    """What is in a lake's folder.

    Attributes:
        data: paths of each table's files, by the table.
        records: path of each load's record, by its id; those that are empty are none.
        notes: path of each note, by its name without its ending.
        unknown: loads without a record that were there before the first notes.
        partial: what was being written when something died.
        sizes: in bytes, by the path.
        has_views: whether a sync has come to its end here.
    """

    data: Mapping[str, list[str]]
    records: Mapping[str, str]
    notes: Mapping[str, str]
    unknown: frozenset[str]
    partial: tuple[str, ...]
    sizes: Mapping[str, int]
    has_views: bool

    @property
    def noted(self) -> set[str]:
        """Loads that were complete once."""
        return {name for name in self.notes if not name.startswith(AFTER)}

    @property
    def written(self) -> set[str]:
        """Loads that have data."""
        return {load_of(path) for paths in self.data.values() for path in paths}

    @property
    def complete(self) -> set[str]:
        """Loads that have data and a record. What else has a record is of another pipeline of the same dataset."""
        return self.written & set(self.records)


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A file of a lake.

    Attributes:
        path: where it is.
        kind: what it is, of `NAMES`.
        folder: the name of its folder: a table, or that of records or notes.
        name: its unique name: the id of a load, or a note's name.
        size: in bytes.
    """

    path: str
    kind: str
    folder: str
    name: str
    size: int


def files_of(client: Folder) -> Iterator[LakeFile]:
    """The files of a lake, each right below the folder where it belongs and called as playlake or dlt calls it.

    Others in the same folder are somebody else's: another lake further below, a copy, the files of another pipeline.
    """
    root = str(client.dataset_path).rstrip("/")
    kinds = {f"{root}/{table.name}": ("data", "partial") for table in TABLES} | {
        root: ("views", "partial"),
        f"{root}/{LOADS}": ("record", "partial"),
        f"{root}/{NOTES}": ("note", "unknown", "partial"),
    }
    for path, size in sorted(file_sizes(client, root, kinds)):
        place, _, file_name = path.rpartition("/")
        for kind in kinds.get(place, ()):
            if match := NAMES[kind].fullmatch(file_name):
                yield LakeFile(path, kind, place.rpartition("/")[2], match[1], size)
                break


def listed(client: Folder) -> LakeFiles:
    """A lake's files, found with one listing."""
    data: dict[str, list[str]] = {}
    records, notes, unknown, partial, sizes = {}, {}, set(), [], {}
    has_views = False
    for file in files_of(client):
        sizes[file.path] = file.size
        if file.kind == "data":
            data.setdefault(file.folder, []).append(file.path)
        elif file.kind == "record" and file.size:
            records[file.name] = file.path
        elif file.kind == "note":
            notes[file.name] = file.path
        elif file.kind == "unknown":
            unknown.add(file.name)
        elif file.kind == "partial":
            partial.append(file.path)
        elif file.kind == "views":
            has_views = True
    return LakeFiles(data, records, notes, frozenset(unknown), tuple(partial), sizes, has_views)


def load_of(path: str) -> str:
    """The id of the load that wrote a data file, `<load_id>.<file_id>.parquet`; load ids are times with a point."""
    return ".".join(path.rpartition("/")[2].split(".")[:2])


def record_path(client: Folder, load_id: str) -> str:
    """The path of the record of a load."""
    return f"{client.dataset_path}{LOADS}/spotify__{load_id}.jsonl"


def note_path(client: Folder, name: str) -> str:
    """The path of a note."""
    return f"{client.dataset_path}{NOTES}/{name}.json"


def read_record(client: Folder, path: str) -> LoadRecord:
    """A record or a note.

    Raises:
        DestinationError: the file is damaged.
    """
    try:
        return msgspec.json.decode(client.fs_client.cat_file(path), type=LoadRecord)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        msg = f"{path} is damaged: remove it, then playlake compact --restore-records writes it again."
        raise DestinationError(msg) from None


def replacements(client: Folder, listing: LakeFiles) -> dict[str, datetime]:
    """Loads whose place another has taken, and since when."""
    paths = [path for name, path in listing.notes.items() if name.startswith(AFTER)]
    paths += [path for load_id, path in listing.records.items() if COMPACTED in load_id]
    records = [read_record(client, path) for path in paths]
    # A compaction that is not active replaces nothing; an active one may itself be replaced by now.
    in_force, found = {*listing.records, *listing.noted}, dict[str, datetime]()
    for record in sorted(records, key=lambda record: record.inserted_at, reverse=True):
        if record.load_id in in_force or record.load_id in found:
            found |= dict.fromkeys(record.replaces or (), record.inserted_at)
    return found


def replaced(client: Folder, listing: LakeFiles) -> set[str]:
    """Loads whose place one has taken that has its data; SQL that only sees the folder does not look for the data.

    Raises:
        DestinationError: a record is damaged.
    """
    found = set[str]()
    for load_id in listing.complete:
        # Where no lock keeps what is read, a compaction may have deleted the record with all that it names.
        if COMPACTED in load_id:
            with suppress(FileNotFoundError):
                found.update(read_record(client, listing.records[load_id]).replaces or ())
    return found


def lost_records(client: Folder, listing: LakeFiles) -> list[str]:
    """Loads that were complete and have no record any more, though none has taken their place."""
    missing = listing.noted - set(listing.records)
    return sorted(missing - set(replacements(client, listing))) if missing else []


def all_records_are_lost(listing: LakeFiles) -> bool:
    """Whether there is data and no record, though a sync had come to its end: a first one that died leaves the same."""
    was_complete = listing.noted or listing.has_views or any(COMPACTED in load_id for load_id in listing.written)
    return bool(listing.data and not listing.complete and was_complete)


def check_records(client: Folder, listing: LakeFiles) -> None:
    """Refuses a lake of which some loads would be taken for incomplete, as if they had never been.

    Raises:
        DestinationError: records are lost.
    """
    lost = sorted(listing.written) if all_records_are_lost(listing) else lost_records(client, listing)
    if lost:
        total = len(lost) + len(listing.records)
        msg = (
            f"The records of {len(lost)} of {total} loads are missing from {client.dataset_path}{LOADS} (first "
            f"{lost[0]}), so their rows would not count: nothing was changed. Copy the files back there, or write "
            "them again with playlake compact --restore-records."
        )
        raise DestinationError(msg)


def is_load_id(text: str) -> bool:
    """Whether a text is an id as playlake and dlt give them; others may write ids of their own into a database."""
    return NAMES["load"].fullmatch(text) is not None


def time_of(load_id: str) -> datetime:
    """When a load began, or the newest of those that it was made of."""
    return datetime.fromtimestamp(float(load_id.partition(COMPACTED)[0]), UTC)
