"""Playlake as people run it: the command in a process of its own, or the console script's function in this one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipelines.cli import main
from sources.spotify_sandbox import Sandbox

CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str


def settings(api: Sandbox) -> dict[str, Any]:
    """The arguments of `sync` and `spotify_playlists` that lead to a sandbox."""
    return {
        "credentials": {
            "client_id": api.client_id,
            "client_secret": api.client_secret,
            "refresh_token": api.refresh_token,
        },
        "api_url": api.api_url,
        "accounts_url": api.accounts_url,
    }


def playlake(*arguments: str, environment: Mapping[str, str] | None = None) -> Ended:
    """What the console script does with these arguments, run in this process."""
    out, err = StringIO(), StringIO()
    with (
        patch.object(sys, "argv", ["playlake", *arguments]),
        patch.dict(os.environ, environment or {}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as ending:
            code = int(ending.code or 0)
    return Ended(code, out.getvalue(), err.getvalue())


def console_script() -> str:
    """The path of the installed command."""
    # Environments on top of the one for development have no script of their own.
    folders = [Path(sys.executable).parent, CHECKOUT / ".venv/bin"]
    script = shutil.which("playlake", path=os.pathsep.join(map(str, folders)))
    assert script is not None, "the console script is not installed beside this Python"
    return script


def started(*arguments: str, folder: Path, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """The installed console script in a process of its own, with a home in `folder` and no settings but those given."""
    return subprocess.Popen(
        [console_script(), *arguments],
        cwd=folder,
        env=clean_environment(folder) | dict(environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def ended(process: "subprocess.Popen[str]", timeout: float = 120) -> Ended:
    """How a process ends."""
    with process:
        out, err = process.communicate(timeout=timeout)
    return Ended(process.returncode, out, err)


def clean_environment(folder: Path) -> dict[str, str]:
    """This process's environment without settings of playlake's, and all its folders in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SOURCES__", "DESTINATION__"))}
    folders = {"HOME": folder, "XDG_DATA_HOME": folder / "data", "DLT_DATA_DIR": folder / "dlt"}
    return kept | {name: str(path) for name, path in folders.items()} | {"PYTHONIOENCODING": "utf-8"}
