"""Files of rows get into DuckDB's tables, each key once."""

from pathlib import Path
from random import Random
from typing import Any

import dlt
import duckdb
import pyarrow as pa

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
