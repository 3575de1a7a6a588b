"""Two lakes are held against each other: every table and view, without what the clock and the order of syncs decide."""

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from pipelines.destinations.lake import Lake
from schemas import TABLES, VIEWS
from schemas.spec import TIME, Table
from tests.pipelines.tables import SENT_TIMES

EFFORT = {
    "runs": ("unchanged", "read", "requests", "new_items", "removed_items"),
}
"""What a sync had to do: of a playlist that another account has read already, nothing."""

BY_CHANCE = ("run_id",)


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose bookkeeping may differ.

    Attributes:
        users: accounts that something happened to: their rows in `runs` are not compared.
        shared: playlists that more than one account reads: each may store what it sees of them.
    """

    users: Collection[str]
    shared: Collection[str]


def differences(one: Lake, other: Lake, concerned: Concerned) -> tuple[dict[str, str], int]:
    """What differs.

    Returns:
        How many rows of a table or view are only in one lake, and one of them each; and how many rows were compared.
    """
    found, compared = {}, 0
    names = {table.name: table for table in TABLES} | dict.fromkeys(VIEWS)
    with one.open() as first, other.open() as second, duckdb.connect() as both:
        for name, table in names.items():
            for side, lake in (("one", first), ("other", second)):
                lake.execute("SET TimeZone = 'UTC'")
                both.register(side, lake.execute(_comparable(lake, name, table, concerned)).to_arrow_table())
            compared += _count(both, "FROM one")
            extra = [_only(both, "one", "other"), _only(both, "other", "one")]
            if any(extra):
                found[name] = f"{' · '.join(map(str, extra))}"
    return found, compared


def _only(both: duckdb.DuckDBPyConnection, one: str, other: str) -> str:
    query = f"(FROM {one} EXCEPT ALL FROM {other})"
    count = _count(both, f"FROM {query}")
    return f"only in {one}: {count}, as {both.execute(f'FROM {query} LIMIT 1').fetchall()[0]}" if count else ""


def _count(both: duckdb.DuckDBPyConnection, rest: str) -> int:
    return int(both.execute(f"SELECT count(*) {rest}").fetchall()[0][0])


def _comparable(lake: duckdb.DuckDBPyConnection, name: str, table: Table | None, concerned: Concerned) -> str:
    """A query for the rows of a table or view that both lakes must have."""
    columns = [(str(row[0]), str(row[1])) for row in lake.execute(f"DESCRIBE {name}").fetchall()]
    shown = []
    for column, type_ in columns:
        if column in EFFORT.get(name, ()) or column in BY_CHANCE or column.startswith("_dlt"):
            continue
        is_clock = type_.startswith("TIMESTAMP") and column not in SENT_TIMES
        shown.append(f"{column} IS NOT NULL AS {column}" if is_clock else column)
    query = f"SELECT {', '.join(shown)} FROM {name}"
    has = {column for column, _ in columns}
    if name == "runs":
        # A sync that could not sign in does not know whose it was.
        return f"{query} WHERE user_id IS NOT NULL AND user_id NOT IN {_listed(concerned.users)}"
    if table is None or table.kind != "fact":
        return query
    if "playlist_id" not in has:
        return f"SELECT DISTINCT * FROM ({query})" if _is_observation(table) else query
    shared = f"playlist_id IN {_listed(concerned.shared)}"
    if name == "playlist_reads":
        # Who came first has read it, the others need not.
        return f"{query} WHERE NOT {shared}"
    return f"{query} WHERE NOT {shared} UNION ALL SELECT DISTINCT * FROM ({query} WHERE {shared})"


def _is_observation(table: Table) -> bool:
    """Whether two machines that see the same at once both store it: the time is part of the key."""
    times = {column.name for column in table.columns if column.type == TIME} - SENT_TIMES
    return bool(times & set(table.key))


def _listed(texts: Collection[str]) -> str:
    return f"({', '.join(repr(text) for text in sorted(texts)) or 'NULL'})"
