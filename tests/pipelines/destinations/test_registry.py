"""Destinations are chosen in one place, and one more is a class and an entry there."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dlt
import duckdb
import pytest

from pipelines.destinations.any_database import AnyDatabase
from pipelines.destinations.lake import Lake
from pipelines.destinations.paths import PathDestination
from pipelines.destinations.registry import DESTINATIONS, class_of
from pipelines.operations.query import query
from sources.errors import ConfigurationError


class Notes(PathDestination):
    """A folder with a database of its own in it."""

    default_path = "notes"

    @classmethod
    def is_at(cls, path: str) -> bool:
        """Whether the folder has its mark."""
        return (Path(path) / "mark").exists()

    def dlt_destination(self) -> Any:
        """A DuckDB file in the folder."""
        return dlt.destinations.duckdb(f"{self.place}/notes.duckdb")

    def may_use_setting(self, setting: tuple[str, ...]) -> bool:
        """No setting."""
        return not setting

    def check(self) -> None:
        """Marks the folder."""
        Path(self.location).mkdir(parents=True, exist_ok=True)
        (Path(self.location) / "mark").touch()

    @contextmanager
    def opened(self, only: Collection[str] | None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A table with the names that were asked for."""
        with duckdb.connect() as connection:
            connection.execute("CREATE TABLE asked AS SELECT ? AS names", [sorted(only or ())])
            yield connection


def test_one_more_destination_is_a_class_and_an_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is constructed, recognised by what is at a path, loaded into, read and refused like the others."""
    monkeypatch.setitem(DESTINATIONS, "notes", Notes)
    lake = Lake("notes", str(tmp_path / "here"))
    assert (Lake("notes").location, lake.exists(), lake.is_shared()) == ("notes", False, False)
    lake.check()
    assert lake.exists()
    assert Lake("parquet", lake.path) == lake
    pipeline = lake.pipeline()
    assert (pipeline.pipeline_name, pipeline.destination.destination_name) == (lake.pipeline_name, "duckdb")
    assert query(lake, "SELECT names FROM asked").rows == [([],)]
    with pytest.raises(ConfigurationError, match="are compacted; notes needs no compaction"):
        lake.compact()
    with pytest.raises(ConfigurationError, match="known are duckdb, parquet, notes, athena"):
        Lake("filesystem").pipeline()


def test_a_database_of_dlts_has_a_class_without_an_entry() -> None:
    """Whatever dlt loads into can be named."""
    assert class_of("snowflake") is AnyDatabase
    assert Lake("snowflake").location == "snowflake"


def test_lakes_with_equal_settings_are_equal() -> None:
    """What does the work has no say in whether they are the same."""
    assert Lake() == Lake("duckdb", None, "spotify")
    assert len({Lake(), Lake(), Lake("parquet")}) == 2
    assert repr(Lake()) == "Lake(destination='duckdb', path=None, dataset='spotify')"
