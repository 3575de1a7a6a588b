"""A disk that is really full: a small one in memory, which takes root to mount."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sources.spotify_sandbox import Sandbox
from tests.faults.case import edited_world, small_world, sync
from tests.faults.comparing import endings, states
from tests.faults.scene import Scene

LEFT = 150_000
"""Bytes that are left of the disk: enough to read, not to load."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk in memory")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_a_full_disk(destination: str, disk: Path) -> None:
    """A sync says that the disk is full, what was stored can be read, and with space again the next sync does all."""
    scene = Scene(disk, destination)
    scene.folder.mkdir(parents=True)
    with Sandbox(small_world()) as api:
        assert sync(scene, api).code == 0
    before, filler = states(scene.lake), disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    with filler.open("r+b") as file:
        file.truncate(filler.stat().st_size - LEFT)

    world = edited_world()
    with Sandbox(world) as api:
        ended = sync(scene, api)
        assert (ended.code, "disk is full" in ended.err, "Traceback" in ended.err) == (2, True, False), ended
        assert before == states(scene.lake)
        filler.unlink()
        assert sync(scene, api).code == 0
    now = {playlist_id: [item[0] for item in items] for playlist_id, items in states(scene.lake).items()}
    assert {
        playlist.id: [entry.uri for entry in playlist.entries] for playlist in world.listed() if len(playlist)
    } == now
    assert endings(scene.lake)[-1] == 0
