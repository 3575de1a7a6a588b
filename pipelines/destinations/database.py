"""Databases that dlt loads into and DuckDB cannot open: Postgres, and others untested.

Their addresses and credentials are in dlt's configuration, section `destination.NAME.credentials`.
"""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, cast

import dlt
import duckdb
from dlt.common.destination.exceptions import DestinationException
from dlt.common.normalizers.naming.snake_case import NamingConvention

from pipelines.destinations.dlt_errors import explained, first_line
from pipelines.destinations.noted_records import warn
from pipelines.destinations.sql_database import SqlDatabase
from sources.errors import ConfigurationError, DestinationError
from sources.stored.dlt_adapter import sql_client_of
from sources.stored.load_notes import lost_records
from sources.stored.remote import Remote, copy_all, copy_tables

SHAPING = {
    "enable_dataset_name_normalization",
    "loader_file_format",
    "replace_strategy",
    "staging_config",
    "staging_dataset_name_layout",
}
"""Settings of a database that change tables; the others are about connecting."""


class Database(SqlDatabase):
    """A database that dlt loads into, and that is copied for DuckDB to read. Arguments are those of `Destination`."""

    def __init__(self, name: str, path: str | None, dataset: str) -> None:
        super().__init__(name, path, dataset)
        if dataset != (normal := NamingConvention().normalize_table_identifier(dataset)):
            msg = f"dataset = {dataset!r} would be called {normal!r} in {name}: write it so."
            raise ConfigurationError(msg)

    @property
    def has_secrets(self) -> bool:
        """A password, as a rule."""
        return True

    def dlt_destination(self) -> Any:
        """The dlt destination."""
        return self.name

    def may_use_setting(self, setting: tuple[str, ...]) -> bool:
        """Allows settings for connecting, and not those that change tables."""
        return setting[0] in ("destination", "credentials") and setting[-1] not in SHAPING

    def check_name(self) -> None:
        """Refuses a path.

        Raises:
            ConfigurationError: a path is given.
        """
        if self.path is not None:
            msg = (
                f"--path is not used by destination {self.name}: set its location in .dlt/secrets.toml, or leave "
                "--path out."
            )
            raise ConfigurationError(msg)

    @contextmanager
    def reached(self) -> Iterator[Any]:
        """The database through dlt's client for it, connected.

        Raises:
            ConfigurationError: settings or packages are missing, or the destination is not a database.
            DestinationError: the database cannot be reached, or refuses the connection.
        """
        with ExitStack() as stack:
            with self.settings():
                client = stack.enter_context(_reached(self.pipeline(), self.name))
            yield client

    @contextmanager
    def exclusive_lock(self) -> Iterator[None]:
        """Connects to the database before any request to Spotify; it cannot lock out other writers.

        Raises:
            ConfigurationError: as of `reached`.
            DestinationError: as of `reached`.
        """
        with self.reached():
            pass
        yield

    def check(self) -> None:
        """Checks that a database responds.

        Raises:
            ConfigurationError: as of `reached`.
            DestinationError: as of `reached`, or the user may not write.
        """
        with self.reached() as client:
            try:
                self.check_rights(client, is_there=client.is_storage_initialized())
            except DestinationException as error:
                msg = f"Destination {self.name} does not answer: {first_line(error)}"
                raise DestinationError(msg) from None

    def check_rights(self, client: Any, *, is_there: bool) -> None:
        """Checks the user's write permission, where the database can report it.

        Args:
            client: dlt's client for it, connected.
            is_there: whether the dataset is.

        Raises:
            DestinationError: the user may not.
        """

    @contextmanager
    def opened(self, only: Collection[str] | None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A copy in memory."""
        opened = self._open_copy(only)
        try:
            yield opened
        finally:
            opened.close()

    def _open_copy(self, only: Collection[str] | None) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        with self.reached() as client:
            remote = Remote(client) if client.is_storage_initialized() else None
            if remote is None or not remote.tables:
                msg = f"There are no tables in {self.name}, dataset {self.dataset}: run playlake sync first."
                raise DestinationError(msg)
            warn(lost_records(client))
            if only is None:
                copy_all(remote, connection)
            else:
                copy_tables(remote, connection, only)
        return connection


@contextmanager
def _reached(pipeline: dlt.Pipeline, name: str) -> Iterator[Any]:
    """A database through dlt's client for it, connected.

    Raises:
        ConfigurationError: settings or packages are missing, or the destination is not a database.
        DestinationError: the database cannot be reached, or refuses the connection.
    """
    with ExitStack() as stack:
        try:
            client: Any = stack.enter_context(cast("Any", pipeline.destination_client()))
        except Exception as error:
            unreachable = DestinationError(f"Destination {name} cannot be reached: {first_line(error)}")
            raise explained(error, name) or unreachable from None
        if sql_client_of(client) is None:
            msg = f"{name} is not a database that answers SQL: use another destination."
            raise ConfigurationError(msg)
        yield client
