"""Times of the future move in a database's SQL as they do in Python."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.destinations.clock_shift import PROMISED, SENT, find_shift
from schemas import TABLES
from schemas.spec import TIME
from sources.stored.dialects import DUCKDB, SqlDialect

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OF_OUR_CLOCK = {
    *("checked_at", "described_at", "finished_at", "first_observed_at", "first_seen_at", "last_read_at"),
    *("last_seen_at", "left_at", "observed_at", "read_at", "started_at", "taken_down_at"),
}
"""Columns with times of the machine that synced."""
SPANS = st.timedeltas(timedelta(microseconds=1), timedelta(days=4000))


def check_moves(
    before: timedelta, after: list[timedelta], dialect: SqlDialect, ask: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    """Compares the times that a database reckons with those of `Shift.moved`.

    Args:
        before: how long before now the last correct time is.
        after: how far in the future the others are.
        dialect: the database's.
        ask: asks it.
    """
    times = sorted({NOW + span for span in after})
    shift = find_shift((), [NOW - before, *times], NOW)
    assert shift is not None
    values = ", ".join(f"(TIMESTAMP WITH TIME ZONE '{time.isoformat()}')" for time in times)
    sql = f"SELECT {shift.sql('seen_at', dialect)} FROM (VALUES {values}) AS rows (seen_at) ORDER BY seen_at"
    moved = [row[0] for row in ask(sql)]
    for time, (found,) in zip(times, zip(moved, strict=True), strict=True):
        # Databases and Python round halves of a microsecond in ways of their own.
        assert abs(found - shift.moved(time)) <= timedelta(microseconds=1), (time, shift)
        assert NOW - before <= found <= NOW + timedelta(microseconds=1)
    assert moved == sorted(moved)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB in memory, in UTC."""
    with duckdb.connect() as made:
        made.execute("SET TimeZone = 'UTC'")
        yield made


@given(SPANS, st.lists(SPANS, min_size=1, max_size=5))
def test_duckdb_moves_times_as_python_does(
    connection: duckdb.DuckDBPyConnection, before: timedelta, after: list[timedelta]
) -> None:
    """Whether they move by one span or closer together: to the microsecond, in order, and none into the past."""
    check_moves(before, after, DUCKDB, lambda sql: connection.execute(sql).fetchall())


def test_every_time_is_of_one_of_two_clocks() -> None:
    """Of each column with a time it is decided whether this machine's clock dated it, or Spotify did."""
    times = {column.name for table in TABLES for column in table.columns if column.type == TIME}
    assert times == OF_OUR_CLOCK | SENT | {PROMISED}
    assert not OF_OUR_CLOCK & SENT
