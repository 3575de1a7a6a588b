"""A schema of a Postgres database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from dlt.common.destination.exceptions import DestinationException

from pipelines.destinations.answer import Answer
from pipelines.destinations.database import Database
from pipelines.destinations.noted_records import warn
from sources.errors import ConfigurationError, DestinationError, TryLaterError
from sources.stored.load_notes import lost_records


class Postgres(Database):
    """A schema of a Postgres database. Arguments are those of `Destination`."""

    # dlt would take CSV, which has no lists.
    load_format = "insert_values"

    @contextmanager
    def exclusive_lock(self) -> Iterator[None]:
        """Sees to it that no other machine writes to the dataset.

        dlt merges through tables of its own, which two loads at once would take from each other. Postgres's lock ends
        with its connection, and so with this process, however that ends.

        Raises:
            ConfigurationError: as of `reached`.
            DestinationError: as of `reached`.
            TryLaterError: another sync is under way.
        """
        with self.reached() as client:
            # The connection stays: the lock is its own.
            key = f"hashtext('playlake'), hashtext({client.capabilities.escape_literal(self.dataset)})"
            [(is_free,)] = client.sql_client.execute_sql(f"SELECT pg_try_advisory_lock({key})")
            if not is_free:
                msg = f"Another sync is writing to {self.name}, dataset {self.dataset}: try again when it is done."
                raise TryLaterError(msg)
            yield

    def check_rights(self, client: Any, *, is_there: bool) -> None:
        """Asks whether the user may make what is not there yet.

        Raises:
            DestinationError: the user may not.
        """
        dataset = client.capabilities.escape_literal(self.dataset)
        asked = f"has_schema_privilege({dataset}" if is_there else "has_database_privilege(current_database()"
        [(may_write,)] = client.sql_client.execute_sql(f"SELECT {asked}, 'CREATE')")
        if not may_write:
            place = f"tables in schema {self.dataset}" if is_there else "schemas"
            msg = f"Destination {self.name}: this user may not create {place}: GRANT CREATE, or use another user."
            raise DestinationError(msg)

    def session(self) -> AbstractContextManager[Callable[[str], Answer | None]]:
        """What answers statements in Postgres's own SQL."""
        return self._session()

    @contextmanager
    def _session(self) -> Iterator[Callable[[str], Answer | None]]:
        with self.reached() as client:
            warn(lost_records(client))
            yield lambda sql: answer(client, sql)


def answer(client: Any, sql: str) -> Answer | None:
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
            described, rows = list(cursor.description), cursor.fetchall()
        return Answer([column[0] for column in described], rows, _types(client, [column[1] for column in described]))
    except DestinationException as error:
        msg = f"The query failed: {str(error).strip()}"
        raise ConfigurationError(msg) from None


def _types(client: Any, codes: list[int]) -> list[str]:
    """The names of types: https://www.postgresql.org/docs/current/functions-info.html, `format_type`."""
    listed = ", ".join(map(str, sorted(set(codes))))
    if not listed:
        return []
    named = client.sql_client.execute_sql(
        f"SELECT oid::bigint, format_type(oid, NULL) FROM pg_type WHERE oid IN ({listed})"  # noqa: S608 (numbers)
    )
    names = {code: name.replace("timestamp with time zone", "timestamptz") for code, name in named}
    return [names.get(code, "unknown") for code in codes]
