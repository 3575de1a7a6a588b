"""The options that name a lake in commands to copy."""

import shlex
from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.lake_options import lake_options


def test_they_lead_back_to_the_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From another folder, a shell and playlake find the same file, whatever signs are in its name."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for path in ("lists.duckdb", "my lists' $HOME; rm.duckdb", str(tmp_path / "home" / "a b" / "lists.duckdb")):
        lake = Lake("duckdb", path, "mine")
        [_, found, _, dataset] = shlex.split(lake_options(lake))
        assert found.startswith("~/a b/") == (str(tmp_path / "home") in path)
        monkeypatch.chdir("/")
        again = Lake("duckdb", found, dataset)
        assert (again.backend.place, again.dataset) == (str((tmp_path / path).resolve()), "mine")
        monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("lake", "options"),
    [
        (Lake("parquet", "s3://bucket/lake"), "--destination parquet --path s3://bucket/lake"),
        (Lake("parquet", "s3://key:hidden@bucket/lake"), "--destination parquet"),
        (Lake("parquet", "az://account/lake?sig=hidden"), "--destination parquet"),
        (Lake("postgres"), "--destination postgres"),
    ],
)
def test_no_secret_is_named(lake: Lake, options: str) -> None:
    """A bucket's URL that has a key in it is left out, and a database is only named."""
    assert lake_options(lake) == options
