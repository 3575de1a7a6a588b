"""What is installed: one package with one name, whatever else is called `sources`, `schemas` or `pipelines`."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import playlake
import playlake.sandbox
from playlake import errors
from playlake.hatch_build import rewritten
from sources import errors as all_errors
from sources import spotify_sandbox
from tests.pipelines.driving import clean_environment

CHECKOUT = Path(__file__).parent.parent
WHEEL: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"][
    "build"
]["targets"]["wheel"]
MOVED = {here: there.replace("/", ".") for here, there in WHEEL["sources"].items()}
FILES = sorted(
    file.relative_to(CHECKOUT)
    for name in WHEEL["only-include"]
    for file in (CHECKOUT / name).rglob("*.py")
    if f"/{file.relative_to(CHECKOUT).as_posix()}" not in WHEEL["exclude"]
)

long = pytest.mark.skipif(
    not os.environ.get("PLAYLAKE_LONG"), reason="PLAYLAKE_LONG=1, as in .ci/run, builds the wheel"
)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from sources.errors import ApiError", "from playlake.sources.errors import ApiError"),
        (
            "from schemas import (\n    TABLES,\n)  # sources",
            "from playlake.schemas import (\n    TABLES,\n)  # sources",
        ),
        ("import sources.errors as errors, os", "import playlake.sources.errors as errors, os"),
        ("def late():\n\tfrom schemas.spec import key", "def late():\n\tfrom playlake.schemas.spec import key"),
        ("é = 1; from schemas import VIEWS\r\n", "é = 1; from playlake.schemas import VIEWS\r\n"),
        (
            "if x: from schemas import a; from sources import b",
            "if x: from playlake.schemas import a; from playlake.sources import b",
        ),
        ("from . import sources", "from . import sources"),
        ("from sources_of_others import x", "from sources_of_others import x"),
        ("from playlake import sources", "from playlake import sources"),
        (
            '"""from sources import x"""\nsections = ("sources", "spotify")',
            '"""from sources import x"""\nsections = ("sources", "spotify")',
        ),
        ("sources = 1\nprint(sources.real)", "sources = 1\nprint(sources.real)"),
    ],
)
def test_imports_are_rewritten_and_nothing_else(code: str, expected: str) -> None:
    """Each absolute import of a package that moved names its new place; texts, comments and other names stay."""
    assert rewritten(code.encode(), MOVED).decode() == expected


@pytest.mark.parametrize(
    "code",
    [
        "import sources.errors",
        'resources.files("schemas")',
        'import_module("sources.spotify")',
        "from  schemas import a",
    ],
)
def test_what_cannot_be_rewritten_is_refused(code: str) -> None:
    """A build ends where the old name would stay in the wheel, and says on which line."""
    with pytest.raises(ValueError, match=r"^module\.py:2: "):
        rewritten(f"\n{code}".encode(), MOVED, "module.py")


def test_every_module_means_the_same_in_the_wheel() -> None:
    """Only the modules that are imported from differ between a file of the checkout and that of the wheel."""
    assert len(FILES) > 200
    for file in FILES:
        code = (CHECKOUT / file).read_bytes()
        before, after = ast.parse(code), ast.parse(rewritten(code, MOVED, str(file)))
        for node in ast.walk(before):
            if isinstance(node, ast.ImportFrom) and node.module and (top := node.module.partition(".")[0]) in MOVED:
                node.module = MOVED[top] + node.module.removeprefix(top)
        assert ast.dump(before) == ast.dump(after), file


def test_the_names_that_programs_import() -> None:
    """Every public name is there and listed, and a name that is not is reported as Python tells it."""
    assert set(playlake.__all__) <= set(dir(playlake))
    for name in playlake.__all__:
        assert getattr(playlake, name) is not None
    with pytest.raises(ImportError, match="cannot import name 'nothing'"):
        exec("from playlake import nothing")  # noqa: S102 (a checker would see it)


def test_all_errors_and_all_of_the_sandbox_are_public() -> None:
    """`playlake.errors` has every class of errors, `playlake.sandbox` all that the sandbox offers."""
    raised = {
        name for name, found in vars(all_errors).items() if isinstance(found, type) and issubclass(found, Exception)
    }
    assert set(errors.__all__) == raised
    assert playlake.sandbox.__all__ == spotify_sandbox.__all__


def test_sections_do_not_depend_on_where_the_source_stands() -> None:
    """Settings stay in the section `sources.spotify`, since the source names its section itself."""
    tree = ast.parse((CHECKOUT / "sources/spotify/source.py").read_text(encoding="utf-8"))
    said = [
        {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("dlt.source", "dlt.resource")
    ]
    assert said
    assert {one.get("section") for one in said} == {"SECTION"}


def ran(*command: str | Path, folder: Path, home: Path | None = None, expected: int = 0) -> str:
    """What a command writes, run in a folder by somebody who has never seen the checkout."""
    environment = clean_environment(home or folder)
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == expected, done.stdout
    return done.stdout


def built(source: Path, folder: Path) -> Path:
    """The wheel of a checkout or an unpacked sdist."""
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    ran(sys.executable, "-m", "pip", "wheel", *options, source, folder=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def made(environment: Path) -> Path:
    """The folder of programs of a new and empty environment."""
    ran(sys.executable, "-m", "venv", "--without-pip", environment, folder=environment.parent)
    return environment / ("Scripts" if os.name == "nt" else "bin")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return built(CHECKOUT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with the wheel, where the locked dependencies are seen."""
    folder = tmp_path_factory.mktemp("installed")
    programs = made(folder / "env")
    options = ("--python", programs / "python", "install", "--quiet", "--no-index", "--no-deps")
    ran(sys.executable, "-m", "pip", *options, wheel, folder=folder)
    purelib = ran(programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder)
    # Path files are not followed twice, so an editable install of the project is not seen.
    Path(purelib.strip(), "locked.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return programs


PROGRAM = """\
import os
import sys

from pipelines.run import own
from playlake.sandbox import Sandbox, generate

assert "dlt" not in sys.modules
import dlt
from playlake import Lake, create_views, errors, spotify_playlists, sync
from playlake.sources.spotify_sandbox import Sandbox as Same

assert Sandbox is Same
with Sandbox(generate(seed=1, playlists=3, items=30)) as api:
    os.environ.update(api.environment)
    pipeline = dlt.pipeline("mine", destination="duckdb", dataset_name="spotify")
    source = spotify_playlists()
    pipeline.run(source)
    create_views(pipeline)
    report = sync(lake=Lake("parquet", "lake"))
    markets = {request.query["market"] for request in api.requests if "market" in request.query}
try:
    sync(lake=Lake("nothing", "lake"))
except errors.ConfigurationError:
    print(report.exit_code, report.run.read, *markets, source.section, source.name, *own())
"""
OWN = {
    "sources/api.py": 'NAME = "my source"\n',
    "schemas/shape.py": 'from sources.api import NAME\n\nCOLUMNS = (NAME, "my column")\n',
    "pipelines/run.py": "from schemas.shape import COLUMNS\n\n\ndef own() -> tuple[str, ...]:\n    return COLUMNS\n",
    ".dlt/config.toml": '[sources.spotify]\nmarket = "SE"\n',
    "main.py": PROGRAM,
}


@pytest.fixture(params=["packages", "folders"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A user's project with the names of the checkout, its folders with `__init__.py` or without."""
    folder = tmp_path / "project"
    for name, text in OWN.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if request.param == "packages" and file.suffix == ".py" and file.parent != folder:
            (file.parent / "__init__.py").touch()
    return folder


@long
def test_a_project_with_the_same_names(programs: Path, project: Path) -> None:
    """Beside folders named sources, schemas and pipelines, the user's code, the command and a sync all work."""
    out = ran(programs / "python", "main.py", folder=project)
    assert out.splitlines()[-1] == "0 3 SE spotify spotify my source my column"
    assert "Usage: " in ran(programs / "playlake", "--help", folder=project)
    query = ("query", "--path", "mine.duckdb", "--format", "csv", "SELECT count(*) AS n FROM playlist_items")
    assert ran(programs / "python", "-m", "playlake", *query, folder=project).split() == ["n", "30"]
    ran(programs / "playlake", "report", "--path", "mine.duckdb", "--output", "report.html", folder=project)
    assert (project / "report.html").stat().st_size > 10_000
    assert "my column" in ran(programs / "python", "-c", "import pipelines.run as r; print(r.own())", folder=project)


@long
def test_types_are_seen(programs: Path, project: Path) -> None:
    """A checker knows what `sync` returns and what `Lake` wants, beside a project with the same names."""
    code = 'from playlake import Lake, sync\nreveal_type(sync(lake=Lake("parquet", "lake")).exit_code)\nLake(1)\n'
    (project / "typed.py").write_text(code, encoding="utf-8")
    options = ("--cache-dir", programs / "cache", "--python-executable", programs / "python")
    out = ran(sys.executable, "-m", "mypy", *options, "typed.py", folder=project, expected=1)
    assert 'typed.py:2: note: Revealed type is "int"' in out
    assert re.findall(r"^(\S+): error: .*\[(.*)\]$", out, re.MULTILINE) == [("typed.py:3", "arg-type")]


@long
def test_the_wheel_holds_one_package(wheel: Path, programs: Path, tmp_path: Path) -> None:
    """Below `playlake` stands all that is the product's, and nothing else; every module can be imported."""
    files = contents(wheel)
    assert {name.partition("/")[0] for name in files} - {"playlake"} == {
        f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"
    }
    data = [
        file.relative_to(CHECKOUT).as_posix()
        for folder in MOVED
        for pattern in ("*.sql", "*.html", "*.css", "*.js", "README.md")
        for file in (CHECKOUT / folder).rglob(pattern)
    ]
    assert len(data) > 30
    code = [file.as_posix() for file in FILES]
    wanted = {name if name.startswith("playlake/") else f"playlake/{name}" for name in [*data, *code]}
    assert wanted | {"playlake/py.typed"} == {name for name in files if name.startswith("playlake/")}
    for dag in ("pipelines/airflow_dag.py", "pipelines/compact_airflow_dag.py"):
        assert files[f"playlake/{dag}"] == (CHECKOUT / dag).read_bytes()
    modules = [name[:-3].replace("/", ".").removesuffix(".__init__") for name in sorted(wanted) if name.endswith(".py")]
    modules = [name for name in modules if not name.endswith(("__main__", "airflow_dag"))]
    program = f"import importlib, sys\nfor name in {modules}: importlib.import_module(name)\n"
    program += f"print(*sorted({set(MOVED)} & set(sys.modules)), 'imported')"
    assert ran(programs / "python", "-c", program, folder=tmp_path) == "imported\n"
    assert "python -m playlake.sources.spotify_sandbox" in ran(
        programs / "python", "-m", "playlake.sources.spotify_sandbox", "--help", folder=tmp_path
    )


@long
def test_the_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """A wheel of the unpacked sdist has the same files with the same contents."""
    ran(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--target",
        "sdist",
        "--directory",
        tmp_path,
        folder=CHECKOUT,
        home=tmp_path,
    )
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert contents(built(unpacked, tmp_path)) == contents(wheel)


def contents(wheel: Path) -> dict[str, bytes]:
    """What a wheel holds, by name."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@long
def test_an_editable_install_is_of_the_checkout(tmp_path: Path) -> None:
    """`pip install --editable .` gives the folders of the checkout as they stand, and `playlake` with them."""
    python = made(tmp_path / "env") / "python"
    # pip asks the backend of pyproject.toml for the same wheel, but in an environment that has the backend.
    build = f"from hatchling.build import build_editable; print(build_editable({str(tmp_path)!r}))"
    wheel = tmp_path / ran(sys.executable, "-c", build, folder=CHECKOUT, home=tmp_path).split()[-1]
    options = ("--python", python, "install", "--quiet", "--no-index", "--no-deps")
    ran(sys.executable, "-m", "pip", *options, wheel, folder=tmp_path)
    names = sorted({"playlake", *MOVED})
    program = f"from importlib.util import find_spec\nfor name in {names}: print(find_spec(name).origin)"
    files = [Path(line) for line in ran(python, "-c", program, folder=tmp_path).splitlines()]
    assert files == [CHECKOUT / name / "__init__.py" for name in names]
