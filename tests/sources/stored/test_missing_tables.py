"""Tables of which nothing was read are in a database all the same, as a load would have made them."""

from pathlib import Path

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.sync.service import sync
from schemas import TABLES
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings

COLUMNS = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_schema = 'spotify' AND NOT starts_with(table_name, '_dlt') ORDER BY ALL"
)


def columns(path: Path) -> list[tuple[str, ...]]:
    """Those of all tables and views."""
    with duckdb.connect(str(path)) as connection:
        return connection.execute(COLUMNS).fetchall()


@pytest.mark.long
def test_they_are_as_a_load_makes_them(tmp_path: Path) -> None:
    """A sync of ours and a run of the source in somebody's pipeline give the same tables and the same schema."""
    import dlt

    from sources.spotify import spotify_playlists

    with Sandbox(generate(seed=2, playlists=1, items=3)) as api:
        lake = Lake("duckdb", str(tmp_path / "ours.duckdb"))
        sync(None, lake, **settings(api))
        theirs = dlt.pipeline(
            "theirs", destination=dlt.destinations.duckdb(str(tmp_path / "theirs.duckdb")), dataset_name="spotify"
        )
        theirs.run(spotify_playlists(**settings(api)))
    views = {name for name, *_ in columns(tmp_path / "ours.duckdb")} - {table.name for table in TABLES}
    ours = [row for row in columns(tmp_path / "ours.duckdb") if row[0] not in views]
    assert ours == columns(tmp_path / "theirs.duckdb")
    assert {(table.name, column.name) for table in TABLES for column in table.columns} <= {row[:2] for row in ours}
    with lake.settings():
        made = lake.pipeline().default_schema.tables
    for table in TABLES:
        loaded = theirs.default_schema.tables[table.name]
        assert made[table.name]["columns"] == loaded["columns"]
        assert made[table.name].get("references") == loaded.get("references")
        assert made[table.name]["write_disposition"] == loaded["write_disposition"]


def test_a_table_that_nobody_filled_comes_back(tmp_path: Path) -> None:
    """One that was dropped, or lacks a column, is made again by a full sync, and by nothing less."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(generate(seed=2, playlists=1, items=3)) as api:
        sync(None, lake, **settings(api))
        before = columns(Path(lake.location))
        with duckdb.connect(lake.location) as connection:
            connection.execute("USE spotify; DROP TABLE plays; ALTER TABLE covers DROP COLUMN width")
        sync(None, lake, full=True, **settings(api))
    assert columns(Path(lake.location)) == before


def test_a_column_of_a_later_version_comes_to_a_table_without_rows(tmp_path: Path) -> None:
    """A lake of an earlier version gets it with the next sync, although nothing is written to that table."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(generate(seed=2, playlists=1, items=3)) as api:
        sync(None, lake, **settings(api))
        before = columns(Path(lake.location))
        with lake.settings():
            pipeline = lake.pipeline()
            pipeline.default_schema.tables["plays"]["columns"].pop("country")
            pipeline.schemas.commit_live_schema("spotify")  # type: ignore[attr-defined]
            with pipeline.sql_client() as client:
                # As that version has left it: dlt's record, too, knows no such column.
                client.execute_sql(
                    "DROP VIEW listening; ALTER TABLE plays DROP COLUMN country; DELETE FROM _dlt_version"
                )
        with lake.settings(), pipeline.destination_client() as stored:
            stored.update_stored_schema([])
        sync(None, lake, **settings(api))
    assert columns(Path(lake.location)) == sorted(before)
