"""A lake's path is a name and nothing else, whatever signs it has and however it is spelled."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.compaction import compact
from pipelines.sync.service import sync
from schemas import TABLES
from sources.errors import ConfigurationError
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(2)

COUNT = "SELECT count(*) FROM playlist_items"
NAMES = (
    "a[x]", "a[!x]", "a*", "a?", "**", "[", "]", "{a,b}", "it's", 'sa"id', "sp ace", "ha#sh", "p%20c", "ü ñ 日",
    "new\nline", "a;b", "$HOME", "a&b", "-v",
)  # fmt: skip


@pytest.fixture(scope="module")
def api() -> Iterator[Sandbox]:
    with Sandbox(generate(seed=2, playlists=3, items=30)) as running:
        yield running


@pytest.fixture(scope="module")
def synced(api: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with two syncs."""
    folder = tmp_path_factory.mktemp("synced") / "lake"
    for _ in range(2):
        sync(lake=Lake("parquet", str(folder)), **settings(api))
    return folder


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", NAMES)
def test_signs_of_patterns_mean_themselves(name: str, synced: Path, tmp_path: Path) -> None:
    """Queries and compactions find the files in such a folder, and none of a folder that the pattern would match."""
    for other in ("ax", "ab", "a", "b", name):
        shutil.copytree(synced, tmp_path / other)
    lake = Lake("parquet", str(tmp_path / name))
    expected = select(lake, COUNT)
    done = compact(lake)
    assert done.files_before > done.files_after == len(TABLES)
    assert select(lake, COUNT) == expected
    for other in ("ax", "ab", "a", "b"):
        assert len(list((tmp_path / other).rglob("*.parquet"))) == len(list(synced.rglob("*.parquet")))


@pytest.mark.long
@pytest.mark.parametrize("name", ["a[x]", "it's", "ha#sh", "new\nline"])
def test_syncs_and_views_take_such_a_path(name: str, api: Sandbox, tmp_path: Path) -> None:
    """The first sync into such a folder, the next one, and `views.sql` beside the files."""
    lake = Lake("parquet", str(tmp_path / name))
    for _ in range(2):
        assert sync(lake=lake, **settings(api)).exit_code == 0
    expected = select(lake, COUNT)
    with duckdb.connect() as connection, pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / name / "spotify")
        connection.execute(Path("views.sql").read_text(encoding="utf-8"))
        assert connection.execute(COUNT).fetchall() == expected


@pytest.mark.skipif(os.sep == "\\", reason="there it is the separator")
def test_a_backslash_is_refused(tmp_path: Path) -> None:
    """DuckDB takes it for a separator, so files below such a folder could be written and not read."""
    with pytest.raises(ConfigurationError, match="backslash"):
        Lake("parquet", str(tmp_path / "a\\b"))
    told = playlake("sync", "--destination", "parquet", "--path", str(tmp_path / "a\\b"))
    assert (told.code, list(tmp_path.iterdir())) == (2, [])


@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_one_place_is_one_lake(destination: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link, a way round, a slash at the end and a relative path lead to the same pipeline and the same locks."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").symlink_to(tmp_path / "real" / "lake")
    monkeypatch.chdir(tmp_path)
    spellings = [
        tmp_path / "real/lake",
        "real/lake",
        "link/lake",
        "real/../link/lake",
        "./real//lake",
        "file",
        "real/lake/",
    ]
    assert len({Lake(destination, str(path)).pipeline_name for path in spellings}) == 1
    assert len({Lake("parquet", url).pipeline_name for url in ("s3://b/lake", "s3://b/lake/")}) == 1


@pytest.mark.parametrize(
    ("lake", "words"),
    [
        (Lake(path="Meine Musik.duckdb"), "duckdb_meine_musik_spotify"),
        (Lake("parquet", "s3://bucket/lake/", "ben"), "parquet_lake_ben"),
        (Lake("postgres"), "postgres_spotify"),
        (Lake(path="歌.duckdb"), "duckdb_spotify"),
        (Lake(path="a-name-that-is-longer-than-anybody-reads.duckdb"), "duckdb_a_name_that_is_longer_than_anybod"),
    ],
)
def test_people_can_read_the_name_of_a_pipeline(lake: Lake, words: str) -> None:
    """It says what the lake is and is called, in signs that any file system takes, and a mark tells namesakes apart."""
    name = lake.pipeline_name
    assert re.fullmatch(rf"playlake_{words}_[0-9a-f]{{8}}", name), name
    assert Lake(lake.destination, lake.path, "another").pipeline_name != name


def test_a_path_inside_a_lake_is_refused(synced: Path) -> None:
    """A path that leads into a lake is refused with the options that name it."""
    with pytest.raises(ConfigurationError, match=f"write --path {synced} --dataset spotify"):
        Lake("parquet", str(synced / "spotify"))
    assert Lake("parquet", str(synced / "tracks")).location
