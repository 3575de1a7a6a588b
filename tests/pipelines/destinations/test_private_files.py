"""What a sync and a report write is their owner's only where they make it, and stays as it is where it was."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.destinations.private_files import owner_only
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake

pytestmark = pytest.mark.skipif(os.name == "nt", reason="files have other permissions there")


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """As most systems have it, all may read what a user makes."""
    before = os.umask(0o022)
    yield
    assert os.umask(before) == 0o022


@pytest.fixture
def api() -> Iterator[Sandbox]:
    """An account."""
    with Sandbox(generate(seed=3, playlists=3, items=30)) as made:
        yield made


def mode(path: Path | str) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_a_database_is_its_owners(api: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The DuckDB file, the reports and what dlt keeps of it may be read by nobody else."""
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    end = playlake("sync", "--report", "sync.json", "--keep-raw", "raw", environment=api.environment)
    assert end.code == 0, end.err
    assert playlake("report").code == 0
    made: list[Path | str] = ["playlake.duckdb", "sync.json", "playlake-report.html", *Path("raw").iterdir()]
    assert {str(file): mode(file) for file in made} == {str(file): 0o600 for file in made}
    assert [str(file) for file in Path("dlt").rglob("*") if mode(file) & 0o077] == []


@pytest.mark.long
def test_what_is_there_stays_as_it_is(api: Sandbox) -> None:
    """Who has opened a file to others has done so on purpose."""
    assert playlake("sync", "--report", "sync.json", environment=api.environment).code == 0
    assert playlake("report").code == 0
    files = ("playlake.duckdb", "sync.json", "playlake-report.html")
    for file in files:
        Path(file).chmod(0o664)
    assert playlake("sync", "--report", "sync.json", environment=api.environment).code == 0
    assert playlake("report").code == 0
    assert {file: mode(file) for file in files} == dict.fromkeys(files, 0o664)


def test_a_folder_of_files_is_its_owners(api: Sandbox) -> None:
    """A lake that a sync makes may be entered by nobody else."""
    assert playlake("sync", "--destination", "parquet", environment=api.environment).code == 0
    assert mode("lake") == 0o700


def test_a_shared_folder_is_shared(api: Sandbox) -> None:
    """In a folder that others may enter new files are as the user's mask has them."""
    Path("lake").mkdir(mode=0o755)
    assert playlake("sync", "--destination", "parquet", environment=api.environment).code == 0
    assert {mode(file) for file in Path("lake").rglob("*.parquet")} == {0o644}


def test_the_umask_is_restored() -> None:
    """Whatever ends what is done inside."""
    with pytest.raises(ZeroDivisionError), owner_only(Lake()):
        Path("made").touch()
        raise ZeroDivisionError
    assert mode("made") == 0o600
