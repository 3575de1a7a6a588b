"""A file for secrets: private, whole, and with room for what comes next."""

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sources.private_file import PrivateFile


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    """The file has mode 0600 in a folder of mode 0700 from the first moment, and nothing else is left beside it."""
    file = PrivateFile(tmp_path / "new" / "token")
    assert file.read() is None
    with file.turn():
        assert [stat.S_IMODE(path.stat().st_mode) for path in file.path.parent.glob("*.partial")] == [0o600]
        file.write(b"ONE")
    with file.turn():
        file.write(b"A LONGER ONE")
    assert file.read() == b"A LONGER ONE"
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    assert {path.name for path in file.path.parent.iterdir()} <= {"token", "token.lock"}


def test_without_room_for_the_successor_no_turn_begins(tmp_path: Path) -> None:
    """On a full disk the turn is refused before a token is spent, and what is there stays.

    A limit on the size of files takes the part of the full disk.
    """
    file = PrivateFile(tmp_path / "token")
    with file.turn():
        file.write(b"ONE")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match="large"), file.turn():
            pytest.fail("the turn began")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.read() == b"ONE"


def test_a_successor_is_written_although_the_disk_has_filled_up(tmp_path: Path) -> None:
    """What a turn has reserved is enough for the next token, even if nothing more can be written by then."""
    file = PrivateFile(tmp_path / "token")
    with file.turn():
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
        try:
            file.write(b"x" * 4000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.read() == b"x" * 4000


DIE_BEFORE_REPLACING = """
import os, signal, sys
from pathlib import Path
from sources.private_file import PrivateFile

Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
file = PrivateFile(Path(sys.argv[1]))
with file.turn():
    file.write(b"SUCCESSOR")
"""


def killed_before_replacing(path: Path) -> None:
    """Lets a process die when the successor is on the disk, but not yet in its place."""
    command = [sys.executable, "-c", DIE_BEFORE_REPLACING, str(path)]
    assert subprocess.run(command, cwd=Path(__file__).parents[2], check=False).returncode == -signal.SIGKILL


def test_what_a_killed_process_had_written_is_taken_over(tmp_path: Path) -> None:
    """The token before it has been used up; an older leftover does not come back, and removing removes it, too."""
    file = PrivateFile(tmp_path / "token")
    with file.turn():
        file.write(b"ONE")
    killed_before_replacing(file.path)
    assert file.read() == b"ONE"
    with file.turn():
        assert file.read() == b"SUCCESSOR"
    killed_before_replacing(file.path)
    file.path.write_bytes(b"MINE")
    os.utime(file.path, (file.path.stat().st_mtime + 10,) * 2)
    with file.turn():
        assert file.read() == b"MINE"
    killed_before_replacing(file.path)
    assert file.remove()
    assert {path.name for path in tmp_path.iterdir()} <= {"token.lock"}


TAKE_TURNS = """
import sys
from pathlib import Path
from sources.private_file import PrivateFile

file = PrivateFile(Path(sys.argv[1]))
for _ in range(50):
    with file.turn():
        file.write(str(int(file.read() or b"0") + 1).encode())
"""


def test_one_process_at_a_time(tmp_path: Path) -> None:
    """Processes that read and write in turns lose nothing of each other's."""
    checkout = Path(__file__).parents[2]
    command = [sys.executable, "-c", TAKE_TURNS, str(tmp_path / "number")]
    processes = [subprocess.Popen(command, cwd=checkout) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert PrivateFile(tmp_path / "number").read() == b"150"
