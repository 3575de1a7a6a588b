"""What `docs/accounts.md` shows is accepted as it stands there."""

import json
import shlex
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt

from pipelines.accounts.file import read_accounts
from pipelines.accounts.keys import KEYS
from pipelines.cli import playlake
from sources.exit_codes import PRECEDENCE

TEXT = (Path(__file__).parents[2] / "docs" / "accounts.md").read_text(encoding="utf-8")
BLOCKS = {token.info.strip(): token.content for token in MarkdownIt().parse(TEXT) if token.type == "fence"}


def _accepted(arguments: list[str]) -> None:
    """Lets the command line read its arguments, without running anything."""
    playlake.commands["sync"].make_context("sync", arguments, parent=click.Context(playlake))


def test_the_file_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The accounts file has no fault, needs no private file, and means what its comments say."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "accounts.toml"
    file.write_text(BLOCKS["toml accounts.toml"], encoding="utf-8")
    file.chmod(0o644)
    accounts = read_accounts(file)
    assert [(account.name, account.profile, account.path) for account in accounts] == [
        ("anna", None, "lake"),
        ("ben", "ben", "lake"),
        ("charts-1", None, "charts"),
        ("charts-2", None, "charts"),
    ]


def test_the_commands_and_the_variable_are_accepted() -> None:
    """All lines are commands of playlake's, and the variable has what the DAG asks of it."""
    for line in BLOCKS["sh"].splitlines():
        program, command, *arguments = shlex.split(line, comments=True)
        assert (program, command) == ("playlake", "sync")
        _accepted(arguments)
    setting = json.loads(BLOCKS["json"])
    assert {"command", "folder", "accounts"} < setting.keys()
    _accepted(["--accounts", setting["accounts"], "--schedule", setting["schedule"], "--dry-run"])


def test_keys_and_exit_codes_are_all_there() -> None:
    """Every key is named, and the exit codes stand in the order in which they count."""
    assert [key for key in KEYS if f"`{key}`" not in TEXT] == []
    rows = [line.split("|")[1].strip() for line in TEXT.splitlines() if line.startswith("|")]
    assert [int(row) for row in rows if row.isdigit()] == list(PRECEDENCE)
