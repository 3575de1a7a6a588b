"""The registry of destinations: a new one needs a class and an entry here."""

from difflib import get_close_matches

import dlt

from pipelines.destinations.base import Destination
from pipelines.destinations.database import Database
from pipelines.destinations.duckdb import DuckDB
from pipelines.destinations.ducklake import DuckLake
from pipelines.destinations.parquet.destination import Parquet
from pipelines.destinations.postgres import Postgres
from sources.errors import ConfigurationError

DESTINATIONS: dict[str, type[Destination]] = {
    "duckdb": DuckDB,
    "parquet": Parquet,
    "postgres": Postgres,
    "ducklake": DuckLake,
}

# These are no places for tables, or are there under another name.
NO_PLACES = {"destination", "dummy", "filesystem", "qdrant", "lance", "lancedb", "weaviate"}


def class_of(name: str) -> type[Destination]:
    """The class for a destination's name; a database like any other if there is none of its own."""
    return DESTINATIONS.get(name, AnyDatabase)


def recognised(destination: str, path: str) -> str:
    """The destination that exists at a path; the named one if nothing exists there yet."""
    try:
        for name, kind in DESTINATIONS.items():
            # A DuckDB file that is open here loses its lock if it is opened again as a file.
            if name != destination and kind.default_path is not None and kind.is_at(path):
                return name
    except OSError:
        # Whatever is wrong with it is said by who opens it.
        return destination
    return destination


class AnyDatabase(Database):
    """Another database of dlt's, untested. Arguments are those of `Destination`."""

    def check_name(self) -> None:
        """Refuses a name that dlt does not know, and a path.

        Raises:
            ConfigurationError: dlt does not know the name, or a path is given.
        """
        check_known(self.name)
        super().check_name()


def check_known(name: str) -> None:
    """Refuses the name of an unknown destination.

    Raises:
        ConfigurationError: no destination has the name.
    """
    paths = [own for own, kind in DESTINATIONS.items() if kind.default_path is not None]
    names = [*paths, *sorted({*dlt.destinations.__all__, *DESTINATIONS} - NO_PLACES - set(paths))]
    if name in names:
        return
    near = get_close_matches(name.lower(), names, n=1)
    meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}."
    msg = f"There is no destination {name!r}: {meant}"
    raise ConfigurationError(msg)
