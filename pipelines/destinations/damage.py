"""Detects damaged files of a destination; services have none."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from pipelines.destinations.file_errors import arrow_error, is_reading_error
from sources.errors import ConfigurationError, DestinationError, PlaylakeError


class DamageReports:
    """Tells errors that damaged files cause from all others. A destination with files overrides what finds them."""

    @contextmanager
    def report_damage(self) -> Iterator[None]:
        """Turns an error of reading damaged files into one that names the files and what to do.

        Raises:
            DestinationError: files cannot be read, or the tables lack columns or have other types.
        """
        try:
            yield
        except (duckdb.Error, arrow_error(), OSError, ConfigurationError) as error:
            raise self.damage(error) or error from None

    def damage(self, error: BaseException) -> PlaylakeError | None:
        """The error that names the damaged files which made reading fail; null if no file is damaged."""
        cause = error.__cause__ if isinstance(error, ConfigurationError) else error
        return self.damage_shown_in(cause) if cause is not None and is_reading_error(cause) else None

    def damage_shown_in(self, cause: BaseException) -> PlaylakeError | None:  # noqa: ARG002 (a service has no files)
        """The same for an error that may come from the contents of a file."""
        return None

    def damage_in_load(self, causes: Sequence[BaseException]) -> PlaylakeError | None:  # noqa: ARG002
        """The error of a load whose cause the destination knows, such as a damaged file; null if it knows none."""
        return None

    def is_file_error(self, cause: duckdb.Error) -> bool:  # noqa: ARG002 (most are no file of DuckDB's)
        """Whether an error during a load is about the database file itself."""
        return False

    def find_damage(self) -> DestinationError | None:
        """Reads all files; the error that names those that cannot be read, or null."""
        return None

    def find_own_damage(self) -> DestinationError | None:
        """The same, but only for destinations on this machine, where reading everything costs no transfer."""
        return None
