"""The help of the commands."""

import inspect

from click.testing import CliRunner

from pipelines.cli import playlake as group


def test_every_command_has_help() -> None:
    """Help comes without credentials and files, and says in its first sentence what a command is for."""
    for name, command in group.commands.items():
        shown = CliRunner().invoke(group, [name, "--help"], terminal_width=80)
        assert shown.exit_code == 0
        sentence = " ".join(inspect.cleandoc(command.help or "").partition("\n\n")[0].split())
        assert sentence.endswith(".")
        assert sentence in " ".join(shown.output.split())
        assert f"\n  playlake {name}" in shown.output, name
        assert [line for line in shown.output.splitlines() if len(line) > 80] == []


def test_help_lists_all_commands_whole() -> None:
    """On a terminal of 80 columns what each command is for stands behind its name, and is not cut."""
    listed = CliRunner().invoke(group, ["--help"], terminal_width=80).output
    for name, command in group.commands.items():
        assert f"  {name:10}  {command.get_short_help_str(200)}\n" in listed


def test_help_keeps_its_examples_in_lines() -> None:
    """Each example in the help stands on a line of its own, as it was written."""
    lines = [line.strip() for line in CliRunner().invoke(group, ["sync", "--help"]).output.splitlines()]
    assert "playlake sync --destination parquet --path ./lake" in lines
