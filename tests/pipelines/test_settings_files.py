"""A settings file that cannot be used is a line that names it, and exit code 2."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext

from pipelines.sync.service import sync
from sources.errors import ConfigurationError
from tests.pipelines.driving import playlake

SECTION = "[sources.spotify]\n"
COMMANDS = (
    ("sync",),
    ("sync", "--log-format", "json"),
    ("status",),
    ("doctor",),
    ("login", "--no-browser", "--client-id", "0" * 32),
)
BROKEN = {
    "byte order mark": (b'\xef\xbb\xbf[sources.spotify]\nmarket = "DE"\n', "line 1 begins with a byte order mark"),
    "UTF-16": ((SECTION + 'market = "DE"\n').encode("utf-16"), "line 1 begins with UTF-16"),
    "latin-1": ((SECTION + "# é\n").encode("latin-1"), "line 2 is not valid UTF-8"),
    "slip": (b"[sources.spotify]\nmarket = DE\n", "line 2"),
    "no end": (b"[sources\n", "line 1"),
    "twice": (b"[a]\nb = 1\nb = 2\n", "line 3"),
    "value for a section": (b"\nsources = 5\n", "sources on line 2 must be a section"),
    "list for a section": (b"[[sources.spotify]]\n", "sources.spotify on line 1 must be a section"),
    "credentials": (b'[sources.spotify]\ncredentials = "x"\n', "sources.spotify.credentials on line 2 must be"),
}


@pytest.fixture(autouse=True)
def read_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Each test reads its own settings, and leaves none."""
    monkeypatch.setattr("dlt.common.runtime.run_context.global_dir", lambda: str(tmp_path / "home"))
    (tmp_path / ".dlt").mkdir()
    (tmp_path / "home").mkdir()
    yield
    monkeypatch.undo()
    Container()[PluggableRunContext].reload()


def ended(*command: str) -> tuple[int, str]:
    """How a command ends that reads the settings as if it were the first."""
    if PluggableRunContext in Container():
        del Container()[PluggableRunContext]
    end = playlake(*command)
    return end.code, end.out + end.err


@pytest.mark.sampled(3)
@pytest.mark.parametrize("problem", BROKEN)
@pytest.mark.parametrize("place", [".dlt/config.toml", ".dlt/secrets.toml", "home/config.toml", "home/secrets.toml"])
def test_a_broken_file_is_named(tmp_path: Path, place: str, problem: str) -> None:
    """Whatever is wrong, and wherever the file is: its name, the line, and 2."""
    content, said = BROKEN[problem]
    (tmp_path / place).write_bytes(content)
    # Not every command looks into the sections.
    commands = COMMANDS[:1] if "section" in said or "must be" in said else COMMANDS[:4]
    for command in commands:
        code, told = ended(*command)
        assert (code, "unexpected" in told) == (2, False), told
        assert Path(place).name in told
        assert said in told, told
    with pytest.raises(ConfigurationError, match="settings file"):
        sync()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    """No command takes a broken file for an accident of its own."""
    (tmp_path / ".dlt/config.toml").write_bytes(BROKEN["byte order mark"][0])
    code, told = ended(*command)
    assert (code, "unexpected" in told, "byte order mark" in told) == (2, False, True), told


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A folder in its place, or one without permission."""
    (tmp_path / ".dlt/config.toml").mkdir()
    code, told = ended("sync")
    assert (code, "cannot be read (Is a directory)" in told) == (2, True), told


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    """The message names it."""
    (tmp_path / ".dlt/config.toml").write_text("")
    (tmp_path / ".dlt/config.toml").chmod(0)
    code, told = ended("sync")
    assert (code, "cannot be read" in told) == (2, True), told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("api_url = 5", "api_url"),
        ("api_url = { x = 1 }", "api_url"),
        ('parallel_reads = "many"', "config.toml, line 2, must be a whole number"),
        ('covers = "perhaps"', "config.toml, line 2, must be true or false"),
        ("market = 5", "market"),
        ("audit_after = [7]", "audit_after"),
        ("playlists = 5", "playlists"),
        ("playlists = { x = 1 }", "playlists"),
        ("profile = { x = 1 }", "profile"),
        ('credentials.client_id = "x"\ncredentials.client_secret = "y"', "config.toml, line 2, holds secrets: move"),
    ],
)
def test_a_value_of_a_wrong_type(tmp_path: Path, text: str, said: str) -> None:
    """A sync names the setting and ends with 2; no other command takes it for an accident."""
    (tmp_path / ".dlt/config.toml").write_text(f"{SECTION}{text}\n")
    code, told = ended("sync")
    assert (code, "unexpected" in told, said in told) == (2, False, True), told
    for command in (("status",), ("doctor",)):
        assert "unexpected" not in ended(*command)[1]
