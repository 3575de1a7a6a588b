"""Compares a lake with the model: every row of the three views, and what must hold of the tables."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from schemas import TABLES
from schemas.spec import TIME, Table
from tests.model.lake_model import Identity, LakeModel, State

Rows = list[tuple[Any, ...]]

COMPLETE = "_dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)"


@dataclass(frozen=True, slots=True)
class Binding:
    """The mapping between model and lake: keys for identities, times for numbers of states."""

    keys: dict[tuple[str, Identity], int] = field(default_factory=dict)
    identities: dict[tuple[str, int], Identity] = field(default_factory=dict)
    times: dict[str, list[datetime]] = field(default_factory=dict)

    def key(self, playlist_id: str, identity: Identity) -> int:
        """The `item_key` of an addition."""
        return self.keys[playlist_id, identity]


def check_lake(connection: duckdb.DuckDBPyConnection, model: LakeModel) -> None:
    """Asserts that views and tables are as the model says.

    Args:
        connection: finds tables and views by their bare names.
        model: what they must hold.
    """
    binding = _bound(connection, model)
    _check_additions(connection, model, binding)
    _check_authors(connection, model, binding)
    _check_items(connection, model, binding)
    _check_history(connection, model, binding)
    _check_changes(connection, model, binding)
    _check_playlists(connection, model)


def _bound(connection: duckdb.DuckDBPyConnection, model: LakeModel) -> Binding:
    """Matches stored states with those of the model; keys and identities must be a bijection in each playlist."""
    stored: dict[str, Rows] = {}
    for row in _query(
        connection,
        "SELECT playlist_id, snapshot_id, observed_at, item_keys::BIGINT[], item_count FROM playlist_snapshots "
        f"WHERE {COMPLETE} ORDER BY playlist_id, observed_at",
    ):
        stored.setdefault(row[0], []).append(row[1:])
    expected = {
        playlist_id: [(state.snapshot_id, len(state.identities)) for state in known.states]
        for playlist_id, known in model.playlists.items()
        if known.states
    }
    assert expected == {playlist_id: [(row[0], row[3]) for row in rows] for playlist_id, rows in stored.items()}
    binding = Binding()
    for playlist_id, rows in stored.items():
        binding.times[playlist_id] = [row[1] for row in rows]
        assert len(rows) == len(set(binding.times[playlist_id]))
        for state, (_, _, keys, _) in zip(model.playlists[playlist_id].states, rows, strict=True):
            _bind(binding, playlist_id, state, keys)
    return binding


def _bind(binding: Binding, playlist_id: str, state: State, keys: Sequence[int]) -> None:
    for identity, key in zip(state.identities, keys, strict=True):
        assert binding.keys.setdefault((playlist_id, identity), key) == key, f"{identity} has got another key"
        assert binding.identities.setdefault((playlist_id, key), identity) == identity, f"{key} means two additions"


def _check_additions(connection: duckdb.DuckDBPyConnection, model: LakeModel, binding: Binding) -> None:
    """Every addition is stored once, however often it came back, as it was when first seen."""
    expected = Counter(
        (playlist_id, binding.key(playlist_id, identity), *identity[:2], *item)
        for playlist_id, known in model.playlists.items()
        for identity, item in known.items.items()
    )
    columns = "playlist_id, item_key, item_uri, added_at, item_type, track_id, episode_id, is_local, added_by_id"
    stored = _query(connection, f"SELECT {columns} FROM playlist_additions WHERE {COMPLETE}")
    assert expected == Counter(stored)


def _check_authors(connection: duckdb.DuckDBPyConnection, model: LakeModel, binding: Binding) -> None:
    """Another user for an addition is written when first named, and none when none is."""
    expected = {
        (playlist_id, binding.key(playlist_id, identity)): authors
        for playlist_id, known in model.playlists.items()
        for identity, authors in known.authors.items()
        if authors
    }
    stored: dict[tuple[str, int], list[str]] = {}
    for playlist_id, key, author in _query(
        connection,
        f"SELECT playlist_id, item_key, added_by_id FROM playlist_addition_authors WHERE {COMPLETE} "
        "ORDER BY observed_at",
    ):
        stored.setdefault((playlist_id, key), []).append(author)
    assert expected == stored


def _check_items(connection: duckdb.DuckDBPyConnection, model: LakeModel, binding: Binding) -> None:
    expected = [
        (
            *(playlist_id, position, binding.key(playlist_id, identity), known.states[-1].snapshot_id),
            *(*identity[:2], *known.items[identity]._replace(added_by_id=known.author(identity))),
        )
        for playlist_id, known in sorted(model.playlists.items())
        if known.states
        for position, identity in enumerate(known.states[-1].identities)
    ]
    stored = _query(
        connection,
        "SELECT playlist_id, position, item_key, snapshot_id, item_uri, added_at, item_type, track_id, episode_id, "
        "is_local, added_by_id FROM playlist_items ORDER BY playlist_id, position",
    )
    assert expected == stored


def _check_history(connection: duckdb.DuckDBPyConnection, model: LakeModel, binding: Binding) -> None:
    expected: Counter[tuple[Any, ...]] = Counter()
    for playlist_id, identity, listed_from, listed_until, *places in model.stays():
        times = binding.times[playlist_id]
        until = None if listed_until is None else times[listed_until]
        key = binding.key(playlist_id, identity)
        author = model.playlists[playlist_id].author(identity)
        expected[playlist_id, key, *identity[:2], author, times[listed_from], until, *places] += 1
    stored = _query(
        connection,
        "SELECT playlist_id, item_key, item_uri, added_at, added_by_id, listed_from, listed_until, first_position, "
        "last_position FROM playlist_item_history",
    )
    assert expected == Counter(stored)


def _check_changes(connection: duckdb.DuckDBPyConnection, model: LakeModel, binding: Binding) -> None:
    expected: Counter[tuple[Any, ...]] = Counter()
    for playlist_id, state, change, identity, *places in model.changes():
        key, time = binding.key(playlist_id, identity), binding.times[playlist_id][state]
        expected[playlist_id, time, change, key, identity.item_uri, *places] += 1
    columns = "playlist_id, observed_at, change, item_key, item_uri, from_position, to_position"
    stored = _query(connection, f"SELECT {columns} FROM playlist_changes")
    assert expected == Counter(row for row in stored if row[2] != "moved")
    moved: dict[tuple[str, datetime], Rows] = {}
    for row in stored:
        if row[2] == "moved":
            moved.setdefault((row[0], row[1]), []).append(row[3:])
    for playlist_id, known in model.playlists.items():
        for number in range(1, len(known.states)):
            rows = moved.pop((playlist_id, binding.times[playlist_id][number]), [])
            told = {binding.identities[playlist_id, row[0]]: row[1:] for row in rows}
            assert len(rows) == len(told) == known.fewest_moves[number]
            _check_moves(known.states[number - 1], known.states[number], told)
    assert moved == {}


def _check_moves(before: State, after: State, told: dict[Identity, tuple[Any, ...]]) -> None:
    """Moves are sound: without the moved items both orders are the same. The caller checks that they are the fewest."""
    left, right = set(before.identities), set(after.identities)
    assert told.keys() <= left & right
    assert [i for i in before.identities if i in right and i not in told] == [
        i for i in after.identities if i in left and i not in told
    ]
    assert told == {i: (i.item_uri, before.identities.index(i), after.identities.index(i)) for i in told}


def _check_playlists(connection: duckdb.DuckDBPyConnection, model: LakeModel) -> None:
    """One row for each playlist ever seen; `last_seen_at` is the start of the last run that saw it."""
    runs = [row[0] for row in _query(connection, f"SELECT started_at FROM runs WHERE {COMPLETE} ORDER BY started_at")]
    assert model.syncs == len(runs)
    expected = {
        playlist_id: (known.access, known.looked_at, known.seen_in and runs[known.seen_in - 1], *known.described)
        for playlist_id, known in model.playlists.items()
    }
    columns = "playlist_id, access, snapshot_id, last_seen_at, name, description, owner_id, public, collaborative"
    stored = _query(connection, f"SELECT {columns} FROM playlists")
    assert expected == {row[0]: row[1:] for row in stored}
    assert len(expected) == len(stored)


def facts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows each table of facts has."""
    counts = ", ".join(
        f"(SELECT count(*) FROM {table.name} WHERE {COMPLETE})" for table in TABLES if table.kind == "fact"
    )
    row = _query(connection, f"SELECT {counts}")[0]
    return dict(zip([table.name for table in TABLES if table.kind == "fact"], row, strict=True))


def dimensions(connection: duckdb.DuckDBPyConnection) -> dict[str, Rows]:
    """All rows of all other tables, without the times of syncs; asserts that keys are unique."""
    return {table.name: _rows(connection, table) for table in TABLES if table.kind != "fact"}


def _rows(connection: duckdb.DuckDBPyConnection, table: Table) -> Rows:
    columns = [column.name for column in table.columns if column.type != TIME and column.name != "removed"]
    rows = _query(connection, f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY {', '.join(table.key)}")
    keys = Counter(tuple(row[columns.index(name)] for name in table.key) for row in rows)
    assert max(keys.values(), default=1) == 1, f"{table.name} has a key twice"
    return rows


def _query(connection: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    return connection.execute(sql).fetchall()
