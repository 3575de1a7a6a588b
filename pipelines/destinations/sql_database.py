"""Destinations of dlt's that are neither DuckDB files nor folders of Parquet: Postgres, and others untested.

Where they are and how to sign in there is said in dlt's configuration, section `destination.NAME.credentials`.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches
from typing import Any, cast

import dlt
from dlt.common.configuration.exceptions import ConfigFieldMissingException, ConfigurationException
from dlt.common.destination.exceptions import DestinationException
from dlt.common.exceptions import MissingDependencyException
from dlt.destinations.sql_client import WithSqlClient

from sources.errors import ConfigurationError, DestinationError, TryLaterError

OWN = ("duckdb", "parquet")
# These are no places for tables, or are there under another name.
NO_PLACES = {"destination", "dummy", "filesystem", "qdrant", "lance", "lancedb", "weaviate"}


def known(name: str) -> str:
    """The name of a destination, if it is one of dlt's.

    Raises:
        ConfigurationError: there is none of that name.
    """
    names = [*OWN, *sorted(set(dlt.destinations.__all__) - NO_PLACES - set(OWN))]
    if name in names:
        return name
    near = get_close_matches(name.lower(), names, n=1)
    meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}."
    msg = f"There is no destination {name!r}: {meant}"
    raise ConfigurationError(msg)


@contextmanager
def opened(pipeline: dlt.Pipeline, name: str) -> Iterator[Any]:
    """A database through dlt's client for it, connected.

    Raises:
        ConfigurationError: settings or packages are missing, or it is no database.
        DestinationError: it cannot be reached, or refuses.
    """
    with ExitStack() as stack:
        try:
            client: Any = stack.enter_context(cast("Any", pipeline.destination_client()))
        except Exception as error:
            unreachable = DestinationError(f"Destination {name} cannot be reached: {first_line(error)}")
            raise said(error, name) or unreachable from None
        if not isinstance(client, WithSqlClient):
            msg = f"{name} is no database that answers SQL: use another destination."
            raise ConfigurationError(msg)
        yield client


def check(pipeline: dlt.Pipeline, name: str) -> None:
    """Asks a database whether it is there, and Postgres whether the user may write, too.

    Raises:
        ConfigurationError: as of `opened`.
        DestinationError: as of `opened`, or the user may not.
    """
    with opened(pipeline, name) as client:
        try:
            is_there = client.is_storage_initialized()
            if name != "postgres":
                return
            dataset = client.capabilities.escape_literal(pipeline.dataset_name)
            asked = f"has_schema_privilege({dataset}" if is_there else "has_database_privilege(current_database()"
            [(may_write,)] = client.sql_client.execute_sql(f"SELECT {asked}, 'CREATE')")
        except DestinationException as error:
            msg = f"Destination {name} does not answer: {first_line(error)}"
            raise DestinationError(msg) from None
        if not may_write:
            place = f"tables in schema {pipeline.dataset_name}" if is_there else "schemas"
            msg = f"Destination {name}: this user may not make {place}: GRANT CREATE, or use another user."
            raise DestinationError(msg)


def answer(client: Any, sql: str) -> tuple[list[str], list[tuple[Any, ...]]] | None:
    """Column names and rows that Postgres answers, in its own dialect, if it does; nothing can be changed.

    Raises:
        ConfigurationError: the statement is wrong.
    """
    try:
        client.sql_client.execute_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        client.sql_client.execute_sql("SET TIME ZONE 'UTC'")
        with client.sql_client.execute_query(sql) as cursor:
            if cursor.description is None:
                return None
            return [column[0] for column in cursor.description], cursor.fetchall()
    except DestinationException as error:
        msg = f"The query failed: {str(error).strip()}"
        raise ConfigurationError(msg) from None


@contextmanager
def alone(pipeline: dlt.Pipeline, name: str) -> Iterator[None]:
    """Sees to it that no other machine writes to the dataset, where the database can tell.

    dlt merges through tables of its own, which two loads at once would take from each other. Postgres's lock ends with
    its connection, and so with this process, however that ends.

    Raises:
        ConfigurationError: as of `opened`.
        DestinationError: as of `opened`.
        TryLaterError: another sync is under way.
    """
    with opened(pipeline, name) as client:
        if name == "postgres":
            # The connection stays: the lock is its own.
            key = f"hashtext('playlake'), hashtext({client.capabilities.escape_literal(pipeline.dataset_name)})"
            [(is_free,)] = client.sql_client.execute_sql(f"SELECT pg_try_advisory_lock({key})")
            if not is_free:
                msg = f"Another sync is writing to {name}, dataset {pipeline.dataset_name}: try again when it is done."
                raise TryLaterError(msg)
            yield
            return
    yield


def is_news(record: logging.LogRecord) -> bool:
    """A filter for dlt's log.

    That rows are written out for a database that reads no Arrow is known; and where dlt cannot keep a trace of its own
    (on a full disk, with a traceback), the sync says itself what went wrong.
    """
    return not any(words in str(record.msg) for words in ("native writer could not be found", "trace dump"))


def said(error: BaseException, name: str) -> ConfigurationError | None:
    """What an error of dlt's means to whoever wants to use a destination; none if that is not known."""
    if isinstance(error, MissingDependencyException):
        return ConfigurationError(f"Destination {name} needs packages: pip install 'dlt[{name}]' installs them.")
    if isinstance(error, ConfigFieldMissingException):
        lacking = re.search(r"missing field\(s\): (.+)", str(error)) or re.search(r": (.+)", first_line(error))
        fields = lacking[1].replace("`", "") if lacking else "something"
        return ConfigurationError(
            f"The settings of destination {name} lack {fields}: put that into [destination.{name}.credentials] of "
            ".dlt/secrets.toml, or into the environment."
        )
    if isinstance(error, ConfigurationException):
        return ConfigurationError(f"The settings of destination {name} are wrong: {first_line(error)}")
    return None


def first_line(error: BaseException) -> str:
    """The first line of what an error says."""
    return str(error).strip().partition("\n")[0]
