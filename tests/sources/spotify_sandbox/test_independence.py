"""The sandbox is a witness: it knows nothing of what reads from it."""

import ast
from pathlib import Path

import sources.spotify_sandbox

PACKAGE = Path(sources.spotify_sandbox.__file__).parent


def imported(path: Path) -> set[str]:
    """The modules that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_nothing_of_ours_is_imported() -> None:
    """No module of the sandbox imports schemas, pipelines or the reader."""
    for path in PACKAGE.rglob("*.py"):
        for name in imported(path):
            top = name.split(".")[0]
            assert top not in {"schemas", "pipelines"}, f"{path.name} imports {name}"
            assert top != "sources" or name.split(".")[1] == "spotify_sandbox", f"{path.name} imports {name}"


def test_modules_stay_small() -> None:
    """No module is longer than 300 lines, and half of them are shorter than 120."""
    lengths = sorted(len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.py"))
    assert lengths[-1] <= 300
    assert lengths[len(lengths) // 2] < 120
