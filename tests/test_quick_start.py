"""What the quick start tells to type works, typed as it stands."""

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.driving import clean_environment, started

CHECKOUT = Path(__file__).parent.parent
TEXT = (CHECKOUT / "docs/quick_start.md").read_text(encoding="utf-8")
PORT = "8642"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[str]:
    """Where the sandbox listens, in a process like that of the first terminal; not on the port of the text."""
    (served,) = re.findall(r"^ *playlake (sandbox .*)$", TEXT, re.MULTILINE)
    command = served.replace(PORT, "0").split()
    assert command != served.split()
    process = started(*command, "--playlists", "6", "--items", "90", folder=tmp_path)
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"SOURCES__SPOTIFY__ACCOUNTS_URL=http://127.0.0.1:(\d+)", line):
                yield found[1]
            if "Ctrl-C" in line:
                break
        process.send_signal(signal.SIGINT)
        process.communicate()


@pytest.mark.long
def test_the_whole_way_without_spotify(tmp_path: Path, port: str) -> None:
    """From the page of consent to the report, in one shell; the second sync reads nothing."""
    (block,) = re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL)
    # Tests run side by side, so none takes a port that is not its own.
    block = block.replace(PORT, port).replace("playlake login", "playlake login --port 0")
    program = CHECKOUT / "tests/pipelines/operations/login/agree.py"
    agree = f"{shlex.quote(sys.executable)} {shlex.quote(str(program))} %s &"
    folder = str(Path(sys.executable).parent)
    environment = clean_environment(tmp_path) | {"BROWSER": agree}
    environment["PATH"] = f"{folder}:{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Signed in as" in done.stdout
    first, second = re.findall(r"\d+ playlists: (\d+) read, (\d+) unchanged", done.stdout)
    assert int(first[0]) > 3
    assert second == ("0", "6")
    assert "Removed profile 'sandbox'" in done.stdout
    assert "✗" not in done.stdout
    assert (tmp_path / "sandbox.html").stat().st_size > 10_000
