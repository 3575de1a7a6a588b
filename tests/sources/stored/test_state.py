"""What earlier syncs left at the destination."""

from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

from sources.errors import DestinationError, TryLaterError
from sources.spotify.engine.batches import Rows
from sources.spotify.models.answers import Artist as SimpleArtist
from sources.spotify.models.answers import Item
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
    assert stored.item_keys({"p": NOW, "q": NOW}) == {"p": [2]}


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


def test_all_playlists_have_their_turn(connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large lake is checked part by part: each playlist that lacks an addition is found within as many runs as parts.

    What only an earlier state had may lack, and a state that never completed says nothing. The turns are those of the
    user's own runs, whoever syncs between them, and of the user's own playlists.
    """
    load = str(NOW.timestamp())
    connection.execute("CREATE TABLE runs (run_id VARCHAR, user_id VARCHAR, playlists BIGINT, _dlt_load_id VARCHAR)")
    connection.execute(
        "CREATE TABLE playlist_snapshots (playlist_id VARCHAR, observed_at TIMESTAMPTZ, item_keys JSON, "
        "item_count BIGINT, _dlt_load_id VARCHAR)"
    )
    connection.execute("CREATE TABLE playlist_additions (playlist_id VARCHAR, item_key BIGINT, _dlt_load_id VARCHAR)")
    for number in range(20):
        playlist = f"p{number}"
        states = [(NOW - timedelta(days=1), "[7, 1]", 2, load), (NOW, "[1, 2, 3]", 3, load), (NOW, "[9]", 1, "0.5")]
        connection.executemany(
            "INSERT INTO playlist_snapshots VALUES (?, ?, ?, ?, ?)", [(playlist, *s) for s in states]
        )
        kept = [1, 2, 3] if number % 6 else [1, 3]
        connection.executemany(
            "INSERT INTO playlist_additions VALUES (?, ?, ?)", [(playlist, key, load) for key in kept]
        )
    tables = ("_dlt_loads", "runs", "playlist_snapshots", "playlist_additions")
    lacking = {"p0", "p6", "p12", "p18"}
    asked = [f"p{number}" for number in range(20)]
    assert Stored(connection, tables).lacking_additions(asked, "me") == lacking
    assert Stored(connection, tables).lacking_additions(["p0", "p1", "p12", "x"], "me") == {"p0", "p12"}
    assert Stored(connection, tables).lacking_additions([], "me") == set()
    # Of a larger lake the loads of the newest states are looked through first, and all for what they lack alone.
    older = str(NOW.timestamp() - 86_400)
    connection.execute("INSERT INTO _dlt_loads (load_id, status) VALUES (?, 0)", [older])
    connection.execute("UPDATE playlist_additions SET _dlt_load_id = ? WHERE item_key = 1", [older])
    monkeypatch.setattr("sources.stored.playlists.KEYS", 0)
    assert Stored(connection, tables).lacking_additions(asked, "me") == lacking
    assert Stored(connection, tables).lacking_additions(["x"], "me") == set()

    for limit, parts in (("ITEMS", 7), ("PLAYLISTS", 7)):
        monkeypatch.setattr("sources.stored.playlists.ITEMS", 10 if limit == "ITEMS" else 1000)
        monkeypatch.setattr("sources.stored.playlists.PLAYLISTS", 3 if limit == "PLAYLISTS" else 1000)
        found = []
        for run in range(parts):
            found.append(Stored(connection, tables).lacking_additions(asked, "me"))
            # Runs of other users, and the user's own for plays alone, change nothing, however many there are.
            others = [("other", 20), ("me", 0)] * (parts - 1)
            runs = [(f"{limit}{run}", user, playlists, load) for user, playlists in [("me", 20), *others]]
            connection.executemany("INSERT INTO runs VALUES (?, ?, ?, ?)", runs)
        assert set().union(*found) == lacking
        assert max(map(len, found)) < len(lacking)


def test_few_keys_give_the_rows_that_many_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is new or changed is the same whether keys are written into the query or not, with quotes in them, too."""

    def changes(few: int) -> list[tuple[object, ...]]:
        monkeypatch.setattr("sources.stored.state.FEW", few)
        found: list[tuple[object, ...]] = []
        with duckdb.connect() as connection:
            connection.execute("CREATE TABLE _dlt_loads (load_id VARCHAR, status BIGINT)")
            stored = Stored(connection, ("_dlt_loads",))
            for names in (["x", "y"], ["x", "z"]):
                rows = Rows(seen_at=NOW)
                for number, name in enumerate(names):
                    artists: list[SimpleArtist | None] = [SimpleArtist(id=f"a{name}", name=name)]
                    rows.add(
                        "tracks", Item(uri=f"spotify:local:it's:{number}", type="track", name=name, artists=artists)
                    )
                for batch in rows.flush(everything=True):
                    new = stored.changed(batch)
                    found += [(batch.table.name, *row.values()) for row in new.to_pylist()]
                    connection.register("new", new.append_column("_dlt_load_id", pa.array(["1"] * new.num_rows)))
                    connection.execute(f"CREATE TABLE IF NOT EXISTS {batch.table.name} AS FROM new LIMIT 0")
                    connection.execute(f"INSERT INTO {batch.table.name} FROM new")
                    stored.tables.add(batch.table.name)
        return sorted(found, key=str)

    assert changes(few=1_000) == changes(few=0) != []
