"""Damaged files are named by every command that reads them, with what to do, and that works."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import duckdb
import pytest

from pipelines.destinations.parquet.damaged_files import _holds
from schemas import TABLES
from schemas.spec import Table
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import Ended, playlake

pytestmark = pytest.mark.sampled(2)

PLACE = ("--destination", "parquet", "--path", "lake")
COMMANDS = (
    ("sync",),
    ("sync", "--full"),
    ("query", "SELECT count(item_uri), count(name) FROM playlist_items LEFT JOIN tracks ON track_uri = item_uri"),
    ("status",),
    ("status", "--check"),
    ("report",),
    ("doctor",),
    ("compact",),
)


def cut(path: Path) -> None:
    """Only the first half is left."""
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    """Nothing is left."""
    os.truncate(path, 0)


def noise(path: Path) -> None:
    """Other bytes of the same number."""
    path.write_bytes(Random(0).randbytes(path.stat().st_size))


def foreign(path: Path) -> None:
    """A Parquet file of somebody else's, under the name of ours."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS playlist_id, 2 AS track_uri) TO '{path}' (FORMAT parquet)")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Path]]:
    """A folder of Parquet files after a sync; each test takes a copy."""
    folder = tmp_path_factory.mktemp("kept")
    with Sandbox(generate(seed=3, playlists=3, items=40)) as api:
        place = ("--destination", "parquet", "--path", str(folder / "lake"))
        assert playlake("sync", *place, environment=api.environment).code == 0
        yield api, folder / "lake"


def ended(api: Sandbox, *command: str) -> Ended:
    """How a command on the copy ends."""
    end = playlake(command[0], *PLACE, *command[1:], environment=api.environment)
    assert "unexpected" not in end.err
    assert "Traceback" not in end.err
    return end


@pytest.mark.sampled(3)
@pytest.mark.parametrize("table", ["playlist_additions", "playlist_snapshots", "tracks", "playlists"])
@pytest.mark.parametrize("damage", [cut, empty, noise])
def test_a_damaged_file(damage: Callable[[Path], None], table: str, kept: tuple[Sandbox, Path]) -> None:
    """It is named with exit code 2 and left alone; without it a sync of everything brings back what there is."""
    api, source = kept
    shutil.copytree(source, "lake")
    items = ended(api, *COMMANDS[2]).out
    [path] = Path("lake/spotify", table).glob("*.parquet")
    damage(path)
    before = path.read_bytes()
    for command in COMMANDS if damage is cut else COMMANDS[:3]:
        end = ended(api, *command)
        said = end.out + end.err
        concerned = command[0] != "status" or table == "playlists"
        assert (end.code, path.name in said, "delete it and run playlake sync --full" in said) == (2, True, True) or (
            not concerned and end.code in {0, 1}
        ), (command, said)
        assert path.read_bytes() == before
    path.unlink()
    assert ended(api, "sync", "--full").code == 0
    assert ended(api, *COMMANDS[2]).out == items
    assert ended(api, "sync").code == 0


@pytest.mark.parametrize("damage", [cut, noise])
def test_a_damaged_record(damage: Callable[[Path], None], kept: tuple[Sandbox, Path]) -> None:
    """It is named with the command that writes it again, which loses nothing."""
    api, source = kept
    shutil.copytree(source, "lake")
    items = ended(api, *COMMANDS[2]).out
    [path] = Path("lake/spotify/_dlt_loads").glob("*.jsonl")
    damage(path)
    for command in COMMANDS[:3]:
        end = ended(api, *command)
        assert (end.code, path.name in end.err, "--restore-records" in end.err) == (2, True, True), end.err
        assert "sync --full" not in end.err
    path.unlink()
    assert ended(api, "compact", "--restore-records").code == 0
    assert ended(api, *COMMANDS[2]).out == items
    assert "0 read" in ended(api, "sync").out


def misspelt(path: Path) -> None:
    """A text that is none in UTF-8, in what is JSON otherwise."""
    path.write_bytes(path.read_bytes().replace(b"spotify", b"spo\xfffy"))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("damage", [cut, noise, misspelt])
def test_a_damaged_record_of_a_compaction(damage: Callable[[Path], None], kept: tuple[Sandbox, Path]) -> None:
    """Every command names it, and what to do, which loses nothing."""
    api, source = kept
    shutil.copytree(source, "lake")
    assert ended(api, "sync", "--full").code == 0
    assert ended(api, "compact").code == 0
    items = ended(api, *COMMANDS[2]).out
    [path] = Path("lake/spotify/_dlt_loads").glob("*~*.jsonl")
    damage(path)
    for command in COMMANDS:
        end = ended(api, *command)
        said = end.out + end.err
        assert (end.code, path.name in said, "--restore-records" in said) == (2, True, True), (command, said)
    path.unlink()
    assert ended(api, "compact", "--restore-records").code == 0
    assert ended(api, *COMMANDS[2]).out == items
    assert "0 read" in ended(api, "sync").out


@pytest.mark.long
def test_a_file_of_somebody_else(kept: tuple[Sandbox, Path]) -> None:
    """One under the name of ours is named by the doctor, and a sync of everything goes on without it."""
    api, source = kept
    for table in ("playlist_additions", "playlist_snapshots", "tracks"):
        shutil.rmtree("lake", ignore_errors=True)
        shutil.copytree(source, "lake")
        items = ended(api, *COMMANDS[2]).out
        [path] = Path("lake/spotify", table).glob("*.parquet")
        foreign(path)
        end = ended(api, "doctor")
        assert (end.code, f"{path.name} is damaged (it is not a file of {table}" in end.out) == (2, True), end.out
        path.unlink()
        assert ended(api, "sync", "--full").code == 0
        assert ended(api, *COMMANDS[2]).out == items


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(kept: tuple[Sandbox, Path]) -> None:
    """It is named, too."""
    api, source = kept
    shutil.copytree(source, "lake")
    [path] = Path("lake/spotify/tracks").glob("*.parquet")
    path.chmod(0)
    end = ended(api, "sync", "--full")
    assert (end.code, path.name in end.err) == (2, True), end.err


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_type_of_ours_is_taken_for_damage(table: Table) -> None:
    """A file has the types that its table declares."""
    assert [column.name for column in table.columns if not _holds(column.type, column)] == []
