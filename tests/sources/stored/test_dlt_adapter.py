"""dlt's clients are distinguished."""

from pathlib import Path

import dlt
import pytest

from sources.stored.dialects import dialect_of
from sources.stored.dlt_adapter import folder_of, sql_client_of, writes_files


@pytest.mark.parametrize("kind", ["duckdb", "filesystem"])
def test_a_folder_is_no_database(kind: str, tmp_path: Path) -> None:
    """Although dlt answers SQL for both."""
    is_folder = kind == "filesystem"
    place = str(tmp_path / "here")
    destination = dlt.destinations.filesystem(place) if is_folder else dlt.destinations.duckdb(place)
    pipeline = dlt.pipeline("adapted", pipelines_dir=str(tmp_path / "dlt"), destination=destination, dataset_name="a")
    with pipeline.destination_client() as client:
        assert dialect_of(client).name == "duckdb"
        assert (folder_of(client) is not None, sql_client_of(client) is None) == (is_folder, is_folder)
    assert writes_files(pipeline.destination) == is_folder
    assert not writes_files(None)
