"""Which modules the command line imports, and when."""

import subprocess
import sys

import pytest

from pipelines.cli import COMMANDS, playlake
from tests.pipelines.driving import CHECKOUT


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["completion", "bash"]])
def test_what_needs_no_tables_imports_neither_dlt_nor_duckdb(arguments: list[str]) -> None:
    """Help, version and completion answer at once."""
    code = f"""
import sys
from pipelines.cli import main
sys.argv = ["playlake", *{arguments!r}]
try:
    main()
finally:
    assert not {{"dlt", "duckdb", "pyarrow", "requests"}} & sys.modules.keys()
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "playlake" in ended.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_it_says_itself(name: str) -> None:
    """The list of commands has each one's own short help."""
    assert playlake.commands[name].get_short_help_str(100) == COMMANDS[name]
