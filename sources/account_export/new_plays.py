"""Finds the plays that a destination does not hold yet, and makes their rows."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from schemas.lake import text
from schemas.listening.plays import TABLE
from sources.account_export.staging import Staged
from sources.account_export.state import NAMES, KnownHistory
from sources.play_keys import STEP

ROWS = 10_000
"""Rows of a batch."""

_WHOSE = """
CREATE OR REPLACE TABLE whose AS
SELECT file, coalesce(max(username), ?) AS user_id FROM staged GROUP BY file
"""

_KEYED = f"""
CREATE OR REPLACE TABLE keyed AS
WITH numbered AS (
    SELECT
        staged.file_row_number AS place,
        coalesce(staged.username, whose.user_id) AS user_id,
        first_key,
        row_number() OVER (
            PARTITION BY file, coalesce(staged.username, whose.user_id), first_key ORDER BY staged.file_row_number
        ) - 1 AS ordinal
    FROM staged
    JOIN whose USING (file)
),
keys AS (
    SELECT
        place,
        user_id,
        -- As `with_ordinal` in sources.play_keys.
        ((first_key::HUGEINT + ordinal * {STEP} + {2**63}) % {2**64} - {2**63})::BIGINT AS play_key
    FROM numbered
)
SELECT min(place) AS place, user_id, play_key FROM keys GROUP BY user_id, play_key
"""  # noqa: S608 (numbers of ours)
"""Each play once: files that overlap have the same plays, and a file that has equal ones has that many."""

_NEW = "CREATE OR REPLACE TABLE fresh AS SELECT * FROM keyed ANTI JOIN stored USING (user_id, play_key)"

_MINUTES = """
SELECT DISTINCT user_id, min(played_at) OVER (), max(played_at) OVER ()
FROM fresh JOIN staged ON staged.file_row_number = place
WHERE played_at_precision = 'minute'
"""

_COVERED = """
DELETE FROM fresh WHERE place IN (
    WITH exact AS (
        SELECT user_id, played_at, item_name, artist_name, ms_played FROM stored_times
        UNION ALL
        SELECT user_id, played_at, item_name, artist_name, ms_played
        FROM fresh JOIN staged ON staged.file_row_number = place
        WHERE played_at_precision = 'second'
    ),
    counted AS (
        SELECT user_id, epoch_us(played_at) // 60000000 AS minute, item_name, artist_name, ms_played, count(*) AS exacts
        FROM exact
        GROUP BY ALL
    ),
    short AS (
        SELECT
            place, user_id, epoch_us(played_at) // 60000000 AS minute, item_name, artist_name, ms_played,
            row_number() OVER (
                PARTITION BY user_id, played_at, item_name, artist_name, ms_played ORDER BY place
            ) AS number
        FROM keyed JOIN staged ON staged.file_row_number = place
        WHERE played_at_precision = 'minute'
    )
    SELECT place
    FROM short
    JOIN counted
        ON counted.user_id = short.user_id
        AND counted.minute = short.minute
        AND counted.item_name IS NOT DISTINCT FROM short.item_name
        AND counted.artist_name IS NOT DISTINCT FROM short.artist_name
        AND counted.ms_played IS NOT DISTINCT FROM short.ms_played
    WHERE number <= exacts
)
"""
"""Plays of the short history that the extended one has, too, exact to the second: those of the latter are stored."""

_CERTAIN = """
CREATE OR REPLACE TABLE certain AS
SELECT item_name, artist_name, min(item_uri) AS item_uri
FROM (
    SELECT item_uri, item_name, artist_name FROM stored_names
    UNION
    SELECT item_uri, item_name, artist_name FROM staged WHERE item_type = 'track' AND item_uri IS NOT NULL
)
WHERE item_name IS NOT NULL AND artist_name IS NOT NULL
GROUP BY item_name, artist_name
HAVING count(DISTINCT item_uri) = 1
"""
"""Names that only one known track has."""


class NewPlays:
    """The plays that a destination does not hold yet.

    Args:
        staged: what was read.
        known: what is stored.
        owner: whose plays they are where no file says so; null if all do.
    """

    def __init__(self, staged: Staged, known: KnownHistory, owner: str | None) -> None:
        self._connection = connection = staged.connection
        connection.execute(_WHOSE, [owner])
        connection.execute(_KEYED)
        users = [user for (user,) in connection.execute("SELECT DISTINCT user_id FROM keyed").fetchall()]
        _given(connection, "stored", known.export_keys(users))
        connection.execute(_NEW)
        self._leave_out_short(known)
        self.by_user: dict[str, int] = dict(
            connection.execute("SELECT user_id, count(*) FROM fresh GROUP BY user_id ORDER BY user_id").fetchall()
        )
        self.users: list[str] = sorted(users)
        for table in ("keyed", "stored"):
            connection.execute(f"DROP TABLE {table}")

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.by_user.values())

    def batches(self, run_id: str, observed_at: datetime) -> Iterator[pa.Table]:
        """Their rows of the table `plays`.

        Args:
            run_id: the import.
            observed_at: when.
        """
        given = {
            "play_key": "fresh.play_key",
            "user_id": "fresh.user_id",
            "source": "'export'",
            "item_uri": "coalesce(staged.item_uri, certain.item_uri)",
            "context_uri": "NULL",
            "context_type": "NULL",
            # As parameters they would have DuckDB keep the whole answer in memory.
            "run_id": text(run_id),
            "first_observed_at": f"TIMESTAMPTZ {text(observed_at.isoformat())}",
        }
        columns = ", ".join(f"{given.get(c.name, f'staged.{c.name}')} AS {c.name}" for c in TABLE.columns)
        sql = (
            f"SELECT {columns} FROM staged JOIN fresh ON staged.file_row_number = fresh.place LEFT JOIN certain "  # noqa: S608
            # A condition on one side alone would have every row compared with every name.
            "ON certain.item_name = CASE WHEN staged.item_uri IS NULL AND staged.item_type = 'track' "
            "THEN staged.item_name END AND certain.artist_name = staged.artist_name"
        )
        for batch in self._connection.sql(sql).to_arrow_reader(ROWS):
            yield pa.Table.from_batches([batch]).cast(TABLE.arrow)

    def _leave_out_short(self, known: KnownHistory) -> None:
        """Removes plays that the extended history has, too, and finds the tracks of names."""
        connection = self._connection
        minutes = connection.execute(_MINUTES).fetchall()
        _given(connection, "stored_names", known.track_names() if minutes else NAMES.empty_table())
        connection.execute(_CERTAIN)
        if minutes:
            since, until = minutes[0][1:]
            times = known.export_times([row[0] for row in minutes], since, until + timedelta(minutes=1))
            _given(connection, "stored_times", times)
            connection.execute(_COVERED)


def _given(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Makes a table of rows that were asked for."""
    connection.register("given", rows)
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")  # noqa: S608 (names are our own)
    connection.unregister("given")
