"""A sync that finds nothing new stores what it did without a dlt run, and leaves the lake as such a run would."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import dlt
import pytest

from pipelines.destinations.lake import Lake
from pipelines.destinations.registry import class_of
from pipelines.sync.service import sync
from sources.errors import PlaylakeError, ReplacedError
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import contents, select

DESTINATIONS = ("duckdb", "parquet")

BEHIND = "SELECT count(*) FROM playlists WHERE last_seen_at < (SELECT max(started_at) FROM runs)"
"""Playlists that the last sync did not see."""

CUT_OFF: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "duckdb": lambda: patch("sources.stored.direct_load.LOADS", "no_such_table"),
    "parquet": lambda: patch("pipelines.destinations.parquet.direct_load.record_path", side_effect=OSError("cut off")),
}
"""What fails once the rows are written and before their load counts."""


@pytest.fixture(scope="module")
def api() -> Iterator[Sandbox]:
    """An account whose playlists all tell whether they changed."""
    with Sandbox(generate(seed=3, playlists=5, items=80), regime="development") as made:
        yield made


@pytest.fixture(scope="module")
def synced(api: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a lake of each sort, synced once, to be copied."""
    folder = tmp_path_factory.mktemp("synced")
    for destination in DESTINATIONS:
        sync(lake=Lake(destination, str(folder / f"{destination}.lake")), **settings(api))
    return folder


@pytest.fixture(params=DESTINATIONS)
def lake(request: pytest.FixtureRequest, synced: Path, tmp_path: Path) -> Lake:
    """A copy of one, which no working folder of dlt's knows."""
    return copied(request.param, synced, tmp_path)


def copied(destination: str, source: Path, folder: Path) -> Lake:
    """A copy of a lake."""
    name = f"{destination}.lake"
    copy: Any = shutil.copytree if (source / name).is_dir() else shutil.copyfile
    copy(source / name, folder / name)
    return Lake(destination, str(folder / name))


def without_dlt() -> AbstractContextManager[Any]:
    """Refuses runs of dlt's."""
    return patch.object(dlt.Pipeline, "run", side_effect=AssertionError("dlt was run"))


@pytest.mark.sampled(2)
def test_it_equals_what_dlt_loads(api: Sandbox, lake: Lake, synced: Path, tmp_path: Path) -> None:
    """Three such syncs leave every table and view as three runs of dlt do, and their records as complete loads."""
    (tmp_path / "other").mkdir()
    other = copied(lake.destination, synced, tmp_path / "other")
    for _ in range(3):
        with without_dlt():
            assert sync(lake=lake, **settings(api)).exit_code == 0
        with patch.object(class_of(lake.destination), "store", return_value=False):
            assert sync(lake=other, **settings(api)).exit_code == 0
    assert contents(lake) == contents(other)
    books = "SELECT count(DISTINCT load_id), sum(status), min(schema_name), count(inserted_at) FROM _dlt_loads"
    assert select(lake, books) == select(other, books)
    assert select(lake, "SELECT count(*) FROM runs WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads)") == [(4,)]


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_change_is_loaded_by_dlt(destination: str, tmp_path: Path) -> None:
    """Where something is new, all of it is loaded, and the playlists that were seen with it."""
    lake = Lake(destination, str(tmp_path / "lake"))
    with Sandbox(generate(seed=3, playlists=3, items=30), regime="development") as api:
        sync(lake=lake, **settings(api))
        playlist = next(each for each in api.world.playlists.values() if len(each.entries) > 1)
        playlist.remove([0])
        assert sync(lake=lake, **settings(api)).run.removed_items == 1
    assert select(lake, BEHIND) == [(0,)]


def test_what_is_cut_off_does_not_count(api: Sandbox, lake: Lake) -> None:
    """A write that fails before its load is recorded leaves the lake as it was, and the next sync goes on."""
    before = contents(lake)
    with CUT_OFF[lake.destination](), pytest.raises(PlaylakeError, match="nothing that was stored is lost"):
        sync(lake=lake, **settings(api))
    after = contents(lake)
    for name in before.keys() - {"runs"}:
        assert after[name] == before[name], name
    with without_dlt():
        assert sync(lake=lake, **settings(api)).exit_code == 0
    assert select(lake, BEHIND) == [(0,)]


def test_a_lake_that_is_replaced_meanwhile_is_not_written(api: Sandbox, lake: Lake, synced: Path) -> None:
    """What takes the lake's place while the sync reads stays as it is, and the message says so."""
    path = Path(str(lake.path))
    untouched = contents(lake)

    def replace(*_progress: int) -> None:
        if not path.with_name("away").exists():
            path.rename(path.with_name("away"))
            copied(lake.destination, synced, path.parent)

    with pytest.raises(ReplacedError, match="was removed or replaced"):
        sync(lake=lake, progress=replace, **settings(api))
    assert contents(lake) == untouched
