"""`playlake sync` as people run it: all playlists of the user, all tables, the views too."""

import json
import sys
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

from pipelines.cli import main


def load(_place: Path, _url: str, work: Path) -> int:
    """Every setting has its default but the addresses and credentials, which are in the environment."""
    report = work / "report.json"
    arguments = ["playlake", "sync", "--path", str(work / "playlake.duckdb"), "--report", str(report)]
    with patch.object(sys, "argv", arguments), suppress(SystemExit):
        main()
    run = json.loads(report.read_bytes())["run"]
    assert run["exit_code"] == 0, run["message"]
    return int(run["new_items"])
