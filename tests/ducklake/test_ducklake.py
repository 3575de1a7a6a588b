"""A DuckLake with its catalogue in Postgres, in an environment with DuckDB's extensions, as `make ducklake` has it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

import duckdb
import psycopg2
import pytest

from pipelines.destinations.errors import known
from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from schemas import TABLES
from sources.errors import DestinationError, TryLaterError
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.ducklake.catalogue import catalogue, has_extensions
from tests.pipelines.driving import CHECKOUT, settings
from tests.pipelines.postgres_server import program
from tests.pipelines.tables import contents

pytestmark = [
    pytest.mark.ducklake,
    pytest.mark.skipif(not has_extensions(), reason="make ducklake has the extensions"),
    pytest.mark.skipif(program("initdb") is None, reason="there is no Postgres here: apt-get install postgresql"),
]


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """The URL of an empty Postgres database, which the settings name as the catalogue of a DuckLake."""
    with catalogue(Path.cwd() / "ducklake files") as (url, variables), pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield url


def test_a_ducklake_holds_what_duckdb_holds(postgres_url: str) -> None:
    """After three syncs, and compacted, all has the rows of a DuckDB file; what finds nothing new is one commit.

    While one sync writes, another is told to try later, before any request.
    """
    world = generate(seed=1, playlists=4, items=60)
    lakes = [Lake("duckdb", "expected.duckdb"), Lake("ducklake")]
    with Sandbox(world) as api:
        commits = []
        for turn in range(3):
            if turn == 2:
                evolve(world, Random(turn), changes=20)
            for lake in lakes:
                assert sync(lake=lake, **settings(api)).exit_code == 0
            commits.append(_commits(postgres_url))
        assert commits[1] == commits[0] + 1
        assert commits[2] > commits[1] + 1
        expected, found = map(contents, lakes)
        assert found == expected
        _compact(lakes[1])
        assert contents(lakes[1]) == expected
        before = len(api.requests)
        held, done = Event(), Event()
        holder = Thread(target=_hold, args=(lakes[1], held, done))
        holder.start()
        try:
            assert held.wait(60)
            with pytest.raises(TryLaterError, match="Another sync is writing"):
                sync(lake=lakes[1], **settings(api))
        finally:
            done.set()
            holder.join()
        assert len(api.requests) == before


def _compact(lake: Lake) -> None:
    """Compacts until each table has one file at most; refused only while a sync writes to the same dataset."""
    other = Lake("ducklake", dataset="other")
    with pytest.raises(DestinationError, match="There are no tables in ducklake, dataset other"):
        other.compact()
    with lake.exclusive_lock(), pytest.raises(TryLaterError, match="Another sync"):
        lake.compact()
    with other.exclusive_lock():
        done, again = lake.compact(), lake.compact()
    assert done.files_after < done.files_before
    assert done.files_after <= len(TABLES) + 4
    assert (again.files_before, again.files_after) == (done.files_after, done.files_after)


def _commits(url: str) -> int:
    """How many the DuckLake's catalogue knows."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ducklake.ducklake_snapshot")
        return int(cursor.fetchone()[0])


def test_two_machines_at_once() -> None:
    """Two that sync and merge one DuckLake at the same moment lose nothing, and nothing is there twice."""
    command = [sys.executable, "-m", "tests.concurrency.rounds", "--place", "ducklake", "--rounds", "1"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _hold(lake: Lake, held: Event, done: Event) -> None:
    """Holds the lock as a sync on another machine does."""
    with lake.exclusive_lock():
        held.set()
        done.wait(120)


def test_a_lost_commit_is_to_be_tried_later(postgres_url: str, tmp_path: Path) -> None:
    """What DuckDB says when two transactions create one table ends a sync with 75, whatever dlt wraps around it."""
    attach = f"ATTACH 'ducklake:postgres:{postgres_url}' AS lake (METADATA_SCHEMA 'other', DATA_PATH '{tmp_path}')"
    with closing(duckdb.connect()) as one, closing(duckdb.connect()) as two:
        for connection in (one, two):
            connection.execute(attach)
        for connection in (one, two):
            connection.execute("BEGIN")
            connection.execute("CREATE TABLE lake.same (number INTEGER)")
        one.execute("COMMIT")
        with pytest.raises(duckdb.Error) as raised:
            two.execute("COMMIT")
    wrapped: Any = RuntimeError("dlt")
    wrapped.__cause__ = raised.value
    assert isinstance(known(wrapped, Lake("ducklake")), TryLaterError)
