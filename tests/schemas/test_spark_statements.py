"""The statements for Spark as texts; tests/pipelines/test_spark.py has Spark itself run them."""

import pytest

from schemas import FUNCTIONS, TABLES, VIEWS
from schemas.lake import LOADS_COLUMNS as DUCKDB_LOADS
from schemas.lake import SQL_TYPES
from schemas.spark_statements import LOADS_COLUMNS, SPARK_TYPES, spark_sql, spark_url, text


@pytest.mark.parametrize(
    ("root", "url"),
    [
        ("/srv/music/lake", "file:///srv/music/lake"),
        ("s3://music/lake", "s3a://music/lake"),
        ("gs://music/lake", "gs://music/lake"),
        ("az://music/lake", "abfss://music/lake"),
        ("/srv/a [b] *{c}?", "file:///srv/a \\[b\\] \\*\\{c\\}\\?"),
    ],
)
def test_folders_are_named_as_hadoop_names_them(root: str, url: str) -> None:
    """A bucket has the protocol of Hadoop's connector, and a sign that means something in its patterns means itself."""
    assert spark_url(root) == url


def test_a_text_ends_where_it_should() -> None:
    """Neither a quote nor a backslash in a path ends the text, as Spark reads it."""
    assert text("it's \\ here") == "'it\\'s \\\\ here'"


def test_types_are_those_that_duckdb_has() -> None:
    """Every type and every column of loads has its counterpart."""
    assert SPARK_TYPES.keys() == SQL_TYPES.keys()
    assert LOADS_COLUMNS.keys() == DUCKDB_LOADS.keys()


@pytest.mark.parametrize("present", [(), ("_dlt_loads", "playlists", "track_artists")])
def test_every_table_and_view_is_made_once(present: tuple[str, ...]) -> None:
    """Each has its statement, with files or without, before those that stand on it."""
    made = [
        line.split()[5]
        for statement in spark_sql("s3://music/lake", present)
        for line in [statement.split("(")[0]]
        if statement.startswith("CREATE")
    ]
    wanted = [table.name for table in TABLES] + [*VIEWS, *FUNCTIONS]
    assert [name for name in made if name in wanted] == wanted
    assert {name.removesuffix("_files") for name in made if name.endswith("_files")} == set(present)
