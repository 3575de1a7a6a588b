"""Where nothing is said to be configured, dlt finds nothing either."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext

from sources.spotify import read_settings, unconfigured
from sources.spotify.config import SETTINGS, Settings, SpotifyCredentials
from sources.spotify.unconfigured import is_unconfigured

SECTION = '[sources.spotify]\nmarket = "DE"\n'
VARIABLES = ("SOURCES__SPOTIFY__MARKET", "SOURCES__MARKET", "SPOTIFY__MARKET", "MARKET", "A__SOURCES__SPOTIFY__MARKET")
FILES = {
    "the folder": (".dlt/config.toml", {}),
    "the folder's secrets": (".dlt/secrets.toml", {}),
    "another project": ("project/.dlt/config.toml", {"DLT_PROJECT_DIR": "project"}),
    "the home": ("home/.dlt/config.toml", {}),
    "the home's secrets": ("home/.dlt/secrets.toml", {}),
    "the user's data": ("data/dlt/config.toml", {"XDG_DATA_HOME": "data"}),
    "a folder for working only": ("work/config.toml", {"DLT_DATA_DIR": "work"}),
}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A user with an empty home in an empty folder, in whose process nothing has used dlt yet."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    # A file of the system's is this machine's.
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(unconfigured, "USERS", set())
    yield
    monkeypatch.undo()
    Container()[PluggableRunContext].reload()


def found() -> str | None:
    """The country that dlt finds when it reads the settings for the first time."""
    if PluggableRunContext in Container():
        del Container()[PluggableRunContext]
    return read_settings().market


def test_the_names_are_the_declared_ones() -> None:
    """No setting is overlooked."""
    assert tuple(SETTINGS) == unconfigured.SETTINGS
    assert tuple(SpotifyCredentials().keys()) == unconfigured.CREDENTIALS


def test_nothing_is_nothing() -> None:
    """Without a file or a variable dlt gives the settings as they come."""
    assert is_unconfigured()
    assert read_settings() == Settings()


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_variable_that_dlt_reads_is_seen(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever sections stand before the name, and some that dlt does not read."""
    monkeypatch.setenv(variable, "DE")
    assert not (found() and is_unconfigured())
    assert not is_unconfigured()


@pytest.mark.parametrize("place", FILES)
def test_a_file_that_dlt_reads_is_seen(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In each folder that may be the project's, the user's or the system's; and no other is looked at."""
    name, variables = FILES[place]
    for variable, folder in variables.items():
        monkeypatch.setenv(variable, str(tmp_path / folder))
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(SECTION)
    assert (found() == "DE") == (not is_unconfigured())


def test_a_mounted_secret_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Docker and Kubernetes mount them; others' secrets are none of ours."""
    monkeypatch.setattr(unconfigured, "MOUNTED", tmp_path / "secrets")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/database-password").touch()
    assert is_unconfigured()
    (tmp_path / "secrets/sources--spotify--credentials--refresh-token").touch()
    assert not is_unconfigured()


def test_a_process_that_uses_dlt_asks_it() -> None:
    """It may have been told something."""
    unconfigured.USERS.add("dlt")
    assert not is_unconfigured()
