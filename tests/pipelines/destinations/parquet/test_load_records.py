"""Records of loads that are lost: told, nothing deleted, and brought back."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import dlt
import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.maintenance import compact, keep_small
from pipelines.sync.service import sync
from schemas import TABLES
from sources.errors import DestinationError
from sources.spotify_sandbox import Sandbox, evolve, generate
from sources.stored.load_tables import LOADS, NOTES
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import contents, select

pytestmark = pytest.mark.sampled(2)

LATER = timedelta(days=400)


@pytest.fixture(scope="module")
def api() -> Iterator[Sandbox]:
    with Sandbox(generate(seed=5, playlists=4, items=60)) as running:
        yield running


@pytest.fixture(scope="module")
def synced(api: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with three syncs."""
    folder = tmp_path_factory.mktemp("synced") / "lake"
    for number in range(3):
        sync(lake=Lake("parquet", str(folder)), **settings(api))
        evolve(api.world, Random(number), 6)
    return folder


@pytest.fixture
def lake(synced: Path, tmp_path: Path) -> Lake:
    shutil.copytree(synced, tmp_path / "lake")
    return Lake("parquet", str(tmp_path / "lake"))


def folder(lake: Lake) -> Path:
    return Path(lake.location) / lake.dataset


def data(lake: Lake) -> set[Path]:
    return set(folder(lake).rglob("*.parquet"))


def lose_all(lake: Lake) -> None:
    shutil.rmtree(folder(lake) / LOADS)


def lose_one(lake: Lake) -> None:
    sorted((folder(lake) / LOADS).iterdir())[1].unlink()


def empty_one(lake: Lake) -> None:
    min((folder(lake) / LOADS).iterdir()).write_bytes(b"")


def lose_all_and_the_notes(lake: Lake) -> None:
    lose_all(lake)
    shutil.rmtree(folder(lake) / NOTES)


LOSSES = (lose_all, lose_one, empty_one, lose_all_and_the_notes)


@pytest.mark.long
@pytest.mark.sampled(2)
@pytest.mark.parametrize("lose", LOSSES)
def test_lost_records_are_reported_and_come_back(lose: Callable[[Lake], None], lake: Lake, api: Sandbox) -> None:
    """Neither a sync nor a compaction, asked for or not, however late, deletes facts or goes on; all comes back."""
    expected, files = contents(lake), data(lake)
    lose(lake)
    for _ in range(2):
        with pytest.raises(DestinationError, match="--restore-records") as raised:
            sync(lake=lake, **settings(api))
        assert raised.value.exit_code == 2
        with pytest.raises(DestinationError, match="records of"):
            compact(lake, now=datetime.now(UTC) + LATER)
        keep_small(lake.pipeline(), datetime.now(UTC) + LATER)
        assert data(lake) == files
    done = playlake("compact", "--destination", "parquet", "--path", lake.location, "--restore-records")
    assert (done.code, done.out) == (
        0,
        "3 records of loads were restored.\n" if "all" in lose.__name__ else "1 record of a load was restored.\n",
    )
    assert contents(lake) == expected
    assert sync(lake=lake, **settings(api)).exit_code == 0


def test_a_lost_record_of_a_compaction_comes_back(lake: Lake, api: Sandbox) -> None:
    """What it was made of is gone by then."""
    compact(lake)
    expected, files = contents(lake), data(lake)
    for lose in (lose_all, lose_all_and_the_notes):
        lose(lake)
        with pytest.raises(DestinationError, match="The records of 1 of 1 loads"):
            sync(lake=lake, **settings(api))
        assert data(lake) == files
        assert playlake("compact", "--destination", "parquet", "--path", lake.location, "--restore-records").code == 0
        assert contents(lake) == expected
    assert sync(lake=lake, **settings(api)).exit_code == 0
    compact(lake)


def test_a_query_says_what_it_leaves_out(lake: Lake, caplog: pytest.LogCaptureFixture) -> None:
    """An answer without the rows of loads that lost their records is not given silently."""
    lose_one(lake)
    told = playlake("query", "--destination", "parquet", "--path", lake.location, "SELECT count(*) FROM runs")
    assert (told.code, "The record of 1 load is lost" in caplog.text) == (0, True)
    lose_all(lake)
    told = playlake("query", "--destination", "parquet", "--path", lake.location, "SELECT count(*) FROM runs")
    assert (told.code, "--restore-records" in told.err) == (2, True)


@pytest.mark.parametrize("lose", LOSSES)
def test_the_doctor_and_a_full_sync_name_lost_records(lose: Callable[[Lake], None], lake: Lake, api: Sandbox) -> None:
    """Reading everything again would not bring back the history that only lacks its records."""
    lose(lake)
    told = playlake("doctor", "--destination", "parquet", "--path", lake.location, environment=api.environment)
    assert (told.code, "--restore-records" in told.out) == (2, True), told.out
    with pytest.raises(DestinationError, match="--restore-records"):
        sync(lake=lake, full=True, **settings(api))


def test_what_had_no_record_before_there_were_notes_is_kept(lake: Lake, api: Sandbox) -> None:
    """A lake that others wrote may have lost records before its first sync with notes: its files stay."""
    expected = select(lake, "SELECT count(*) FROM runs")
    shutil.rmtree(folder(lake) / NOTES)
    lose_one(lake)
    files = data(lake)
    assert sync(lake=lake, **settings(api)).exit_code == 0
    compact(lake, now=datetime.now(UTC) + LATER)
    unread = {path for path in files if path in data(lake)}
    assert {path.parent.name for path in unread} >= {"runs", "playlist_snapshots", "playlist_additions"}
    assert select(lake, "SELECT count(*) FROM runs") == expected


def test_a_killed_first_load_is_not_a_loss(api: Sandbox, synced: Path, tmp_path: Path) -> None:
    """Data without any record is left by a first sync that was killed, too: the next one goes on, whenever it comes."""
    lake = Lake("parquet", str(tmp_path / "lake"))
    some = min((synced / "spotify" / "playlist_additions").iterdir())
    folder(lake).joinpath("playlist_additions").mkdir(parents=True)
    shutil.copy(synced / "spotify" / "init", folder(lake))
    shutil.copy(some, folder(lake) / "playlist_additions" / "1500000000.5.dead.parquet")
    assert sync(lake=lake, **settings(api)).exit_code == 0
    assert sync(lake=lake, **settings(api)).exit_code == 0


def copy_of_itself(lake: Lake) -> None:
    shutil.copytree(folder(lake), folder(lake).parent / "kept")
    shutil.move(folder(lake).parent / "kept", folder(lake) / "kept")


def another_lake(lake: Lake) -> None:
    shutil.copytree(folder(lake), folder(lake) / "spotify", ignore=shutil.ignore_patterns("spotify"))


def files_beside(lake: Lake) -> None:
    for path in [path for path in folder(lake).rglob("*") if path.is_file()]:
        path.with_name(f"._{path.name}").write_bytes(b"\0\5\x16\7" + bytes(60))


def copies_beside(lake: Lake) -> None:
    for path in [path for path in folder(lake).rglob("*") if path.is_file()]:
        for name in (" (1)", " copy", ".sync-conflict-20261101-101010-ABCDEFG"):
            shutil.copy(path, path.with_name(f"{path.stem}{name}{path.suffix}"))


def tables_of_others(lake: Lake) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS a) TO '{folder(lake)}/tracks/export.parquet' (FORMAT parquet)")
    pipeline = dlt.pipeline("other", destination=dlt.destinations.filesystem(lake.location), dataset_name=lake.dataset)
    pipeline.run([{"a": 1}], table_name="issues", schema=dlt.Schema("github"), loader_file_format="parquet")


OTHERS = (copy_of_itself, another_lake, files_beside, copies_beside, tables_of_others)


def raw(lake: Lake) -> list[tuple[str, int]]:
    """How many rows each table has, by `views.sql`."""
    with duckdb.connect() as connection:
        connection.execute((folder(lake) / "views.sql").read_text(encoding="utf-8"))
        rows = ((table.name, connection.sql(f"SELECT count(*) FROM {table.name}").fetchall()) for table in TABLES)
        return [(name, count) for name, [(count,)] in rows]


@pytest.mark.long
@pytest.mark.parametrize("others", OTHERS)
def test_what_others_put_into_the_folder(others: Callable[[Lake], None], lake: Lake, api: Sandbox) -> None:
    """Copies, another lake, a system's own files, another pipeline's loads: not counted, merged, noted or deleted."""
    expected, rows, own = contents(lake), raw(lake), set(folder(lake).rglob("*"))
    others(lake)
    theirs = {path: path.read_bytes() for path in set(folder(lake).rglob("*")) - own if path.is_file()}
    assert (contents(lake), raw(lake)) == (expected, rows)
    place = ("--destination", "parquet", "--path", lake.location)
    assert playlake("compact", *place, "--restore-records").out.startswith("0 ")
    end = playlake("compact", *place)
    assert end.code == 0, end.err
    assert (contents(lake), raw(lake)) == (expected, rows)
    end = playlake("sync", *place, environment=api.environment)
    assert end.code == 0, end.err
    compact(lake, now=datetime.now(UTC) + LATER)
    assert len(select(lake, "FROM runs")) == len(expected["runs"]) + 1
    assert {path: path.read_bytes() for path in theirs if path.exists()} == theirs
