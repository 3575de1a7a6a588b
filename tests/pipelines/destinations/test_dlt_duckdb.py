"""Files of rows get into DuckDB's tables, each key once."""

from pathlib import Path
from random import Random
from typing import Any

import dlt
import duckdb
import pyarrow as pa
import pytest
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.destinations import dlt_duckdb
from pipelines.destinations.dlt_duckdb import DatabaseFile

KEY = ["owner", "place"]


def test_rows_replace_those_of_their_key(tmp_path: Path) -> None:
    """After several loads a table holds the last row of each key and none that was removed; no other schema is made."""
    random, expected = Random(1), dict[tuple[str, int], Any]()
    place = tmp_path / "user_id=1's"
    place.mkdir()
    pipeline = dlt.pipeline(
        "merging", destination=DatabaseFile(str(place / "lake.duckdb")), dataset_name="d", pipelines_dir=str(place)
    )
    for number in range(3):
        rows = {}
        for _ in range(30):
            key = random.choice("abc"), random.randrange(9)
            removed = True if key in expected and random.random() < 0.4 else None
            rows[key] = {"owner": key[0], "place": key[1], "text": f"{number}", "removed": removed}
        pipeline.run(_resource(list(rows.values())), loader_file_format="parquet")
        expected |= {key: row["text"] for key, row in rows.items()}
        for key in [key for key, row in rows.items() if row["removed"]]:
            del expected[key]

        with duckdb.connect(str(place / "lake.duckdb"), read_only=True) as connection:
            found = connection.execute("SELECT owner, place, text FROM d.rows").fetchall()
            schemas = connection.execute("SELECT schema_name FROM duckdb_schemas() WHERE NOT internal").fetchall()
        assert sorted(found) == sorted((*key, text) for key, text in expected.items())
        assert {name for (name,) in schemas} - {"main"} == {"d"}


@pytest.mark.parametrize("large", [False, True])
def test_a_load_that_fails_leaves_the_database_free(
    large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a load, also one that failed, the same process can open the database to read, however large the files."""
    path = tmp_path / "lake.duckdb"
    monkeypatch.setattr(dlt_duckdb, "MUCH", 0 if large else dlt_duckdb.MUCH)
    monkeypatch.setenv("LOAD__RAISE_ON_MAX_RETRIES", "1")
    pipeline = dlt.pipeline(
        "failing", destination=DatabaseFile(str(path)), dataset_name="d", pipelines_dir=str(tmp_path / "work")
    )
    good = {"owner": "a", "place": 1, "text": "x", "removed": None}
    pipeline.run(_resource([good]), loader_file_format="parquet")
    statement = dlt_duckdb._CopyJob._statement
    monkeypatch.setattr(dlt_duckdb._CopyJob, "_statement", lambda *_: "SELECT no_such_column")
    with pytest.raises(PipelineStepFailed):
        pipeline.run(_resource([good | {"place": 2}]), loader_file_format="parquet")
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM d.rows").fetchall() == [(1,)]
    monkeypatch.setattr(dlt_duckdb._CopyJob, "_statement", statement)
    pipeline.abort_packages()
    pipeline.run(_resource([good | {"place": 2}]), loader_file_format="parquet")
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM d.rows").fetchall() == [(2,)]


def _resource(rows: list[dict[str, Any]]) -> Any:
    types = {"owner": pa.string(), "place": pa.int64(), "text": pa.string(), "removed": pa.bool_()}
    schema = pa.schema([pa.field(name, type_) for name, type_ in types.items()])
    return dlt.resource(
        [pa.Table.from_pylist(rows, schema)],
        name="rows",
        primary_key=KEY,
        columns={"removed": {"hard_delete": True}},
        write_disposition={"disposition": "merge", "strategy": "upsert"},
    )
