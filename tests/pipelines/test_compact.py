"""Compaction of Parquet lakes."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fsspec.implementations.local import LocalFileSystem

from pipelines.compact import CLAIM, compact, keep_small
from pipelines.lake import Lake
from pipelines.sync import sync
from schemas import TABLES, VIEWS
from sources.errors import ConfigurationError, TryLaterError
from sources.spotify_sandbox import Sandbox, World, evolve, generate

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
    monkeypatch.setattr("pipelines.compact.MANY_FILES", len(TABLES) + 2)
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


def test_two_machines_do_not_compact_at_once(lake: Lake) -> None:
    """A compaction on another machine is waited for; after an hour it is taken for dead."""
    claim = Path(lake.location) / "spotify" / CLAIM
    now = datetime.now(UTC)
    claim.write_text(f"elsewhere {now.isoformat()}")
    with pytest.raises(TryLaterError, match="Another machine"):
        compact(lake, now=now + timedelta(minutes=59))
    assert claim.read_text().startswith("elsewhere")
    assert compact(lake, now=now + timedelta(minutes=61)).files_after == len(TABLES)
    assert not claim.exists()


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
    # Every moment around the commit, and every seventh of the others.
    for moment in sorted({*range(0, total, 7), *range(len(TABLES) - 1, len(TABLES) + 4), total - 1}):
        lake = next(fresh)
        with monkeypatch.context() as patch, pytest.raises(Killed):
            dying_at(moment, patch)
            compact(lake)
        assert answers(lake) == expected, moment
        assert compact(lake).files_after == len(TABLES)
        assert answers(lake) == expected, moment


def test_only_parquet(tmp_path: Path) -> None:
    """A database needs no compaction and says so."""
    with pytest.raises(ConfigurationError, match="Only Parquet"):
        compact(Lake("duckdb", str(tmp_path / "x.duckdb")))
