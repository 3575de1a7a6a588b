"""The rows of one load, which may be read before it is known whether dlt has to load them."""

from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import ExitStack

from dlt.common.pipeline import SupportsPipeline

from schemas import TABLES
from sources.spotify.engine.batch_size import gathered
from sources.spotify.engine.load_budget import LoadBudget
from sources.spotify.engine.run import Run
from sources.spotify.http.transport import utc_now
from sources.stored.load_id import TableRows
from sources.stored.opening import connected, stored_of
from sources.stored.table_repair import repair_tables

RECORDS = ("runs", "playlist_reads", "resource_reads", "playlists")
"""Tables that say what a run did, and which playlists it saw: all that a run writes that finds nothing new."""


class LoadRows:
    """The rows that one load adds to what is stored: a run's next batches, of which what is stored is left out.

    Args:
        run: the sync, which goes on where its last load ended.
        pipeline: that of the destination; null outside of one.
        budget: how much the load may hold; none for all that is left.
        dropped: tables that the load drops or empties before it writes.

    Attributes:
        existing: tables that the destination has, with all columns.

    Raises:
        DestinationError: tables or rows were lost, or the records of loads.
        WrongClockError: this machine's clock is wrong, so the load must not be written.
    """

    def __init__(
        self,
        run: Run,
        pipeline: SupportsPipeline | None,
        budget: LoadBudget | None = None,
        dropped: Collection[str] = (),
    ) -> None:
        self._run = run
        with ExitStack() as stack:
            client = stack.enter_context(connected(pipeline))
            is_repaired = not run.is_reading and repair_tables(client, full=run.settings.full or bool(dropped))
            stored = stack.enter_context(stored_of(client))
            # Load ids are of the system's clock.
            stored.check_not_before_last_load(utc_now())
            stored.tables -= set(dropped)
            stored.describe_after = run.settings.describe_after
            # After a refresh dlt makes no table of which it gets nothing, not even an empty one, and views need them.
            self.existing = frozenset() if is_repaired or dropped else frozenset(stored.whole_tables)
            self._stored, self._stack = stored, stack.pop_all()
        self._waiting: list[TableRows] = []
        self._left = self._read(budget.started(run) if budget else None)

    def __iter__(self) -> Iterator[TableRows]:
        yield from self._waiting
        yield from self._left

    def has_only_records(self) -> bool:
        """Reads on until a row comes that says more than what the run did and which playlists it saw.

        Returns:
            Whether none came, the run is over, and the destination has all tables.
        """
        if any(table.name not in self.existing for table in TABLES):
            return False
        for table, rows in self._left:
            self._waiting.append((table, rows))
            if table.name not in RECORDS:
                return False
        return self._run.finished

    def close(self) -> None:
        """Closes what is stored; what was not read by then stays unread."""
        self._left.close()
        self._stack.close()

    def _read(self, is_full: Callable[[], bool] | None) -> Generator[TableRows]:
        for batch in gathered(self._run.batches(self._stored, is_full)):
            rows = self._stored.changed(batch)
            if rows.num_rows:
                yield batch.table, rows
