"""What earlier syncs left at the destination."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from sources.errors import DestinationError, TryLaterError
from sources.stored.lake_folder import COMPACTED
from sources.stored.state import Stored

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """A completed load of noon, and one that never completed."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE _dlt_loads (load_id VARCHAR, status BIGINT)")
    connection.execute("INSERT INTO _dlt_loads VALUES (?, 0)", [str(NOW.timestamp())])
    return connection


def test_names_of_played_tracks(connection: duckdb.DuckDBPyConnection) -> None:
    """All tracks that one plays for are known, from the tracks and from the additions of any playlist."""
    connection.execute("CREATE TABLE tracks (track_uri VARCHAR, linked_from_uri VARCHAR)")
    connection.execute("INSERT INTO tracks VALUES ('spotify:track:r', 'spotify:track:a'), ('spotify:track:s', NULL)")
    connection.execute("CREATE TABLE playlist_additions (item_uri VARCHAR, track_id VARCHAR)")
    connection.execute(
        "INSERT INTO playlist_additions VALUES ('spotify:track:a', 'r'), ('spotify:track:b', 'r'), "
        "('spotify:track:s', 's'), ('spotify:local:x', NULL), (NULL, 's')"
    )
    stored = Stored(connection, ("_dlt_loads", "tracks", "playlist_additions"))
    assert stored.links == {"spotify:track:r": ["spotify:track:a", "spotify:track:b"]}


def test_keys_of_incomplete_loads_do_not_count(connection: duckdb.DuckDBPyConnection) -> None:
    """A state that a killed load left is no state, even if a complete load has one of the same moment."""
    connection.execute(
        "CREATE TABLE playlist_snapshots (playlist_id VARCHAR, observed_at TIMESTAMPTZ, item_keys JSON, "
        "_dlt_load_id VARCHAR)"
    )
    rows = [("p", NOW, "[1]", "0.5"), ("p", NOW, "[2]", str(NOW.timestamp())), ("q", NOW, "[3]", "0.5")]
    connection.executemany("INSERT INTO playlist_snapshots VALUES (?, ?, ?, ?)", rows)
    stored = Stored(connection, ("_dlt_loads", "playlist_snapshots"))
    assert stored.item_keys("p", NOW) == [2]
    assert stored.item_keys("q", NOW) == []


def test_a_clock_that_was_set_back(connection: duckdb.DuckDBPyConnection) -> None:
    """No load and no observation is written with an older time than there is, compacted or not."""
    stored = Stored(connection, ("_dlt_loads",))
    stored.check_not_before_last_load(NOW + timedelta(seconds=1))
    for _ in range(2):
        with pytest.raises(TryLaterError, match="set the clock") as raised:
            stored.check_not_before_last_load(NOW - timedelta(seconds=1))
        assert raised.value.resume_at == NOW
        connection.execute("UPDATE _dlt_loads SET load_id = load_id || ?", [f"{COMPACTED}1-a"])
    Stored(connection, ()).check_not_before_last_load(NOW - timedelta(days=1))


def test_an_import_is_no_run_that_a_replay_comes_after(connection: duckdb.DuckDBPyConnection) -> None:
    """What an export told is of no time at which Spotify was asked; a later sync is refused as before."""
    connection.execute(
        "CREATE TABLE runs (run_id VARCHAR, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, outcome VARCHAR, "
        "user_id VARCHAR, _dlt_load_id VARCHAR)"
    )
    load = str(NOW.timestamp())
    add = "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)"
    connection.execute(add, ["i", NOW, NOW, "imported", "importer", load])
    stored = Stored(connection, ("_dlt_loads", "runs"))
    before = NOW - timedelta(days=1)
    stored.check_order("r", before, before)
    assert stored.users() == []
    connection.execute(add, ["s", NOW, NOW, "done", "b", load])
    connection.execute(add, ["t", NOW - timedelta(days=2), NOW, None, "a", load])
    with pytest.raises(DestinationError, match="earliest run"):
        stored.check_order("r", before, before)
    assert stored.users() == ["a", "b"]
