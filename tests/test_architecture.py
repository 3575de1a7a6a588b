import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
PACKAGES = ("schemas", "sources", "pipelines", "playlake")
"""In the order in which they may import: each only itself and those before it."""

FILES = sorted(file.relative_to(CHECKOUT) for name in PACKAGES for file in (CHECKOUT / name).rglob("*.py"))


def parsed(file: Path) -> ast.Module:
    """A file of the checkout as a syntax tree."""
    return ast.parse((CHECKOUT / file).read_text(encoding="utf-8"))


def imports(file: Path, tree: ast.Module) -> Iterator[str]:
    """Dotted names of all that a file imports, relative imports resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = list(file.parent.parts[: len(file.parent.parts) - node.level + 1]) if node.level else []
            module = ".".join([*package, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imported_from(file: Path, *modules: str) -> list[str]:
    """What a file imports of these modules or what is below them."""
    return [
        name for name in imports(file, parsed(file)) if any(f"{name}.".startswith(f"{module}.") for module in modules)
    ]


def tracked() -> list[Path]:
    """The files of the project: those that git knows, or would take."""
    # Whoever else the checkout belongs to.
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return [CHECKOUT / name for name in listed.split("\0") if name and (CHECKOUT / name).is_file()]


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    """A package imports itself and the packages before it: schemas <- sources <- pipelines <- playlake."""
    later = PACKAGES[PACKAGES.index(package) + 1 :]
    wrong = {str(file): imported_from(file, *later, "tests") for file in FILES if file.parts[0] == package}
    assert {file: names for file, names in wrong.items() if names} == {}


def test_the_sandbox_knows_nothing_of_the_client() -> None:
    """The sandbox is a witness of its own: of the project it imports only itself."""
    inside = [file for file in FILES if file.parts[:2] == ("sources", "spotify_sandbox")]
    wrong = {
        str(file): [name for name in imported_from(file, *PACKAGES) if not name.startswith("sources.spotify_sandbox")]
        for file in inside
    }
    assert inside
    assert {file: names for file, names in wrong.items() if names} == {}


def test_the_client_knows_nothing_of_the_sandbox() -> None:
    """The source reads any API that it is given, and names no stand-in."""
    inside = [file for file in FILES if file.parts[:2] == ("sources", "spotify")]
    wrong = {str(file): imported_from(file, "sources.spotify_sandbox") for file in inside}
    assert inside
    assert {file: names for file, names in wrong.items() if names} == {}


CONTAINER = "dlt.common.configuration.container"


def test_the_container_of_dlts_settings_is_known_in_two_modules() -> None:
    """Others ask `sources.dlt_config`; what our pipelines see of the settings is put between there."""
    knowing = {str(file) for file in FILES if imported_from(file, CONTAINER)}
    assert knowing == {"sources/dlt_config.py", "pipelines/destinations/dlt_settings.py"}


DLT_ROOMS = (("sources", "stored"), ("pipelines", "destinations"))
"""The packages that know dlt's clients."""


def test_clients_of_dlt_are_known_in_two_packages() -> None:
    """Elsewhere named functions of `sources.stored.dlt_adapter` are asked, and no destination is told by its name."""
    others = [file for file in FILES if file.parts[:2] not in DLT_ROOMS]
    wrong = {str(file): imported_from(file, "dlt.destinations") for file in others}
    assert {file: names for file, names in wrong.items() if names} == {}
    private = re.compile(r"\b(native_connection|FilesystemClient)\b|\.destination (==|!=|in|not in) ")
    found = {str(file): private.search((CHECKOUT / file).read_text(encoding="utf-8")) for file in others}
    assert [file for file, match in found.items() if match] == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import pipelines.destinations.lake", ["pipelines.destinations.lake"]),
        ("from pipelines import lake", ["pipelines.lake"]),
        ("from ..errors import ApiError", ["sources.errors.ApiError"]),
        ("from . import rows, run as runs", ["sources.spotify.rows", "sources.spotify.run"]),
        ("def late():\n    from pipelines.sync.service import sync", ["pipelines.sync.service.sync"]),
    ],
)
def test_every_kind_of_import_is_seen(statement: str, expected: list[str]) -> None:
    """The rules above also hold for relative imports and for those inside functions."""
    assert list(imports(Path("sources/spotify/probe.py"), ast.parse(statement))) == expected


def test_modules_say_what_they_are_for() -> None:
    """Every file of the packages has a docstring, and none is named after nothing in particular."""
    silent = [str(file) for file in FILES if not ast.get_docstring(parsed(file))]
    vague = [
        str(file) for file in FILES if {"utils", "util", "helpers", "common", "misc"} & {*file.parts[:-1], file.stem}
    ]
    assert silent == []
    assert vague == []


def test_the_project_names_no_place_that_only_its_makers_have() -> None:
    """No file names a package index or a folder outside of the project: it works anywhere."""
    # Split, so that this file does not name what it looks for.
    places = re.compile("|".join(("pypi" + r"\.org", "python" + "hosted", "/" + "work/", "/opt/" + "pypi")))
    found = {
        str(file.relative_to(CHECKOUT)): places.findall(file.read_text(encoding="utf-8", errors="ignore"))
        for file in tracked()
    }
    assert {file: names for file, names in found.items() if names} == {}


def test_answers_of_duckdb_are_read_to_their_end() -> None:
    """DuckDB 2 keeps a result open that is not, and warns where rows become Arrow through a cursor."""
    for file in FILES:
        text = (CHECKOUT / file).read_text(encoding="utf-8")
        assert ".fetchone(" not in text, file
        assert not re.search(r"\.execute\([^()]*\)\.to_arrow", text), file
