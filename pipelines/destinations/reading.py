"""How the tables of a destination are read: by a DuckDB connection, in the database's own SQL, or by other engines."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal

import duckdb

from pipelines.destinations.answer import Answer
from pipelines.destinations.damage import DamageReports
from sources.errors import ConfigurationError

Engine = Literal["duckdb", "spark"]
"""An engine that reads files as tables and views."""


class ReadableDestination(DamageReports, ABC):
    """The part of a destination's interface for reading.

    Attributes:
        name: the name of the destination, as in `--destination`.
    """

    name: str

    @property
    @abstractmethod
    def location(self) -> str:
        """The file, folder or URL; for destinations without a path, their name."""

    @contextmanager
    def open(self, only: Collection[str] | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that finds the tables and views by their bare names, for reading.

        Args:
            only: the tables that are wanted; other databases than DuckDB are copied, and then no more than these.

        Raises:
            ConfigurationError: the destination does not exist yet.
            TryLaterError: another process has the file open for writing.
        """
        with self.report_damage(), self.opened(only) as connection:
            yield connection

    @abstractmethod
    def opened(self, only: Collection[str] | None) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Like `open`, without its error handling."""

    def session(self) -> AbstractContextManager[Callable[[str], Answer | None]] | None:
        """A function that answers statements in the database's own SQL; null where `open` has a connection for it."""
        return None

    def shell_arguments(self) -> list[str]:
        """The arguments for DuckDB's own shell with which it finds the tables and views by their bare names.

        Raises:
            ConfigurationError: the shell cannot read this kind of destination.
            DestinationError: the destination does not exist yet.
        """
        msg = f"DuckDB's shell cannot open {self.name} by itself: use playlake query without --duckdb."
        raise ConfigurationError(msg)

    def view_statements(self, engine: Engine) -> list[str]:  # noqa: ARG002 (files alone need any)
        """The statements with which an engine shows the lake's files as tables and views.

        Raises:
            ConfigurationError: this destination is no folder of files.
            DestinationError: there is nothing in it, or it cannot be reached.
        """
        msg = (
            f"The views of {self.location} are in the database itself. Other engines read Parquet lakes: "
            "name one with --destination parquet and --path."
        )
        raise ConfigurationError(msg)
