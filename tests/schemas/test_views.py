import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas import VIEWS, view_sql
from schemas.lake import LOADS_COLUMNS, SQL_TYPES
from tests.schemas import description_model, popularity_model, ranked_list_model
from tests.schemas.description_model import Described
from tests.schemas.lake_folder import BY_NAME, LakeFolder
from tests.schemas.playlist_model import Load, Playlists, written
from tests.schemas.popularity_model import Observed
from tests.schemas.ranked_list_model import ARTIST, TRACK, Ranked

# The ends of the range, and a number that a JSON reader with doubles would round.
A, B, C, D = -(2**63), 2**63 - 1, 2**53 + 1, 0
KEYS = st.lists(st.sampled_from([A, B, C, D, 7]), unique=True, max_size=5).map(tuple)
AUTHORS = st.sampled_from([None, "one", "two"])
LOADS = st.lists(st.builds(Load, st.sampled_from("pq"), KEYS, st.booleans(), st.integers(1, 2), AUTHORS), max_size=8)

QUERIES = {
    "items": "SELECT playlist_id, position, item_key, item_uri, epoch_us(added_at), added_by_id, track_id, snapshot_id "
    "FROM playlist_items",
    "history": "SELECT playlist_id, item_key, item_uri, added_by_id, epoch_us(listed_from), epoch_us(listed_until), "
    "first_position, last_position FROM playlist_item_history",
    "changes": "SELECT playlist_id, epoch_us(observed_at), change, item_key, item_uri, from_position, to_position "
    "FROM playlist_changes",
}

TITLED = "title artists first_artist first_artist_id album released_on duration"
"""What an item is called."""

WORDS = f"{TITLED} added_at added_by"
"""What the views for people say of every item."""

PROMISED = {
    "playlist_items": "playlist_id position item_key added_at added_by_id item_uri item_type track_id episode_id "
    "is_local snapshot_id",
    "playlist_item_history": "playlist_id item_key item_uri added_at added_by_id listed_from listed_until "
    "first_position last_position",
    "playlist_changes": "playlist_id observed_at change item_key item_uri from_position to_position",
    "playlist_description_changes": "playlist_id observed_at field before after",
    "playlist_cover_history": "playlist_id cover_sha256 thumbnail_sha256 shown_from shown_until",
    "saved_items": "user_id collection position item_key added_at item_uri item_type item_id",
    "saved_item_history": "user_id collection item_key item_uri added_at listed_from listed_until first_position "
    "last_position",
    "saved_item_changes": "user_id collection observed_at change item_key item_uri from_position to_position",
    "ranked_list_items": "list subject user_id observed_at place item_uri item_type",
    "ranked_list_changes": "list subject user_id observed_at change item_uri place_before place",
    "popularity_changes": "item_type item_id observed_at field before after",
    "listening": "user_id played_at played_at_precision item_uri item_type item_name artist_name album_name "
    "context_uri context_type ms_played reason_start reason_end shuffle skipped offline offline_at platform country "
    "incognito source play_key",
    "play_gaps": "user_id missing_from missing_until observed_at known_plays",
    "item_details": f"item_uri item_type {TITLED} isrc",
    "addition_details": f"playlist_id item_key {WORDS} item_uri item_type isrc",
    "items": f"playlist place {WORDS} playlist_id item_uri item_type isrc",
    "item_changes": f"observed_at change playlist from_place to_place {WORDS} playlist_id item_uri item_type isrc",
    "item_history": f"playlist {WORDS} listed_from listed_until first_place last_place "
    "playlist_id item_uri item_type isrc",
    "saved": f"collection place {TITLED} added_at user_id item_uri item_type item_id isrc",
    "saved_changes": f"observed_at change collection from_place to_place {TITLED} user_id item_uri isrc",
    "saved_history": f"collection {TITLED} added_at listed_from listed_until first_place last_place "
    "user_id item_uri isrc",
}


def rows_of(playlists: Playlists, load_id: str) -> dict[str, list[dict[str, Any]]]:
    """What one load wrote, by table."""
    snapshots = [
        {
            "playlist_id": state.playlist_id,
            "snapshot_id": state.snapshot_id,
            "observed_at": state.observed_at,
            "item_keys": list(state.keys),
            "moved_keys": list(state.moved),
        }
        for state in playlists.states
        if state.load_id == load_id
    ]
    additions, authors = (
        [
            {name: value for name, value in row.items() if name != "_dlt_load_id"}
            for row in rows
            if row["_dlt_load_id"] == load_id
        ]
        for rows in (playlists.additions, playlists.authors)
    )
    return {
        "playlist_snapshots": snapshots,
        "playlist_additions": additions,
        "playlist_addition_authors": authors,
    }


def database() -> duckdb.DuckDBPyConnection:
    """Tables as dlt makes them in DuckDB, where a list is JSON, with the views over them."""
    connection = duckdb.connect()
    loads = ", ".join(f"{name} {type_}" for name, type_ in LOADS_COLUMNS.items() if name != "replaces")
    connection.execute(f"CREATE TABLE _dlt_loads ({loads})")
    for name in BY_NAME:
        columns = {column.name: SQL_TYPES[column.type] for column in BY_NAME[name].columns}
        stored = ", ".join(f"{column} {'JSON' if type_.endswith('[]') else type_}" for column, type_ in columns.items())
        connection.execute(f"CREATE TABLE {name} ({stored}, _dlt_load_id VARCHAR)")
    for view in VIEWS:
        connection.execute(f"CREATE VIEW {view} AS {view_sql(view)}")
    return connection


def fill(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load], playlists: Playlists) -> None:
    """Inserts what the loads wrote."""
    rows: dict[str, list[dict[str, Any]]] = {"_dlt_loads": []}
    for load, state in zip(loads, playlists.states, strict=True):
        for table, values in rows_of(playlists, state.load_id).items():
            rows.setdefault(table, []).extend([{**row, "_dlt_load_id": state.load_id} for row in values] * load.copies)
        # A load that was completed twice, by a worker that died in between, has two rows.
        rows["_dlt_loads"] += [{"load_id": state.load_id, "status": 0}] * (load.copies if load.complete else 0)
    for table, values in rows.items():
        if values:
            inserted = pa.Table.from_pylist([{name: as_json(value) for name, value in row.items()} for row in values])
            connection.register("inserted", inserted)
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM inserted")


def as_json(value: Any) -> Any:
    """A list as the text that dlt gives DuckDB, anything else as it is."""
    return json.dumps(value) if isinstance(value, list) else value


def answers(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each view, in one order."""
    return {name: ordered(connection.execute(query).fetchall()) for name, query in QUERIES.items()}


def expected(playlists: Playlists) -> dict[str, list[tuple[Any, ...]]]:
    """The same from the model, times in microseconds as the queries give them."""
    found = {"items": playlists.items(), "history": playlists.history(), "changes": playlists.changes()}
    return {name: ordered([tuple(map(plain, row)) for row in rows]) for name, rows in found.items()}


def plain(value: Any) -> Any:
    """A time as whole microseconds, anything else as it is."""
    return round(value.timestamp() * 1_000_000) if hasattr(value, "timestamp") else value


def ordered(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows in an order that nulls do not disturb."""
    return sorted(rows, key=repr)


@pytest.mark.long
@settings(max_examples=60)
@example([Load("p", (A, B, C)), Load("p", ()), Load("p", (A, B, C))])
@example([Load("p", (A,)), Load("p", (B,)), Load("p", (A,)), Load("p", (B,)), Load("p", (A,))])
@example([Load("p", (A, B, C, D)), Load("p", (D, C), complete=False), Load("p", (D, A, B, C), copies=2)])
@example([Load("p", (A, B), author="one"), Load("p", (A,)), Load("p", (A, B), author="two")])
@given(loads=LOADS)
def test_views_over_tables_answer_as_the_model_does(loads: list[Load]) -> None:
    """Whatever comes, goes, returns or moves, and however loads end, DuckDB's views tell exactly that."""
    playlists = written(loads)
    with database() as connection:
        fill(connection, loads, playlists)
        assert answers(connection) == expected(playlists)


@pytest.mark.long
@settings(max_examples=20)
@example([Load("p", (A, B)), Load("p", (B,), copies=2), Load("p", (B, A)), Load("q", (A,), complete=False)])
@given(loads=LOADS)
def test_views_over_files_answer_as_the_model_does(loads: list[Load]) -> None:
    """The same views give the same answers over Parquet files."""
    playlists = written(loads)
    with TemporaryDirectory() as folder:
        lake = LakeFolder(Path(folder) / "spotify")
        for load, state in zip(loads, playlists.states, strict=True):
            lake.write(state.load_id, rows_of(playlists, state.load_id), copies=load.copies)
            if load.complete:
                lake.complete(state.load_id)
        with lake.open() as connection:
            assert answers(connection) == expected(playlists)


FIRST = ("Mix", None, "me", None, False, None, 3, None)
RENAMED = ("Blend", "About.", "me", True, False, 7, 3, True)


@pytest.mark.long
@settings(max_examples=40)
@example([Described("p", 0, FIRST), Described("p", 1, RENAMED), Described("p", 2, FIRST)])
@example([Described("p", 1, RENAMED), Described("p", 1, FIRST), Described("p", 0, FIRST, complete=False)])
@given(loads=description_model.DESCRIBED)
def test_changes_of_descriptions_are_what_the_model_says(loads: list[Described]) -> None:
    """Over tables and over files, whatever changes, is not sent, comes twice or at one moment from two machines."""
    with database() as connection, TemporaryDirectory() as folder:
        lake = LakeFolder(Path(folder) / "spotify")
        for number, load in enumerate(loads):
            load_id = str(1000 + number)
            lake.write(load_id, {"playlist_descriptions": [load.row]}, copies=load.copies)
            connection.register("inserted", pa.Table.from_pylist([load.row | {"_dlt_load_id": load_id}] * load.copies))
            connection.execute("INSERT INTO playlist_descriptions BY NAME SELECT * FROM inserted")
            if load.complete:
                lake.complete(load_id)
                connection.execute("INSERT INTO _dlt_loads (load_id, status) VALUES (?, 0)", [load_id])
        with lake.open() as files:
            for opened in (connection, files):
                answer = description_model.plain(opened.execute(description_model.QUERY).fetchall())
                assert answer == description_model.expected(loads)


def test_a_rename_is_one_change() -> None:
    """A worked example: what becomes known is no change, and neither is what is not sent."""
    lake = [Described("p", 0, FIRST), Described("p", 1, RENAMED), Described("p", 2, (*RENAMED[:5], None, 2, None))]
    told = [(field, before, after) for _, _, field, before, after in description_model.changes(lake)]
    assert told == [("name", "Mix", "Blend"), ("description", None, "About."), ("items_total", "3", "2")]


MINE = ("top_artists", "short_term", "me")


@pytest.mark.long
@settings(max_examples=40)
@example([Ranked(MINE, (ARTIST, TRACK, None)), Ranked(MINE, ()), Ranked(MINE, (TRACK, ARTIST, ARTIST))])
@example([Ranked(MINE, (ARTIST,)), Ranked(MINE, (TRACK,), complete=False), Ranked(MINE, (ARTIST,), copies=2)])
@given(loads=ranked_list_model.RANKED)
def test_places_of_ranked_lists_are_what_the_model_says(loads: list[Ranked]) -> None:
    """Over tables and over files, whoever's list it is, whatever enters, leaves, moves, is there twice or not shown."""
    with database() as connection, TemporaryDirectory() as folder:
        lake = LakeFolder(Path(folder) / "spotify")
        for number, load in enumerate(loads):
            load_id, row = str(1000 + number), load.row(number)
            lake.write(load_id, {"ranked_lists": [row]}, copies=load.copies)
            stored = {name: as_json(value) for name, value in row.items()} | {"_dlt_load_id": load_id}
            connection.register("inserted", pa.Table.from_pylist([stored] * load.copies))
            connection.execute("INSERT INTO ranked_lists BY NAME SELECT * FROM inserted")
            if load.complete:
                lake.complete(load_id)
                connection.execute("INSERT INTO _dlt_loads (load_id, status) VALUES (?, 0)", [load_id])
        with lake.open() as files:
            for opened in (connection, files):
                for sql, told in (
                    (ranked_list_model.ITEMS, ranked_list_model.items(loads)),
                    (ranked_list_model.CHANGES, ranked_list_model.changes(loads)),
                ):
                    assert ranked_list_model.plain(opened.execute(sql).fetchall()) == ranked_list_model.plain(told)


@settings(max_examples=40)
@example([Observed(("artist", "a"), day, numbers) for day, numbers in enumerate([(5, 9), (6, None), (5, 10)])])
@given(loads=popularity_model.OBSERVED)
def test_moves_of_popularity_are_what_the_model_says(loads: list[Observed]) -> None:
    """Over tables and over files, whatever moves, is not sent, comes twice or at one moment from two machines."""
    with database() as connection, TemporaryDirectory() as folder:
        lake = LakeFolder(Path(folder) / "spotify")
        for number, load in enumerate(loads):
            load_id = str(1000 + number)
            lake.write(load_id, {"popularity_history": [load.row]}, copies=load.copies)
            stored = pa.Table.from_pylist([load.row] * load.copies, BY_NAME["popularity_history"].arrow)
            connection.register("inserted", stored.append_column("_dlt_load_id", pa.array([load_id] * load.copies)))
            connection.execute("INSERT INTO popularity_history BY NAME SELECT * FROM inserted")
            if load.complete:
                lake.complete(load_id)
                connection.execute("INSERT INTO _dlt_loads (load_id, status) VALUES (?, 0)", [load_id])
        with lake.open() as files:
            for opened in (connection, files):
                answer = popularity_model.plain(opened.execute(popularity_model.QUERY).fetchall())
                assert answer == popularity_model.expected(loads)


@pytest.mark.parametrize("view", VIEWS)
def test_views_have_their_promised_columns(view: str) -> None:
    """A view has exactly the columns that are promised, in their order."""
    with database() as connection:
        described = [row[0] for row in connection.execute(f"DESCRIBE {view}").fetchall()]
    assert described == PROMISED[view].split()


def test_changes_lead_from_each_state_to_the_next() -> None:
    """A worked example: one item goes, one comes, one moves, and what only shifts is not mentioned."""
    loads = [Load("p", (A, B, C)), Load("p", (7, C, B))]
    playlists = written(loads)
    with database() as connection:
        fill(connection, loads, playlists)
        found = connection.execute(
            "SELECT change, item_key, from_position, to_position FROM playlist_changes ORDER BY change"
        ).fetchall()
    moved = {("moved", B, 1, 2), ("moved", C, 2, 1)}
    assert [found[0], found[2]] == [("added", 7, None, 0), ("removed", A, 0, None)]
    assert found[1] in moved


def test_one_state_stored_twice_moves_nothing_twice() -> None:
    """Two machines that sync at once store the same state, each with its moves: it is one move."""
    connection = database()
    connection.execute("INSERT INTO _dlt_loads (load_id, status) VALUES ('1', 0), ('2', 0), ('3', 0)")
    for minute, (load, keys, moved) in enumerate(
        [("1", "[1,2,3]", "[]"), ("2", "[3,1,2]", "[3]"), ("3", "[3,1,2]", "[3]")]
    ):
        connection.execute(
            "INSERT INTO playlist_snapshots (playlist_id, observed_at, item_keys, moved_keys, _dlt_load_id) "
            f"VALUES ('p', TIMESTAMPTZ '2026-01-01 00:0{minute}:00Z', ?, ?, ?)",
            [keys, moved, load],
        )
    found = connection.execute("SELECT change, item_key, from_position, to_position FROM playlist_changes").fetchall()
    assert found == [("moved", 3, 2, 0)]
