"""The options that name a lake, for commands that people copy."""

import os
import shlex
import subprocess
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.destinations.lake import Lake

USUAL = {each.name: each.default for each in fields(Lake)}
"""The lake of commands without options."""


def lake_options(lake: Lake) -> str:
    """The options with which a command finds this lake from any folder, quoted for a shell.

    A file or folder is named by its whole path, with `~` for the user's home, which playlake expands. A bucket whose
    URL may contain a password or a key has no `--path`, and a database has none in any case.
    """
    options: list[str] = []
    name = lake.destination
    if name != USUAL["destination"]:
        options += ["--destination", name]
    if lake.backend.default_path is not None and (place := _place(lake)) is not None:
        options += ["--path", place]
    if lake.dataset != USUAL["dataset"]:
        options += ["--dataset", lake.dataset]
    # Quotes of the shell where the command will be pasted.
    return subprocess.list2cmdline(options) if os.name == "nt" else shlex.join(options)


def _place(lake: Lake) -> str | None:
    """The path or URL; null if it may contain a secret."""
    if lake.backend.is_url:
        parts = urlsplit(lake.location)
        return None if "@" in parts.netloc or parts.query or parts.fragment else lake.location
    place, home = Path(lake.location).absolute(), Path.home()
    return f"~{os.sep}{place.relative_to(home)}" if place.is_relative_to(home) else str(place)
