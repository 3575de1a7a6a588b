"""Lakes in which an engine other than DuckDB could answer otherwise than DuckDB."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.maintenance import compact
from pipelines.operations.demo_weeks import Demonstration
from tests.schemas import listening_model
from tests.schemas.description_model import Described
from tests.schemas.lake_folder import LakeFolder
from tests.schemas.playlist_model import Load, written
from tests.schemas.popularity_model import Observed
from tests.schemas.ranked_list_model import ARTIST, TRACK, Ranked
from tests.schemas.test_views import rows_of

UNTIL = datetime(2026, 11, 22, tzinfo=UTC)
ORPHAN = "1500000000.5"
"""A load that never completed."""
ODD = "a=b [x] {y} it's * 100%"
"""A folder's name with signs that mean something in patterns, in texts of SQL and in URLs."""

Rows = dict[str, list[dict[str, Any]]]


def month(folder: Path) -> Lake:
    """A month of syncs of the sandbox, one a week, and the plays of an export."""
    lake = Lake("parquet", str(folder / "lake"))
    demonstration = Demonstration(lake, UNTIL, weeks=5)
    with demonstration.api:
        for _ in demonstration.syncs():
            pass
        demonstration.import_history()
    return lake


def with_orphans(lake: Lake, folder: Path) -> Lake:
    """The same with files that do not count: of a load that never completed, and copies that somebody made by hand."""
    copied = _copy(lake, folder / ODD)
    for table in ("playlist_additions", "playlist_snapshots", "plays", "tracks"):
        some = max((_root(copied) / table).glob("*.parquet"), key=lambda file: file.stat().st_size)
        for name in (f"{some.stem} copy.parquet", f"{some.stem} (1).parquet", f".{some.name}"):
            shutil.copy(some, some.with_name(name))
        rows = pq.read_table(some)
        load_ids = pa.array([ORPHAN] * len(rows), pa.string())
        orphan = rows.set_column(rows.schema.get_field_index("_dlt_load_id"), "_dlt_load_id", load_ids)
        pq.write_table(orphan, some.with_name(f"{ORPHAN}.0123456789.parquet"))
    return copied


def compacted(lake: Lake, folder: Path) -> Lake:
    """The same merged, and all files that were replaced put back, as a copy of an older state would put them."""
    merged = _copy(lake, folder)
    compact(merged)
    for file in _root(lake).rglob("*.*"):
        there = _root(merged) / file.relative_to(_root(lake))
        if file.is_file() and not there.exists():
            shutil.copy(file, there)
    return merged


def stored_twice(folder: Path) -> Lake:
    """States and moves at random, stored again a second later by a second machine, some loads twice; and plays."""
    random = Random(1)
    lake = LakeFolder(folder / "lake" / "spotify")
    lists = [tuple(random.sample(range(-3, 6), random.randint(0, 9))) for _ in range(12)]
    loads = [
        Load(random.choice("pq"), keys, n % 5 != 4, 1 + n % 2, random.choice("ab")) for n, keys in enumerate(lists)
    ]
    playlists = written(loads)
    for load, state in zip(loads, playlists.states, strict=True):
        rows = _saved_too(rows_of(playlists, state.load_id))
        first, second = f"{state.load_id}.1", f"{state.load_id}.2"
        later = state.observed_at + timedelta(seconds=1)
        lake.write(first, rows, copies=load.copies)
        lake.write(second, {name: [_seen(row, later) for row in rows[name]] for name in rows if "snapshots" in name})
        if load.complete:
            lake.complete(first)
            lake.complete(second)
    lake.load("9000.1", _others(random))
    return Lake("parquet", str(folder / "lake"))


def _saved_too(rows: Rows) -> Rows:
    """A playlist's rows, and the same for a collection."""
    whose = {"user_id": "me", "collection": "tracks"}
    saved = {
        f"saved_{kind}": [
            whose | {name: value for name, value in row.items() if name in wanted} for row in rows[f"playlist_{kind}"]
        ]
        for kind, wanted in (
            ("snapshots", {"observed_at", "item_keys", "moved_keys"}),
            ("additions", {"item_key", "item_uri", "added_at", "first_observed_at"}),
        )
    }
    return rows | saved


def _seen(row: dict[str, Any], at: datetime) -> dict[str, Any]:
    return row | {"observed_at": at}


def _others(random: Random) -> Rows:
    """What the other views are of."""
    names = [(None, "Mix", "")[random.randrange(3)] for _ in range(8)]
    described = [
        Described("pq"[n % 2], n, (name, name, "me", n > 4, None, n, n, n != 6)) for n, name in enumerate(names)
    ]
    observed = [Observed(("artist", "a"), n // 2, (random.choice((None, 7, 8)), n)) for n in range(8)]
    ranked = [Ranked(("top", "", "me"), (ARTIST, TRACK, None, ARTIST)[n % 3 :]) for n in range(6)]
    first = described[0].row["observed_at"]
    return {
        "playlist_descriptions": [load.row for load in described],
        "popularity_history": [load.row for load in observed],
        "ranked_lists": [load.row(number) for number, load in enumerate(ranked)],
        "plays": [play.row for play in listening_model.random_plays(random)],
        "tracks": [{"track_uri": uri, "duration_ms": length} for uri, length in listening_model.LENGTHS.items()],
        "playlist_covers": [
            {"playlist_id": "p", "observed_at": first + timedelta(days=n), "cover_sha256": sha}
            for n, sha in enumerate(("x", None, "y", "y"))
        ],
    }


def _copy(lake: Lake, folder: Path) -> Lake:
    shutil.copytree(lake.location, folder / "lake")
    return Lake("parquet", str(folder / "lake"))


def _root(lake: Lake) -> Path:
    return Path(lake.location) / lake.dataset
