"""Records of a database's loads that are lost: refused, nothing written, and brought back from the notes."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.errors import DestinationError
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import contents

LOSSES = {
    "all": "DELETE FROM spotify._dlt_loads",
    "one": "DELETE FROM spotify._dlt_loads WHERE load_id = (SELECT min(load_id) FROM spotify._dlt_loads)",
    "table": "DROP TABLE spotify._dlt_loads",
}


@pytest.fixture(scope="module")
def api() -> Iterator[Sandbox]:
    with Sandbox(generate(seed=5, playlists=4, items=60)) as running:
        yield running


@pytest.fixture(scope="module")
def synced(api: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two syncs."""
    path = tmp_path_factory.mktemp("synced") / "lake.duckdb"
    for number in range(2):
        sync(lake=Lake("duckdb", str(path)), **settings(api))
        evolve(api.world, Random(number), 6)
    return path


@pytest.mark.sampled(3)
@pytest.mark.parametrize("loss", LOSSES)
def test_lost_records_are_refused_and_come_back(loss: str, synced: Path, api: Sandbox, tmp_path: Path) -> None:
    """Neither a sync, a full one nor the doctor goes on as if nothing had been; a query warns; all comes back."""
    path = tmp_path / "lake.duckdb"
    shutil.copy(synced, path)
    lake, of_it = Lake("duckdb", str(path)), ("--path", str(path))
    expected = contents(lake)
    with duckdb.connect(str(path)) as connection:
        connection.execute(LOSSES[loss])
    for full in (False, True):
        with pytest.raises(DestinationError, match="--restore-records") as raised:
            sync(lake=lake, full=full, **settings(api))
        assert raised.value.exit_code == 2
    doctor = playlake("doctor", *of_it, environment=api.environment)
    assert (doctor.code, "--restore-records" in doctor.out) == (2, True), doctor.out
    done = playlake("compact", *of_it, "--restore-records")
    assert (done.code, done.out) == (
        0,
        "1 record of a load was restored.\n" if loss == "one" else "2 records of loads were restored.\n",
    )
    assert contents(lake) == expected
    assert sync(lake=lake, **settings(api)).exit_code == 0


def test_a_query_says_what_it_leaves_out(synced: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """An answer without the rows of loads that lost their records is not given silently."""
    path = tmp_path / "lake.duckdb"
    shutil.copy(synced, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(LOSSES["one"])
    assert playlake("query", "--path", str(path), "SELECT count(*) FROM runs").code == 0
    assert "The record of 1 load is lost" in caplog.text


def test_a_database_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Nothing is made where nothing is."""
    done = playlake("compact", "--path", str(tmp_path / "no.duckdb"), "--restore-records")
    assert (done.code, "There is nothing at" in done.err, list(tmp_path.iterdir())) == (2, True, [])
