"""Views in a DuckDB file: made again where they differ, and only there."""

from collections.abc import Iterator
from unittest.mock import patch

import duckdb
import pytest
from dlt.destinations.impl.duckdb.sql_client import DuckDbSqlClient

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from schemas import FUNCTIONS, VIEWS
from sources.spotify_sandbox import Sandbox
from tests.model.worlds import small_world
from tests.pipelines.driving import settings

MADE = """
SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'spotify'
UNION ALL
SELECT function_name, comment FROM duckdb_functions() WHERE schema_name = 'spotify'
ORDER BY ALL
"""


@pytest.fixture
def api() -> Iterator[Sandbox]:
    """A small library."""
    with Sandbox(small_world()) as api:
        yield api


def made() -> list[tuple[str, ...]]:
    """The views and functions with their comments, which differ where what they show does."""
    with duckdb.connect("lake.duckdb", read_only=True) as connection:
        return connection.execute(MADE).fetchall()


def test_a_sync_that_finds_nothing_new_leaves_them(api: Sandbox) -> None:
    """Views and functions that are as they should be are not made again."""
    lake = Lake(path="lake.duckdb")
    sync(lake=lake, **settings(api))
    before = made()
    assert {name for name, _ in before} >= {*VIEWS, *FUNCTIONS}
    with patch.object(DuckDbSqlClient, "execute_sql", autospec=True, side_effect=DuckDbSqlClient.execute_sql) as ran:
        sync(lake=lake, **settings(api))
    assert [call.args[1] for call in ran.mock_calls if call.args[1].startswith("CREATE OR")] == []
    assert made() == before


@pytest.mark.parametrize(
    "change",
    [
        "CREATE OR REPLACE VIEW items AS SELECT 'other' AS title",
        "DROP VIEW playlist_items",
        "DROP MACRO TABLE items_at",
        "COMMENT ON VIEW saved IS 'My own.'",
        "ALTER TABLE tracks ADD COLUMN mine VARCHAR",
    ],
)
def test_what_differs_is_made_again(api: Sandbox, change: str) -> None:
    """A view that somebody replaced or dropped, a dropped function and another column are noticed by the next sync."""
    lake = Lake(path="lake.duckdb")
    sync(lake=lake, **settings(api))
    before = made()
    with duckdb.connect("lake.duckdb") as connection:
        connection.execute("USE spotify")
        connection.execute(change)
    with patch.object(DuckDbSqlClient, "execute_sql", autospec=True, side_effect=DuckDbSqlClient.execute_sql) as ran:
        sync(lake=lake, **settings(api))
    assert len([call for call in ran.mock_calls if call.args[1].startswith("CREATE OR REPLACE VIEW")]) == len(VIEWS)
    assert [name for name, _ in made()] == [name for name, _ in before]
    assert (made() == before) != ("tracks" in change)
    with lake.open() as connection:
        for name in VIEWS:
            connection.execute(f"SELECT * FROM {name}")
        shown = [connection.sql(f"SELECT * FROM {name}").columns for name in ("items", "items_at(now())")]
    assert all("added_at" in columns for columns in shown)
