"""A DuckLake's catalogue in a Postgres of the tests' own, and DuckDB's extensions from their packages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import duckdb

from tests.pipelines.postgres_server import postgres

EXTENSIONS = ("ducklake", "postgres_scanner")


def has_extensions() -> bool:
    """Whether the packages with DuckDB's extensions are installed, as `make ducklake` does."""
    return all(find_spec(f"duckdb_extension_{name}") for name in EXTENSIONS)


@contextmanager
def catalogue(files: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The URL of an empty Postgres database, and the settings that make it the catalogue of a DuckLake.

    Args:
        files: the folder of the DuckLake's Parquet files.
    """
    _install_extensions()
    with postgres() as url:
        settings = {"CATALOG": url, "STORAGE__BUCKET_URL": str(files)}
        yield url, {f"DESTINATION__DUCKLAKE__CREDENTIALS__{name}": value for name, value in settings.items()}


def _install_extensions() -> None:
    """Copies them to where DuckDB looks before it would fetch them."""
    version = f"v{duckdb.__version__}"
    with duckdb.connect() as connection:
        ((system,),) = connection.execute("PRAGMA platform").fetchall()
    installed = Path.home() / ".duckdb" / "extensions" / version / system
    installed.mkdir(parents=True, exist_ok=True)
    for name in EXTENSIONS:
        package = Path(str(import_module(f"duckdb_extension_{name}").__file__)).parent
        file = f"{name}.duckdb_extension"
        # Another process, or this one, may have loaded what is there: the file is replaced, not overwritten.
        partial = Path(shutil.copy(package / "extensions" / version / file, installed / f"{file}.{os.getpid()}"))
        partial.replace(installed / file)
