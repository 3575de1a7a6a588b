"""Makes a small lake as large as wanted, by copies of its playlists and of what is on them.

The small lake is one that `sync` has filled, so all tables, hints, notes and schema versions are there as loads leave
them. A copy has the same playlists under other ids: as many additions, states, reads and descriptions, with other keys.
Every tenth copy has other tracks, albums, artists and shows as well: large libraries mention an item several times.
Each load of the copies has its record and its note, and rows in the order in which a sync writes them, playlist after
playlist. Each copy belongs to a user of its own, as in a lake that many accounts share.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import msgspec

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.compaction import encoded
from schemas import TABLES
from schemas.lake import SQL_TYPES
from schemas.spec import LISTS, Table
from sources.stored.lake_folder import LoadRecord
from sources.stored.load_tables import LOADS, NOTES

COPIES_OF_A_LOAD = 50
COPIES_OF_AN_ITEM = 10
"""Copies of the playlists that share one copy of the tracks."""

BY_PLAYLIST = frozenset(
    {
        "playlists",
        "playlist_additions",
        "playlist_addition_authors",
        "playlist_snapshots",
        "playlist_reads",
        "playlist_descriptions",
        "playlist_listings",
    }
)
"""Tables that every copy adds to."""

BY_USER = frozenset({"users", "runs"})
"""Tables that every copy adds to, which have no playlist."""

MACROS = f"""
CREATE TEMP MACRO new_id(id, copy) AS CASE WHEN copy = 0 THEN id ELSE md5(id || '/' || copy)[:22] END;
CREATE TEMP MACRO new_uri(uri, copy) AS CASE
    WHEN copy = 0 THEN uri
    WHEN uri LIKE 'spotify:local:%' THEN uri || copy
    ELSE left(uri, length(uri) - 22) || new_id(right(uri, 22), copy)
END;
CREATE TEMP MACRO new_key(key, copy) AS xor(key, (hash('key', copy) >> 1)::BIGINT);
CREATE TEMP MACRO new_keys(keys, copy) AS list_transform(keys::BIGINT[], lambda key: new_key(key, copy));
CREATE TEMP MACRO new_user(id, copy) AS id || '_' || copy;
CREATE TEMP MACRO items_of(copy) AS copy // {COPIES_OF_AN_ITEM};
"""

COPY_VALUES = {
    "playlist_id": "new_id(playlist_id, copy)",
    "snapshot_id": "md5(snapshot_id || '/' || copy)",
    "item_key": "new_key(item_key, copy)",
    "item_keys": "new_keys(item_keys, copy)",
    "moved_keys": "new_keys(moved_keys, copy)",
    "run_id": "md5(run_id || '/' || copy)[:16]",
    "user_id": "new_user(user_id, copy)",
    # Those of others, as Spotify's own, stay theirs.
    "owner_id": "CASE WHEN owner_id IN (FROM seed_accounts) THEN new_user(owner_id, copy) ELSE owner_id END",
}
ITEM_IDS = ("track_id", "album_id", "artist_id", "episode_id", "show_id")
ITEM_URIS = ("track_uri", "item_uri", "linked_from_uri")


def grow(lake: Lake, copies: range) -> None:
    """Adds copies of what a lake holds.

    Args:
        lake: a small one, in DuckDB or Parquet, that `sync` has filled.
        copies: their numbers, from 1; those of one lake are all of one call, as the lake's own rows are copied.
    """
    with lake.open() as reader:
        ids = [row[0] for row in reader.execute(f"SELECT load_id FROM {LOADS} ORDER BY 1").fetchall()]
        kept = {table.name: reader.table(table.name).to_arrow_table() for table in TABLES}
    first = float(min(ids)) - len(copies)
    with duckdb.connect(lake.location if lake.destination == "duckdb" else ":memory:") as connection:
        if lake.destination == "duckdb":
            connection.execute(f'USE "{lake.dataset}"')
        connection.execute(MACROS)
        for name, rows in kept.items():
            connection.register("rows", rows)
            connection.execute(f"CREATE TEMP TABLE seed_{name} AS SELECT *, row_number() OVER () AS number FROM rows")
            connection.unregister("rows")
        connection.execute("CREATE TEMP TABLE seed_accounts AS SELECT DISTINCT user_id FROM seed_playlist_listings")
        connection.execute("DELETE FROM seed_users WHERE user_id NOT IN (FROM seed_accounts)")
        filled = [table for table in TABLES if kept[table.name].num_rows]
        for number, load in enumerate(_loads(copies)):
            load_id = f"{first + number:.6f}"
            for table in filled:
                if (select := _select(table, load, load_id, lake.destination)) is not None:
                    _write(connection, lake, table, load_id, select)
            _record(connection, lake, load_id)


def _loads(copies: range) -> Iterator[range]:
    """The copies of each load."""
    for start in range(copies.start, copies.stop, COPIES_OF_A_LOAD):
        yield range(start, min(start + COPIES_OF_A_LOAD, copies.stop))


def _select(table: Table, copies: range, load_id: str, destination: str) -> str | None:
    """The rows of a table that copies add, in the order of a sync; null where they add none."""
    if table.name in BY_PLAYLIST | BY_USER:
        numbers: list[int] = list(copies)
    elif table.key[0].split("_")[0] in {"track", "album", "artist", "episode", "show"}:
        numbers = [n for n in copies if n % COPIES_OF_AN_ITEM == 0]
    else:
        return None
    if not numbers:
        return None
    columns = []
    for column in table.columns:
        value = "NULL" if column.name == "removed" else _value(table, column.name)
        as_text = destination == "duckdb" and column.type in LISTS
        if destination == "duckdb" and column.name == "removed":
            continue
        columns.append(f"({value})::{'JSON' if as_text else SQL_TYPES[column.type]} AS {column.name}")
    copied = ", ".join(f"({n})" for n in numbers)
    return (
        f"SELECT {', '.join(columns)}, '{load_id}' AS _dlt_load_id FROM seed_{table.name}, "
        f"(VALUES {copied}) AS copies(copy) ORDER BY copy, number"
    )


def _value(table: Table, column: str) -> str:
    if table.name in BY_PLAYLIST | BY_USER and column in COPY_VALUES:
        return COPY_VALUES[column]
    if table.name in BY_PLAYLIST and column == "uri":
        return "new_uri(uri, copy)"
    if table.name in BY_USER and column == "uri":
        return "new_user(uri, copy)"
    if column in ITEM_IDS:
        return f"new_id({column}, items_of(copy))"
    if column in ITEM_URIS or column == "uri":
        return f"new_uri({column}, items_of(copy))"
    return column


def _write(connection: duckdb.DuckDBPyConnection, lake: Lake, table: Table, load_id: str, select: str) -> None:
    if lake.destination == "duckdb":
        connection.execute(f"INSERT INTO {table.name} BY NAME {select}")
        return
    file = Path(lake.location) / lake.dataset / table.name / f"{load_id}.0123456789.parquet"
    connection.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)")


def _record(connection: duckdb.DuckDBPyConnection, lake: Lake, load_id: str) -> None:
    """The load's record, and the note that it was complete."""
    if lake.destination == "duckdb":
        row = f"SELECT '{load_id}' AS load_id, * EXCLUDE (load_id)"
        for table in (LOADS, NOTES):
            connection.execute(f"INSERT INTO {table} BY NAME {row} FROM (FROM {table} LIMIT 1)")
        return
    folder = Path(lake.location) / lake.dataset
    record = LoadRecord(load_id, datetime.fromtimestamp(float(load_id), UTC))
    (folder / LOADS / f"spotify__{load_id}.jsonl").write_bytes(encoded(record))
    (folder / NOTES / f"{load_id}.json").write_bytes(msgspec.json.encode(record))
