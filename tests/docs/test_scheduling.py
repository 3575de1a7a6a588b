"""The schedules shown in `docs/scheduling.md` are ones that cron, systemd and Airflow take."""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt

from pipelines.cli import playlake
from sources import errors

TEXT = (Path(__file__).parents[2] / "docs" / "scheduling.md").read_text(encoding="utf-8")
BLOCKS = [(token.info.strip(), token.content) for token in MarkdownIt().parse(TEXT) if token.type == "fence"]
CRON = [line for kind, text in BLOCKS if kind == "cron" for line in text.splitlines()]
UNITS = {kind.removeprefix("ini "): text for kind, text in BLOCKS if kind.startswith("ini ")}


def _accepted(arguments: list[str]) -> None:
    """Lets the command line read its arguments, without running anything."""
    name, *rest = arguments
    command = playlake.commands[name]
    command.make_context(name, rest, parent=click.Context(playlake))


def test_lines_for_cron() -> None:
    """Each has five fields and a command that a shell can read; cron would cut it at a per cent sign."""
    assert CRON
    for line in CRON:
        *fields, command = line.split(" ", 5)
        assert all(re.fullmatch(r"\*(/\d+)?|\d+([-,/]\d+)*", field) for field in fields), line
        assert "%" not in command
        assert subprocess.run(["/bin/sh", "-n", "-c", command], check=False).returncode == 0, line
        (called,) = re.findall(r"bin/playlake (.*?)(?: 2>| \|\|| *$)", command)
        _accepted(shlex.split(called))


def test_units_of_systemd(tmp_path: Path) -> None:
    """The units mean something to systemd, which has nothing to say against them."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("there is no systemd-analyze here")
    for name, text in UNITS.items():
        # As systemd wants a path with a blank written.
        folder = str(Path(sys.executable).parent).replace("%", "%%").replace(" ", r"\x20")
        here = text.replace("%h/.local/bin", folder)
        (tmp_path / name).write_text(here, encoding="utf-8")
    tmp_path.chmod(0o700)
    done = subprocess.run(
        [program, "--user", "verify", *(str(tmp_path / name) for name in UNITS)],
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    # Of other units on the machine it may say something, too.
    said = [line for line in done.stderr.splitlines() if any(name in line for name in UNITS)]
    assert (done.returncode, said) == (0, [])


def test_exit_codes_in_units_are_those_of_errors() -> None:
    """Only what may resolve itself is tried again, and what asks to wait is no failure."""
    service = dict(line.split("=", 1) for line in UNITS["playlake.service"].splitlines() if "=" in line)
    hopeless = {errors.ConfigurationError.exit_code, errors.SignInError.exit_code, 4}
    assert {int(code) for code in service["RestartPreventExitStatus"].split()} == hopeless
    assert str(errors.TryLaterError.exit_code) in service["SuccessExitStatus"].split()
    for text in UNITS.values():
        for line in re.findall(r"^ExecStart=\S+/playlake (.*)", text, re.MULTILINE):
            _accepted(shlex.split(line))


def test_the_variable_for_airflow() -> None:
    """It is JSON with what the DAG asks of it, and commands with its arguments are accepted."""
    (text,) = (text for kind, text in BLOCKS if kind == "json")
    setting = json.loads(text)
    for account in setting["accounts"]:
        _accepted(["sync", "--log-format", "json", *setting["arguments"], *account.get("arguments", ())])
    assert {"command", "folder"} < setting.keys()
    assert all("name" in account for account in setting["accounts"])


def test_the_dag_that_waits_for_the_tables_is_one() -> None:
    """The program shown calls each function that it decorates with `dag`: Airflow knows no other DAGs."""
    (text,) = (text for kind, text in BLOCKS if kind == "python")
    program = ast.parse(text)
    made = [step.name for step in program.body if isinstance(step, ast.FunctionDef) and "dag(" in ast.unparse(step)]
    called = [ast.unparse(step) for step in program.body if isinstance(step, ast.Expr)]
    assert made
    assert called == [f"{name}()" for name in made]
