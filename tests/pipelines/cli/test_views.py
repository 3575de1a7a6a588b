"""`playlake views`."""

from pathlib import Path

import duckdb

from tests.pipelines.driving import playlake
from tests.schemas.lake_folder import LakeFolder

LAKE = {"playlists": [{"playlist_id": "p", "name": "Mix"}]}


def test_what_it_prints_for_duckdb_shows_the_lake(tmp_path: Path) -> None:
    """The statements make the tables and views in any DuckDB, and those for Spark are others."""
    LakeFolder(tmp_path / "lake" / "spotify").load("1700000000.5", LAKE)
    arguments = ("views", "--destination", "parquet", "--path", str(tmp_path / "lake"))
    ended, spark = playlake(*arguments), playlake(*arguments, "--engine", "spark")
    assert (ended.code, ended.err, spark.code, spark.err) == (0, "", 0, "")
    with duckdb.connect() as connection:
        connection.execute(ended.out)
        assert connection.execute("SELECT name FROM playlists").fetchall() == [("Mix",)]
    assert f"path 'file://{tmp_path}/lake/spotify/playlists'" in spark.out


def test_what_has_no_files_is_refused_in_a_line(tmp_path: Path) -> None:
    """A database has its views already, and where there is no lake there are none; nothing is made there."""
    ended = playlake("views", "--path", str(tmp_path / "music.duckdb"))
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert "--destination parquet" in ended.err
    none = playlake("views", "--engine", "spark", "--destination", "parquet", "--path", str(tmp_path / "none"))
    assert (none.code, none.out, none.err.count("\n")) == (2, "", 1)
    assert [*tmp_path.iterdir()] == []
