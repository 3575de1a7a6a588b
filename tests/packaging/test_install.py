"""Each way of installing that the README shows, in a home where nobody has installed anything."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from sources.spotify_sandbox import Sandbox, generate
from tests.packaging.outside import reaching
from tests.pipelines.driving import clean_environment

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
SHOWN = README.partition("## Install\n")[2].partition("\n## ")[0]
LINES = [
    line.partition("  #")[0].strip()
    for token in MarkdownIt().parse(SHOWN)
    if token.type == "fence" and token.info == "sh"
    for line in token.content.splitlines()
]
TOOLS = ["uv tool install .", "pipx install ."]
"""Lines that leave a command in `~/.local/bin`."""
WITH_PIP = "python3 -m pip install ."


def test_all_ways_are_shown() -> None:
    """The README begins with them, and with what to try first."""
    assert LINES[0] == "uvx --from . playlake demo"
    assert {*TOOLS, WITH_PIP} <= set(LINES)
    assert README.index("## Install\n") < README.index("make demo")


def done(line: str, home: Path, cache: Path) -> str:
    """What a line of the README says, typed in the folder of the checkout by somebody with an empty home."""
    tools = Path(sys.executable).parent
    if not shutil.which("pipx", path=str(tools)):
        pytest.skip("make packaging has uv and pipx")
    environment = reaching(home, cache)
    environment["PATH"] = f"{home / 'env/bin'}:{tools}:{environment['PATH']}"
    ended = subprocess.run(
        ["bash", "-ec", line],
        cwd=CHECKOUT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.mark.packaging
def test_without_installing(tmp_path: Path, cache: Path) -> None:
    """`uvx` runs the command and leaves none behind."""
    assert "playlake, version " in done(LINES[0].replace("demo", "--version"), tmp_path, cache)
    assert not (tmp_path / ".local/bin").exists()


@pytest.mark.packaging
@pytest.mark.parametrize("line", TOOLS)
def test_installed(tmp_path: Path, cache: Path, line: str) -> None:
    """The command is where people look for it, and it syncs with the newest of all that it needs."""
    done(line, tmp_path, cache)
    command = tmp_path / ".local/bin/playlake"
    with Sandbox(generate(seed=1, playlists=2, items=12)) as api:
        for arguments in (["sync", "--quiet"], ["status", "--check"]):
            said = subprocess.run(
                [command, *arguments],
                cwd=tmp_path,
                env=clean_environment(tmp_path) | api.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            assert said.returncode == 0, said.stdout


@pytest.mark.packaging
def test_into_an_environment(tmp_path: Path, cache: Path) -> None:
    """There are versions that go together; that what it installs works is seen where the image's steps are run."""
    done(f"python3 -m venv {tmp_path / 'env'}", tmp_path, cache)
    last = done(f"{WITH_PIP} --dry-run", tmp_path, cache).splitlines()[-1]
    assert last.startswith("Would install ")
    assert " playlake-" in last
