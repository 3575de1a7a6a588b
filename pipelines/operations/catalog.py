"""The catalog of a lake: its tables, views and columns, for lists and for completion."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from rich.cells import cell_len

from pipelines.destinations.lake import Lake
from pipelines.operations.cells import fitted
from pipelines.operations.query import query
from pipelines.operations.shell_words import FIRST
from schemas import FUNCTIONS, VIEWS, example
from sources.errors import ConfigurationError

_COLUMNS = """
SELECT table_name, column_name, data_type
FROM information_schema.columns
WHERE table_schema = current_schema()
ORDER BY table_name, ordinal_position
"""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The catalog of a lake.

    Attributes:
        tables: of each table and view the columns, in order, with their types.
    """

    tables: dict[str, dict[str, str]]

    @property
    def views(self) -> list[str]:
        """Names of the views, those for people first."""
        return [name for name in dict.fromkeys((*FIRST, *VIEWS)) if name in self.tables]

    @property
    def functions(self) -> list[str]:
        """Names of the functions that give a table as of a time, or between two."""
        return [name for name, view in FUNCTIONS.items() if view in self.tables]

    @property
    def own_tables(self) -> list[str]:
        """Names of the tables, without those in which dlt and playlake keep their own records."""
        return [name for name in self.tables if name not in VIEWS and not name.startswith("_")]


def catalog_of(lake: Lake) -> Catalog:
    """The current catalog of a lake.

    Raises:
        ConfigurationError: the lake does not exist yet.
        TryLaterError: another process has the file open for writing.
    """
    tables: dict[str, dict[str, str]] = {}
    for table, column, kind in query(lake, _COLUMNS).rows:
        tables.setdefault(table, {})[column] = kind.lower().replace("timestamp with time zone", "timestamptz")
    return Catalog(tables)


def listed(catalog: Catalog, width: int) -> Iterator[str]:
    """Lines with the names of all views and tables.

    Args:
        catalog: what there is.
        width: of the terminal, in columns.
    """
    functions = [example(name) for name in catalog.functions]
    yield "Views:"
    yield from _in_columns([*catalog.views[: len(FIRST)], *functions, *catalog.views[len(FIRST) :]], width)
    yield "Tables:"
    yield from _in_columns(catalog.own_tables, width)


def _in_columns(names: list[str], width: int) -> Iterator[str]:
    longest = max(map(cell_len, names), default=0) + 2
    several = max((width - 2) // longest, 1)
    for start in range(0, len(names), several):
        yield "  " + "".join(fitted(name, longest) for name in names[start : start + several]).rstrip()


def described(catalog: Catalog, name: str) -> Iterator[str]:
    """Lines with the columns of a table or view, and their types.

    Raises:
        ConfigurationError: it does not exist; the message suggests another.
    """
    if name in catalog.functions:
        yield f"{example(name)} gives the rows of {FUNCTIONS[name]} as of a time, or between two, with these columns:"
        name = FUNCTIONS[name]
    if name not in catalog.tables:
        near = get_close_matches(name.lower(), [*catalog.tables, *catalog.functions], n=1)
        meant = f"did you mean {near[0]}?" if near else ".tables lists what there is."
        msg = f"There is no table or view {name}: {meant}"
        raise ConfigurationError(msg)
    columns = catalog.tables[name]
    longest = max(map(cell_len, columns))
    yield f"{name}:"
    for column, kind in columns.items():
        yield f"  {fitted(column, longest)}  {kind}"
