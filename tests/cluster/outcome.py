"""What Airflow's tables say of a run of the DAG."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg2

from tests.cluster.airflow import DAG

NOW = """
    SELECT try_number, state, hostname, map_index FROM task_instance
    WHERE dag_id = %s AND task_id = 'sync' AND map_index >= 0 ORDER BY map_index
"""
BEFORE = """
    SELECT try_number, state, hostname, map_index FROM task_instance_history
    WHERE dag_id = %s AND task_id = 'sync' AND map_index >= 0 ORDER BY map_index, try_number
"""
RUNS = "SELECT run_id, state FROM dag_run WHERE dag_id = %s ORDER BY run_after LIMIT 1"
REST = "SELECT task_id, state FROM task_instance WHERE dag_id = %s AND task_id <> 'sync'"
RESCHEDULED = """
    SELECT task_instance.map_index FROM task_reschedule JOIN task_instance ON task_instance.id = ti_id
    WHERE dag_id = %s AND task_id = 'sync'
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try of an account's task.

    Attributes:
        account: its name.
        number: from 1.
        state: as Airflow calls it; null before it is scheduled.
        machine: the worker that began it; empty before.
        index: of the mapped task.
    """

    account: str
    number: int
    state: str | None
    machine: str
    index: int


class Outcome:
    """Asks Airflow's database.

    Args:
        database: its URL.
        names: the accounts' names, in the order of the mapped tasks.
    """

    def __init__(self, database: str, names: list[str]) -> None:
        self._database, self._names = database, names

    def latest(self) -> list[Attempt]:
        """The newest try of each account."""
        return self._attempts(NOW)

    def earlier(self) -> list[Attempt]:
        """The tries that were followed by another."""
        return self._attempts(BEFORE)

    def run(self) -> tuple[str, str] | None:
        """The id and the state of the first run of the DAG; null before there is one."""
        rows = self._rows(RUNS)
        return (str(rows[0][0]), str(rows[0][1])) if rows else None

    def other_tasks(self) -> dict[str, str]:
        """The states of the tasks before and after the syncs."""
        return dict(self._rows(REST))

    def rescheduled(self) -> set[str]:
        """Accounts whose task gave its place to others for a while."""
        return {self._names[index] for (index,) in self._rows(RESCHEDULED)}

    def _attempts(self, query: str) -> list[Attempt]:
        return [
            Attempt(self._names[index], number, state, machine or "", index)
            for number, state, machine, index in self._rows(query)
        ]

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self._database)) as connection, connection.cursor() as cursor:
            cursor.execute(query, (DAG,))
            return list(cursor.fetchall())
