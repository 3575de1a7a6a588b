"""The suite passes for whoever runs it, whatever their environment, their current folder and their umask."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from pipelines.cli import playlake
from tests.conftest import STEERING

CHECKOUT = Path(__file__).parent.parent

PROBES = (
    "tests/pipelines/test_cli.py::test_settings_from_files",
    "tests/pipelines/test_limits.py::test_another_app_need_not_wait",
    "tests/sources/spotify_sandbox/test_independence.py",
    "tests/pipelines/operations/test_query.py",
    "tests/sources/test_private_file.py::test_nobody_else_may_read_it",
    "tests/sources/spotify_sandbox/server/test_server.py::test_the_program",
    "tests/test_architecture.py::test_the_project_names_no_place_that_only_its_makers_have",
    "tests/test_isolation.py::test_variables_that_steer_the_product_are_left_out",
)
"""Tests of syncs, the command in a process of its own, modes of files, texts, times and git."""

NOWHERE = "http://127.0.0.1:9"
HOSTILE = {
    "HOME": "/dev/null",
    "XDG_DATA_HOME": "/dev/null",
    "XDG_CONFIG_HOME": "/dev/null",
    "LC_ALL": "C",
    "LANG": "C",
    "TZ": "Asia/Kathmandu",
    "DLT_DATA_DIR": "/dev/null",
    "DLT_PROJECT_DIR": "/dev/null",
    "DLT_CONFIG_FOLDER": "elsewhere",
    "RUNTIME__DLTHUB_TELEMETRY": "true",
    "RUNTIME__LOG_LEVEL": "DEBUG",
    "SCHEMA__NAMING": "direct",
    "SOURCES__SPOTIFY__MARKET": "SE",
    "SOURCES__SPOTIFY__PLAYLISTS": '["none"]',
    "SPOTIFY__PROFILE": "another",
    "PROFILE": "another",
    "CREDENTIALS": "another",
    "API_URL": NOWHERE,
    "DESTINATION__DUCKDB__CREDENTIALS": "/dev/null/lake.duckdb",
    "PLAYLAKE_FAILURE_WEBHOOK": NOWHERE,
    "HTTP_PROXY": NOWHERE,
    "https_proxy": NOWHERE,
    "REQUESTS_CA_BUNDLE": "/dev/null",
    "SSL_CERT_FILE": "/dev/null",
    "AWS_PROFILE": "another",
    "PGOPTIONS": "--nothing",
    "GIT_DIR": "/dev/null",
    "BROWSER": "false",
    "FORCE_COLOR": "1",
    "COLUMNS": "20",
}
"""What users have set, at its worst."""


@pytest.mark.long
def test_a_hostile_environment(tmp_path: Path) -> None:
    """Settings of all kinds, a folder with a blank that only its owner may enter, and new files that are private."""
    folder = tmp_path / "a folder"
    (folder / ".dlt").mkdir(parents=True)
    folder.chmod(0o700)
    (folder / ".dlt/config.toml").write_text('[sources.spotify]\nmarket = "no country"\n', encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "--rootdir",
        CHECKOUT,
        "-c",
        CHECKOUT / "pyproject.toml",
    ]
    done = subprocess.run(
        [*map(str, command), *(str(CHECKOUT / probe) for probe in PROBES)],
        cwd=folder,
        env=os.environ | HOSTILE | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
        umask=0o077,
    )
    assert done.returncode == 0, done.stdout


def test_variables_that_steer_the_product_are_left_out() -> None:
    """Variables with the project's name are for tests, but for those that options of the command read."""
    options = [option for command in playlake.commands.values() for option in command.params]
    read = {name for option in options if isinstance(option, click.Option) and isinstance(name := option.envvar, str)}
    assert read
    assert read <= STEERING, "tests/conftest.py names them"
    assert not STEERING & os.environ.keys()
