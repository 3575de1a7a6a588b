"""How the wheel gets one top-level package, `playlake`: the others stand below it there, and are imported from there.

The folders of a checkout have names that others use, too, and whoever installs a package wants to keep theirs. Which
goes where is said in `pyproject.toml`; this rewrites the imports. It runs where a wheel is built, and is not in it.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.wheel import WheelBuilderConfig

LOADERS = {"__import__", "files", "find_spec", "import_module", "PackageLoader", "run_module"}
"""Functions that take the name of a module as a text."""


class WheelBuildHook(BuildHookInterface[WheelBuilderConfig]):
    """Puts files with other imports in the place of those that need them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Rewrites the files; an editable install is of the checkout as it stands."""
        if version == "editable":
            return
        # It is removed with this hook, also where the build fails.
        self.folder = TemporaryDirectory(prefix="playlake-wheel-")
        moved = {
            PurePath(here).name: ".".join(PurePath(there).parts) for here, there in self.build_config.sources.items()
        }
        for file in self.build_config.builder.recurse_selected_project_files():
            if not file.path.endswith(".py"):
                continue
            code = Path(file.path).read_bytes()
            if (written := rewritten(code, moved, file.relative_path)) != code:
                copy = Path(self.folder.name, file.distribution_path)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(written)
                build_data["force_include"][str(copy)] = file.distribution_path


def rewritten(code: bytes, moved: Mapping[str, str], name: str = "<code>") -> bytes:
    """A module whose absolute imports of packages that moved name their new place; nothing else is touched.

    Args:
        code: the module.
        moved: top-level packages and what they are called now.
        name: of the file, for messages.

    Raises:
        ValueError: something depends on the old name in a way that cannot be rewritten.
    """
    lines = code.splitlines(keepends=True)
    for line, column, package in sorted(_places(ast.parse(code, name), moved, name), reverse=True):
        before, after = lines[line - 1][:column], lines[line - 1][column:]
        if not after.startswith(package.encode()):
            msg = f"{name}:{line}: {package} is not where its import should have it: run make format."
            raise ValueError(msg)
        lines[line - 1] = before + moved[package].encode() + after[len(package) :]
    return b"".join(lines)


def _places(tree: ast.Module, moved: Mapping[str, str], name: str) -> Iterator[tuple[int, int, str]]:
    """Line, column in bytes, and package of each name to be replaced."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), level=0) if (package := _package(module)) in moved:
                yield node.lineno, node.col_offset + len("from "), package
            case ast.Import(names=aliases):
                for alias in aliases:
                    if (package := _package(alias.name)) in moved:
                        if alias.asname is None:
                            msg = f"{name}:{alias.lineno}: import {alias.name} binds {package}: write from … import …"
                            raise ValueError(msg)
                        yield alias.lineno, alias.col_offset, package
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Constant(value=str(text)), *_]
            ):
                if called in LOADERS and _package(text) in moved:
                    msg = f'{name}:{node.lineno}: {called}("{text}") is a text: take it from __name__.'
                    raise ValueError(msg)


def _package(module: str) -> str:
    return module.partition(".")[0]
