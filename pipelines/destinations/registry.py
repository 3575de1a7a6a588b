"""The registry of destinations: a new one needs a class and an entry here."""

from collections import UserDict
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple

from pipelines.destinations.base import Destination
from pipelines.destinations.paths import is_duckdb_file, is_parquet_lake


class Entry(NamedTuple):
    """A destination.

    Attributes:
        module: where its class is, below this package.
        name: the class.
        is_at: whether a path is that of one; null if such a destination is no path.
    """

    module: str
    name: str
    is_at: Callable[[str], bool] | None = None


ENTRIES = {
    "duckdb": Entry("duckdb", "DuckDB", is_duckdb_file),
    "parquet": Entry("parquet.destination", "Parquet", is_parquet_lake),
    "postgres": Entry("postgres", "Postgres"),
    "ducklake": Entry("ducklake", "DuckLake"),
}
ANY = Entry("any_database", "AnyDatabase")
"""The same for databases without a class of their own."""


class Destinations(UserDict[str, type[Destination]]):
    """The classes by the destinations' names, imported lazily: who reads a file does without what loads it."""

    def __getitem__(self, name: str) -> type[Destination]:
        if name not in self.data:
            self.data[name] = _imported(ENTRIES[name])
        return self.data[name]

    def __contains__(self, name: object) -> bool:
        return name in ENTRIES or name in self.data

    def __iter__(self) -> Iterator[str]:
        return iter({**ENTRIES, **self.data})

    def __len__(self) -> int:
        return len({**ENTRIES, **self.data})


DESTINATIONS = Destinations()


def class_of(name: str) -> type[Destination]:
    """The class for a destination's name; a database like any other if there is none of its own."""
    return DESTINATIONS[name] if name in DESTINATIONS else any_database()


def any_database() -> type[Destination]:
    """The class for databases without one of their own."""
    return _imported(ANY)


def recognised(destination: str, path: str) -> str:
    """The destination that exists at a path; the named one if nothing exists there yet."""
    try:
        for name in DESTINATIONS:
            is_at = ENTRIES[name].is_at if name in ENTRIES else DESTINATIONS[name].is_at
            # A DuckDB file that is open here loses its lock if it is opened again as a file.
            if name != destination and is_at is not None and is_at(path):
                return name
    except OSError:
        # Whatever is wrong with it is said by who opens it.
        return destination
    return destination


def _imported(entry: Entry) -> type[Destination]:
    found: type[Destination] = getattr(import_module(f"{__package__}.{entry.module}"), entry.name)
    return found
