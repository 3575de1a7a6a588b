"""The notebooks run, cell after cell, on what a sync of the sandbox leaves."""

import ast
import json
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from pipelines.lake import Lake
from pipelines.sync import sync
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.pipelines.driving import settings

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DuckDB file with two syncs of a world that changed in between."""
    path = tmp_path_factory.mktemp("lake") / "a.duckdb"
    world = generate(seed=4, playlists=10, items=200)
    with Sandbox(world) as api:
        sync(lake=Lake("duckdb", str(path)), **settings(api))
        evolve(world, Random(1), 15)
        sync(lake=Lake("duckdb", str(path)), **settings(api))
    return path


def run(source: str, names: dict[str, Any]) -> object:
    """Runs a cell, and gives the value of its last line if that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if isinstance(last, ast.Expr) else None  # noqa: S307


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs(notebook: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell runs, and every answer that a cell shows has rows."""
    monkeypatch.setenv("PLAYLAKE_DATABASE", str(database))
    names: dict[str, Any] = {}
    shown = 0
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            answer = run("".join(cell["source"]), names)
            assert isinstance(answer, duckdb.DuckDBPyRelation)
            assert answer.limit(1).fetchall(), cell["source"]
            shown += 1
    assert shown


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_no_output_is_kept(notebook: Path) -> None:
    """Notebooks are kept without outputs and counts, so that a change shows what was changed."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


def test_there_is_a_notebook() -> None:
    """The tests above look at something."""
    assert NOTEBOOKS
