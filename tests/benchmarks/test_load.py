"""The benchmark can be started. Nothing here is timed: that needs a quiet machine and minutes."""

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.benchmarks.contestants import CONTESTANTS, Contestant
from tests.benchmarks.load import main


def test_help_names_every_contestant() -> None:
    """Whoever asks for help learns which contestants there are."""
    answer = CliRunner().invoke(main, ["--help"], terminal_width=200)

    assert answer.exit_code == 0, answer.output
    assert [one.name for one in CONTESTANTS if one.name not in answer.output] == []


def test_unknown_contestant_is_refused() -> None:
    """A misspelt name stops the benchmark before it makes pages."""
    answer = CliRunner().invoke(main, ["--only", "playlik"])

    assert answer.exit_code == 2
    assert "'playlik' is not one of" in answer.output


@pytest.mark.parametrize("contestant", CONTESTANTS, ids=lambda one: one.name)
def test_every_contestant_has_a_loader(contestant: Contestant) -> None:
    """The module that the list names has the function; what it imports may be installed only where it is measured."""
    source = Path(__file__).with_name("loaders") / f"{contestant.module}.py"
    functions = {node.name for node in ast.parse(source.read_text()).body if isinstance(node, ast.FunctionDef)}

    assert (contestant.function if contestant.variable is None else "run") in functions
