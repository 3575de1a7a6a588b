"""Implements the `State` protocol over a destination's tables, so that a worker with an empty disk can continue."""

from datetime import timedelta

import pyarrow as pa

from schemas.lake import text
from schemas.merging import DAYS_30
from sources.spotify.engine.buffers import Batch
from sources.stored.additions import StoredAdditions
from sources.stored.browse import StoredBrowse
from sources.stored.catalogue import StoredCatalogue
from sources.stored.changes import changed_children, changed_dimension, new_observations
from sources.stored.covers import StoredCovers
from sources.stored.personal import StoredPersonal
from sources.stored.playlists import StoredPlaylists
from sources.stored.plays import StoredPlays
from sources.stored.ranked_lists import StoredRankedLists
from sources.stored.runs import StoredRuns
from sources.stored.saved import StoredCollections
from sources.stored.small_tables import as_declared, shown

FEW = 1_000
"""Keys of a batch that are written into a query: a list of more takes longer to compare than there is to gain."""


class Stored(
    StoredRuns,
    StoredPlaylists,
    StoredAdditions,
    StoredCovers,
    StoredCollections,
    StoredRankedLists,
    StoredBrowse,
    StoredPlays,
    StoredPersonal,
    StoredCatalogue,
):
    """The tables of a destination, as DuckDB sees them. Rows of loads that did not complete do not count.

    Args:
        connection: a DuckDB connection whose current schema holds the tables.
        tables: names of those that exist.
        narrow: names of those that lack columns of this version.

    Attributes:
        describe_after: after what time a description is an old one.
    """

    describe_after: timedelta = DAYS_30

    def changed(self, batch: Batch) -> pa.Table:
        """The rows of a batch that are new or changed, as they are to be stored; of most facts all rows."""
        table = batch.table
        if (table.kind == "fact" and not table.differs) or table.name not in self.tables:
            return batch.rows
        owners = batch.owners if batch.owners is not None else batch.rows
        with shown(self._connection, "batch", batch.rows), shown(self._connection, "owners", owners):
            return as_declared(self._connection.sql(self._changes(batch)).to_arrow_table(), table.arrow)

    def _changes(self, batch: Batch) -> str:
        table = batch.table
        if table.kind == "fact":
            return new_observations(table)
        keys = batch.keys
        # Of a list of values DuckDB knows before it reads a file what it need not read there, and not of a query's.
        few = {"keys": ", ".join(map(text, set(keys)))} if 0 < len(keys) <= FEW else {}
        return (
            changed_children(table, **few)
            if table.kind == "child"
            else changed_dimension(table, self.describe_after, **few)
        )
