"""Arrow tables in DuckDB: as DuckDB itself would show them, and without what takes long to import."""

import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from schemas import TABLES
from schemas.spec import TIME
from sources.stored import small_tables
from sources.stored.small_tables import FEW, as_declared, is_little, plain, shown

VALUES: dict[Any, list[Any]] = {
    pa.string(): ["", 'Zoë\'s "ünïcode" 🎵', "a\x00\n\\b", "null", None],
    pa.int64(): [0, -(1 << 63), (1 << 63) - 1, None],
    pa.float64(): [0.1, -0.0, 1e300, None],
    pa.bool_(): [True, False, None],
    pa.binary(): [b"", b"\x00\xff'", None],
    pa.date32(): [date(1, 1, 1), date(9999, 12, 31), None],
    TIME: [datetime(1969, 12, 31, 23, 59, 59, 999999, UTC), datetime(9999, 12, 31, 23, 59, 59, 1, UTC), None],
    pa.list_(pa.int64()): [[], [1, -2], None],
    pa.list_(pa.string()): [["a", "it's"], [], None],
}
TYPES = {column.type for table in TABLES for column in table.columns} | {pa.string()}


@pytest.mark.parametrize("type_", sorted(TYPES, key=str), ids=str)
@pytest.mark.parametrize("little", [True, False])
def test_rows_are_shown_as_they_are(type_: Any, *, little: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether little or much, of each type that a column has, rows come back from DuckDB as they went into it."""
    monkeypatch.setattr(small_tables, "is_little", lambda _: little)
    rows = pa.table({"place": range(len(VALUES[type_])), "value": pa.array(VALUES[type_], type_)})
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'America/New_York'; CREATE TABLE batch AS SELECT 'another' AS name")
        with shown(connection, "batch", rows):
            found = connection.sql("FROM batch ORDER BY place").to_arrow_table()
        assert as_declared(found, rows.schema).equals(rows)
        assert connection.sql("FROM batch").fetchall() == [("another",)]


def test_what_is_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many values, as long as nothing has imported what DuckDB reads Arrow tables with."""
    monkeypatch.delitem(sys.modules, "pyarrow.dataset", raising=False)
    least, most = pa.table({"a": range(FEW // 2), "b": range(FEW // 2)}), pa.table({"a": range(FEW + 1)})
    assert (is_little(least), is_little(most)) == (True, False)
    monkeypatch.setitem(sys.modules, "pyarrow.dataset", sys)
    assert not is_little(least)


def test_no_rows_are_shown() -> None:
    """A table without rows has its columns."""
    with duckdb.connect() as connection, shown(connection, "batch", pa.table({"a": pa.array([], TIME)})):
        assert connection.sql("SELECT count(*), max(a) FROM batch").fetchall() == [(0, None)]


def test_a_statement_that_fails_leaves_nothing() -> None:
    """After an error the name is free again."""
    rows = pa.table({"a": [1]})
    with duckdb.connect() as connection:
        with pytest.raises(duckdb.Error), shown(connection, "batch", rows):
            connection.execute("SELECT nothing FROM batch")
        with shown(connection, "batch", rows):
            assert connection.sql("FROM batch").fetchall() == [(1,)]


def test_times_of_other_units_are_converted() -> None:
    """A time in milliseconds is no time in microseconds."""
    rows = pa.table({"a": pa.array([1_000], pa.timestamp("ms", tz="UTC"))})
    assert plain(as_declared(rows, pa.schema([("a", TIME)]))["a"]) == [1_000_000]


def test_few_rows_import_neither_compute_nor_dataset() -> None:
    """To show few rows and to take them back imports neither of pyarrow's slow modules, nor pandas."""
    script = (
        "import sys, duckdb, pyarrow as pa; from schemas.spec import TIME\n"
        "from sources.stored.small_tables import as_declared, plain, shown\n"
        "rows, connection = pa.table({'a': pa.array([1], TIME)}), duckdb.connect()\n"
        "with shown(connection, 'batch', rows):\n"
        "    plain(as_declared(connection.sql('FROM batch').to_arrow_table(), rows.schema)['a'])\n"
        "print({'pyarrow.compute', 'pyarrow.dataset', 'pandas'} & {*sys.modules})"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "set()\n"
