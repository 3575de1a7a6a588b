"""Batches are gathered without losing, mixing or reordering rows."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from schemas.spec import TEXT, Table, key
from sources.spotify.engine.batch_size import gathered
from sources.spotify.engine.buffers import Batch

TABLES = [Table(name, "A table.", ("id",), (key("id", TEXT, "Id.", "id"),), "child") for name in "abc"]
TEXTS = st.lists(st.text(max_size=20), max_size=8)


@given(st.lists(st.tuples(st.sampled_from(TABLES), TEXTS, st.none() | TEXTS), max_size=30), st.integers(1, 400))
def test_gathered_batches_hold_the_same(given_: list[tuple[Table, list[str], list[str] | None]], most: int) -> None:
    """However little may wait, each table has the same rows and owners in the same order, in no more batches."""
    batches = [_batch(*one) for one in given_]

    found = list(gathered(iter(batches), most))

    assert len(found) <= len(batches)
    for table in TABLES:
        assert _held(found, table) == _held(batches, table)


def test_batches_are_gathered() -> None:
    """Of little there is one batch a table; where more comes than may wait, the large table is given and no other."""
    little = [_batch(table, ["x"], None) for table in TABLES * 5]
    assert [batch.table.name for batch in gathered(little)] == ["a", "b", "c"]

    much = [_batch(TABLES[0], ["x"], None), *(_batch(TABLES[1], ["y" * 2_000], None) for _ in range(4))]
    assert [(one.table.name, one.rows.num_rows) for one in gathered(much, 4_000)] == [("b", 2), ("b", 2), ("a", 1)]


def _batch(table: Table, texts: list[str], owners: list[str] | None) -> Batch:
    rows = pa.Table.from_arrays([pa.array(texts, TEXT)], schema=table.arrow)
    return Batch(table, rows, None if owners is None else pa.table({"owner": pa.array(owners, TEXT)}))


def _held(batches: list[Batch], table: Table) -> tuple[list[str], list[str | None]]:
    mine = [batch for batch in batches if batch.table is table]
    owners = [owner for batch in mine if batch.owners is not None for owner in batch.owners["owner"].to_pylist()]
    return [row["id"] for batch in mine for row in batch.rows.to_pylist()], owners
