"""Compaction of Parquet lakes."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pyarrow.parquet as pq
import pytest
from fsspec.implementations.local import LocalFileSystem

from pipelines.destinations.file_lock import file_lock
from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.compaction_lock import LOCK_NAME
from pipelines.destinations.parquet.maintenance import compact, keep_small
from pipelines.sync.service import sync
from schemas import TABLES, VIEWS
from sources.errors import ConfigurationError, TryLaterError
from sources.spotify_sandbox import Sandbox, World, evolve, generate
from sources.stored.files import lake_files
from sources.stored.lake_folder import COMPACTED, listed
from tests.schemas.lake_folder import LakeFolder

if TYPE_CHECKING:
    from sources.stored.dlt_adapter import FilesClient

pytestmark = pytest.mark.sampled(2)

Answers = dict[str, list[tuple[Any, ...]]]
MUTATING = ("open", "pipe_file", "mv", "rm_file")


class Killed(BaseException):
    """Stands for the end of the process."""


def synced(api: Sandbox, lake: Lake) -> None:
    credentials = {
        "client_id": api.client_id,
        "client_secret": api.client_secret,
        "refresh_token": api.refresh_token,
    }
    sync(lake=lake, credentials=credentials, api_url=api.api_url, accounts_url=api.accounts_url)


def answers(lake: Lake) -> Answers:
    with lake.open() as connection:
        return {
            name: sorted(
                connection.execute(f"SELECT * EXCLUDE (_dlt_load_id) FROM {name}").fetchall()
                if name not in VIEWS
                else connection.execute(f"SELECT * FROM {name}").fetchall(),
                key=repr,
            )
            for name in [*(table.name for table in TABLES), *VIEWS]
        }


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.parquet"))


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with three syncs of a changing world, and the files of a load that never completed."""
    folder = tmp_path_factory.mktemp("lived-in") / "lake"
    world: World = generate(seed=5, playlists=12, items=300)
    with Sandbox(world) as api:
        for round_ in range(3):
            synced(api, Lake("parquet", str(folder)))
            evolve(world, Random(round_), 12)
    some = files(folder / "spotify" / "playlist_additions")[0]
    shutil.copy(some, some.with_name("1500000000.5.orphan.parquet"))
    return folder


@pytest.fixture
def lake(lived_in: Path, tmp_path: Path) -> Lake:
    shutil.copytree(lived_in, tmp_path / "lake")
    return Lake("parquet", str(tmp_path / "lake"))


def test_answers_stay(lake: Lake) -> None:
    """Compaction leaves one file a table, drops orphans and old versions, and changes no answer."""
    before = answers(lake)
    done = compact(lake)
    assert answers(lake) == before
    assert len(files(Path(lake.location))) == done.files_after == len(TABLES)
    assert done.bytes_after < done.bytes_before
    assert compact(lake).bytes_after == done.bytes_after


def test_syncs_go_on(lake: Lake) -> None:
    """A sync after a compaction finds what was stored, and the next compaction takes both in."""
    compact(lake)
    before = answers(lake)
    with Sandbox(generate(seed=5, playlists=12, items=300)) as api:
        synced(api, lake)
    after = answers(lake)
    assert len(after["runs"]) == len(before["runs"]) + 1
    assert set(before["playlist_additions"]) <= set(after["playlist_additions"])
    compact(lake)
    assert answers(lake) == after


def test_young_orphans_stay(lake: Lake) -> None:
    """Files of a load that may still be under way on another machine are left alone."""
    old = Path(lake.location) / "spotify" / "playlist_additions" / "1500000000.5.orphan.parquet"
    compact(lake, orphan_age=timedelta(days=100 * 365))
    assert old.exists()
    compact(lake)
    assert not old.exists()


def test_a_sync_compacts(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """From many files on a sync merges them; what it replaced stays for whoever reads, until later syncs."""
    before = answers(lake)
    old = set(files(Path(lake.location)))
    monkeypatch.setattr("pipelines.destinations.parquet.maintenance.MANY_FILES", len(TABLES) + 2)
    keep_small(lake.pipeline(), datetime.now(UTC))
    assert answers(lake) == before
    kept = set(files(Path(lake.location)))
    assert len(kept - old) == len(TABLES)
    assert old - kept == {path for path in old if "orphan" in path.name}
    keep_small(lake.pipeline(), datetime.now(UTC))
    assert set(files(Path(lake.location))) == kept
    keep_small(lake.pipeline(), datetime.now(UTC) + timedelta(hours=2))
    assert set(files(Path(lake.location))) == kept - old
    assert answers(lake) == before


@pytest.mark.sampled(1)
def test_what_was_replaced_counts_no_more(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that stay for readers are opened by no later query, and are no reason for the next sync to compact."""
    monkeypatch.setattr("pipelines.destinations.parquet.maintenance.MANY_FILES", len(TABLES) + 2)
    keep_small(lake.pipeline(), datetime.now(UTC))
    merged = {path for path in files(Path(lake.location)) if "compact" in path.name}
    with lake.pipeline().destination_client() as client:
        shown = lake_files(cast("FilesClient", client))
    assert len(files(Path(lake.location))) > 2 * len(TABLES)
    assert {Path(path) for table, paths in shown.items() if table != "_dlt_loads" for path in paths} == merged
    assert len(shown["_dlt_loads"]) == 1
    before = answers(lake)
    monkeypatch.setattr("pipelines.destinations.parquet.maintenance.MANY_FILES", 2 * len(TABLES) + 1)
    with Sandbox(generate(seed=5, playlists=12, items=300)) as api:
        synced(api, lake)
    assert {path for path in files(Path(lake.location)) if "compact" in path.name} == merged
    assert len(answers(lake)["runs"]) == len(before["runs"]) + 1


@pytest.mark.sampled(1)
def test_a_record_that_vanishes_meanwhile(lake: Lake) -> None:
    """Whoever lists the files without a lock, while another compaction deletes what it replaced, goes on."""
    compact(lake)
    with lake.pipeline().destination_client() as client:
        folder = cast("FilesClient", client)
        listing = listed(folder)
        [record] = (path for load_id, path in listing.records.items() if COMPACTED in load_id)
        Path(record).unlink()
        assert set(lake_files(folder, listing)) == {"_dlt_loads", *(table.name for table in TABLES)}


@pytest.mark.long
def test_two_compactions_do_not_run_at_once(lake: Lake) -> None:
    """A compaction by whatever process is waited for; the lock that it leaves behind is free."""
    path = Path(lake.location) / "spotify" / LOCK_NAME
    with file_lock(path, "busy"), pytest.raises(TryLaterError, match="Another process is compacting"):
        compact(lake)
    assert compact(lake).files_after == len(TABLES)


def dying_at(moment: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Makes the process die before its n-th change of a file; tells how many there were."""
    count = 0

    def dies(original: Callable[..., Any]) -> Callable[..., Any]:
        def method(*args: Any, **more: Any) -> Any:
            nonlocal count
            if count == moment:
                raise Killed
            count += 1
            return original(*args, **more)

        return method

    for name in MUTATING:
        monkeypatch.setattr(LocalFileSystem, name, dies(getattr(LocalFileSystem, name)))
    return lambda: count


def changes_of_one_compaction(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> int:
    with monkeypatch.context() as patch:
        counted = dying_at(-1, patch)
        compact(lake)
        return counted()


@pytest.mark.long
def test_killed_at_any_moment(lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a compaction dies, answers are the same, and the next one does the whole work."""

    def copies() -> Iterator[Lake]:
        for number in range(1000):
            shutil.copytree(lived_in, tmp_path / str(number) / "lake")
            yield Lake("parquet", str(tmp_path / str(number) / "lake"))

    fresh = copies()
    expected = answers(Lake("parquet", str(lived_in)))
    total = changes_of_one_compaction(next(fresh), monkeypatch)
    assert total > len(TABLES)
    # Every moment around the commit, and every fifteenth of the others.
    for moment in sorted({*range(0, total, 15), *range(len(TABLES) - 1, len(TABLES) + 4), total - 1}):
        lake = next(fresh)
        with monkeypatch.context() as patch, pytest.raises(Killed):
            dying_at(moment, patch)
            compact(lake)
        assert answers(lake) == expected, moment
        assert compact(lake).files_after == len(TABLES)
        assert answers(lake) == expected, moment


def test_nothing_is_deleted_before_what_replaces_it_is_on_the_disk(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Merged files, the record and the names of both are synced, in this order, before the first deletion."""
    calls: list[tuple[str, str]] = []

    def noted(name: str) -> None:
        original = getattr(os, name)

        def call(first: Any, *args: Any, **more: Any) -> Any:
            path = (
                str(Path(f"/proc/self/fd/{first}").readlink()) if name == "fsync" else str(args[0] if args else first)
            )
            calls.append((name, path))
            return original(first, *args, **more)

        monkeypatch.setattr(os, name, call)

    for name in ("fsync", "link", "replace", "rename", "remove", "unlink"):
        noted(name)
    root = Path(lake.location) / "spotify"
    old = {str(path) for path in files(root)}
    compact(lake)
    new = {str(path) for path in files(root)}
    record = next(str(path) for path in (root / "_dlt_loads").iterdir() if "~" in path.name)
    in_force = next(
        place for place, (name, path) in enumerate(calls) if name in {"replace", "rename"} and path == record
    )
    before, after = calls[:in_force], calls[in_force:]
    synced = {path for name, path in before if name == "fsync"}
    assert new <= synced
    assert {str(Path(path).parent) for path in new} <= synced
    assert any(path.startswith(record) for path in synced), "the record itself, before it is renamed"
    gone = {"remove", "unlink"}
    assert [path for name, path in before if name in gone and not path.endswith(".partial")] == []
    deleted = [place for place, (name, path) in enumerate(after) if name in gone and path in old]
    assert ("fsync", str(root / "_dlt_loads")) in after[: deleted[0]]
    assert {path for name, path in after if name in gone} >= old


def test_two_that_hold_the_same_claim_do_not_both_come_into_force(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no lock keeps a second compaction away, the one that decides first wins, and the other changes nothing."""
    expected = answers(lake)
    monkeypatch.setattr("pipelines.destinations.parquet.maintenance.compaction_lock", unguarded)
    original = pq.ParquetWriter.write_table
    others: list[Any] = []

    def meanwhile(writer: Any, *args: Any, **more: Any) -> None:
        if not others:
            others.append("begun")
            others.append(_in_a_thread(lambda: compact(lake)))
        original(writer, *args, **more)

    monkeypatch.setattr("pipelines.destinations.parquet.maintenance.working_folder_lock", lambda _lake: nullcontext())
    monkeypatch.setattr(pq.ParquetWriter, "write_table", meanwhile)
    with pytest.raises(TryLaterError, match="was faster"):
        compact(lake)
    assert len(others) == 2
    assert answers(lake) == expected
    monkeypatch.undo()
    compact(lake, now=datetime.now(UTC) + timedelta(hours=2))
    assert len(files(Path(lake.location))) == len(TABLES)
    assert answers(lake) == expected


@contextmanager
def unguarded(_client: Any) -> Iterator[Any]:
    """A lock that anybody has."""
    yield SimpleNamespace(check=lambda: None)


def _in_a_thread(work: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(timeout=120)


def test_a_compaction_that_was_decided_on_is_brought_to_its_end(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that died between the decision and its record is completed by the next, not made a second time."""
    expected = answers(lake)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("pipelines.destinations.parquet.compaction.write", _dies)
        compact(lake)
    written = {path for path in files(Path(lake.location)) if "~" in path.name}
    assert answers(lake) == expected
    compact(lake)
    assert set(files(Path(lake.location))) == written
    assert answers(lake) == expected


def _dies(*_: Any) -> None:
    raise Killed


def test_a_load_that_completes_after_a_compaction_keeps_its_place(tmp_path: Path) -> None:
    """What it says counts as of when it began, before what a later load said and after what an earlier one did."""
    lake = Lake("parquet", str(tmp_path / "lake"))
    folder = LakeFolder(tmp_path / "lake" / "spotify")
    base = 1_700_000_000

    def rows(name: str, *, removed: bool = False) -> dict[str, list[dict[str, Any]]]:
        credit = {
            "track_uri": "t2",
            "position": 0,
            "artist_name": None if removed else name,
            "removed": removed or None,
        }
        return {"tracks": [{"track_uri": "t1", "name": name}], "track_artists": [credit]}

    late = {"tracks": [{"track_uri": "t1", "name": "late"}, {"track_uri": "t3", "name": "late"}]}
    late |= {"track_artists": rows("late")["track_artists"]}
    folder.load(f"{base}.1", {"tracks": [{"track_uri": name, "name": "first"} for name in ("t1", "t3")]})
    folder.write(f"{base}.2", late)
    folder.load(f"{base}.3", rows("third", removed=True))
    now = datetime.fromtimestamp(base, UTC) + timedelta(minutes=5)
    compact(lake, now=now)
    folder.complete(f"{base}.2")
    for _ in range(2):
        with lake.open() as connection:
            names = connection.execute("SELECT track_uri, name FROM tracks ORDER BY track_uri").fetchall()
            credits_ = connection.execute("SELECT artist_name FROM track_artists").fetchall()
        assert names == [("t1", "third"), ("t3", "late")]
        assert credits_ == []
        compact(lake, now=now)


def test_files_that_are_read_are_kept(lake: Lake) -> None:
    """A compaction leaves the files of an answer that is being read, and the next one deletes them."""
    with lake.open() as connection:
        expected = connection.execute("SELECT count(*) FROM playlist_items").fetchall()
        compact(lake)
        assert connection.execute("SELECT count(*) FROM playlist_items").fetchall() == expected
        assert len(files(Path(lake.location))) > len(TABLES)
    compact(lake)
    assert len(files(Path(lake.location))) == len(TABLES)


def test_an_incomplete_load_of_today_outlives_syncs(lake: Lake) -> None:
    """A sync takes nothing for dead that may be on its way on another machine."""
    now = datetime.now(UTC)
    begun = f"{(now - timedelta(hours=20)).timestamp():.6f}"
    some = files(Path(lake.location) / "spotify" / "playlist_additions")[0]
    living = some.with_name(f"{begun}.living.parquet")
    shutil.copy(some, living)
    keep_small(lake.pipeline(), now)
    assert living.exists()
    keep_small(lake.pipeline(), now + timedelta(hours=5))
    assert not living.exists()


@pytest.mark.sampled(1)
def test_only_parquet(tmp_path: Path) -> None:
    """A database needs no compaction and says so."""
    with pytest.raises(ConfigurationError, match="Only Parquet"):
        Lake("duckdb", str(tmp_path / "x.duckdb")).compact()
