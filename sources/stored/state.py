"""What earlier syncs left at the destination, read back so that a worker with an empty disk goes on."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

import dlt
import duckdb
import msgspec
import pyarrow as pa
from dlt.common.pipeline import SupportsPipeline
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient

from schemas import TABLES
from schemas.lake import SQL_TYPES, lake_sql, literal, text
from schemas.merging import merged_sql
from schemas.spec import TIME, Table
from sources.errors import DestinationError, WrongClockError
from sources.spotify.engine.batches import Batch
from sources.spotify.models.rows import CoverCheck, Description, Listing
from sources.spotify.models.times import EPOCH, SECOND
from sources.spotify.resources.known_collection import KnownCollection
from sources.spotify.resources.playlists.descriptions import Descriptions
from sources.spotify.resources.playlists.known import KnownPlaylist, Look, Recorded
from sources.spotify.resources.playlists.listings import Listings
from sources.stored.dlt_options import check_layout
from sources.stored.lake_folder import LOADS, LakeFiles, check_records, is_load_id, listed, load_of, reading, time_of

LOAD_ID = "_dlt_load_id"
COMPLETED = "SELECT load_id FROM _dlt_loads WHERE status = 0"
PLAYLIST_COLUMNS = "playlist_id, access, items_total, name, public, collaborative, in_library, left_at"
TRACKS = "spotify:track:"
"""How the URIs begin of what plays for something else, and of what it plays for."""


class Stored:
    """The tables of a destination, as DuckDB sees them. Rows of loads that did not complete do not count.

    Args:
        connection: a DuckDB connection whose current schema holds the tables.
        tables: names of those that exist.
        narrow: names of those that lack columns of this version.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, tables: Collection[str], narrow: Collection[str] = ()
    ) -> None:
        self._connection = connection
        self.tables = set(tables) if "_dlt_loads" in tables else set()
        self.whole_tables = self.tables - set(narrow)

    def check_clock(self, now: datetime) -> None:
        """Refuses to write what would count as older than what is there: load ids and observations are times.

        Raises:
            WrongClockError: the newest load is of a later time.
        """
        if not self.tables:
            return
        rows = self._connection.execute("SELECT load_id FROM _dlt_loads WHERE status = 0").fetchall()
        newest = max((time_of(load_id) for (load_id,) in rows if is_load_id(load_id or "")), default=now)
        if newest > now:
            msg = (
                f"The newest load is of {newest:%Y-%m-%d %H:%M:%S} UTC, but this machine's clock says "
                f"{now:%Y-%m-%d %H:%M:%S}: set the clock, or wait. What was written now would count as older. If this "
                "clock is right, another was wrong: playlake repair --clock, with the options that name the lake, "
                "moves what it wrote."
            )
            raise WrongClockError(msg, newest)

    def run_ids(self) -> set[str]:
        """The runs that are there, and so all that they read."""
        if "runs" not in self.tables:
            return set()
        sql = "SELECT run_id FROM runs WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)"
        return {row[0] for row in self._connection.execute(sql).fetchall()}

    def check_order(self, run_id: str, started_at: datetime, ended_at: datetime) -> None:
        """Refuses to write an earlier run after a later one: states are told apart by the time they were seen at.

        What a part of the same run has written already is no hindrance.

        Args:
            run_id: the run.
            started_at: when it began.
            ended_at: when it had its last answer.

        Raises:
            DestinationError: the run is there already, or something later is.
        """
        if run_id in self.run_ids():
            msg = f"Run {run_id} of {started_at:%Y-%m-%d %H:%M:%S} UTC is stored already: nothing was changed."
            raise DestinationError(msg)
        newest = self._newest("runs", "started_at")
        if newest is None or newest <= started_at:
            # Runs of two accounts may overlap; what no finished run saw is of one that was cut off.
            newest = self._newest("playlist_snapshots", "observed_at")
            ended_at = max(ended_at, self._newest("runs", "finished_at") or ended_at)
            if newest is None or newest <= ended_at:
                return
        msg = (
            f"The destination holds what was seen at {newest:%Y-%m-%d %H:%M:%S} UTC, later than the run of "
            f"{started_at:%Y-%m-%d %H:%M:%S} that is to be replayed: replay into a lake of its own, the earliest run "
            "first."
        )
        raise DestinationError(msg)

    def _newest(self, table: str, time: str) -> datetime | None:
        if table not in self.tables:
            return None
        row = self._first(
            f"SELECT max({time}) FROM {table} "  # noqa: S608 (names are our own)
            "WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)"
        )
        return row[0] if row else None

    def playlists(self) -> dict[str, KnownPlaylist]:
        """All known playlists by id."""
        if not self.tables & {"playlists", "playlist_snapshots"}:
            return {}
        rows = self._connection.execute(
            f"""
            WITH completed AS (SELECT load_id FROM _dlt_loads WHERE status = 0),
            snapshots AS (
                SELECT playlist_id, max(observed_at) AS observed_at, arg_max(snapshot_id, observed_at) AS snapshot_id,
                    arg_max(item_count, observed_at) AS items
                FROM {self._table("playlist_snapshots", "playlist_id, observed_at, snapshot_id, item_count")}
                WHERE _dlt_load_id IN (FROM completed) GROUP BY playlist_id
            ),
            looks AS (
                SELECT playlist_id, arg_max(
                    {{'user_id': user_id, 'outcome': outcome, 'snapshot_id': snapshot_id, 'finished_at': finished_at}},
                    finished_at
                ) AS look
                FROM {self._table("playlist_reads", "playlist_id, user_id, finished_at, outcome, snapshot_id")}
                WHERE _dlt_load_id IN (FROM completed) AND outcome IN ('read', 'metadata_only', 'gone')
                    AND finished_at IS NOT NULL
                GROUP BY playlist_id, user_id
            ),
            doubts AS (
                SELECT playlist_id, arg_max({{'doubted': doubted}}, finished_at) AS doubt
                FROM {self._table("playlist_reads", "playlist_id, finished_at, outcome, doubted")}
                WHERE _dlt_load_id IN (FROM completed) AND outcome IN ('read', 'kept_back')
                GROUP BY playlist_id
            )
            SELECT playlist_id, s.snapshot_id, s.observed_at, p.access,
                (SELECT list(look) FROM looks AS l WHERE l.playlist_id = coalesce(p.playlist_id, s.playlist_id)),
                coalesce(s.items, p.items_total), p.name, p.public, p.collaborative, p.in_library, p.left_at,
                (SELECT doubt.doubted FROM doubts AS d WHERE d.playlist_id = coalesce(p.playlist_id, s.playlist_id))
            FROM {self._table("playlists", PLAYLIST_COLUMNS)} AS p FULL JOIN snapshots AS s USING (playlist_id)
            """  # noqa: S608 (names are our own)
        ).fetchall()
        lacking = self.lacking_additions()
        return {
            playlist_id: replace(
                KnownPlaylist(
                    snapshot_id, observed_at, access, tuple(Look(**look) for look in looks or ()), *described
                ),
                lacks_additions=playlist_id in lacking,
            )
            for playlist_id, snapshot_id, observed_at, access, looks, *described in rows
        }

    def listings(self) -> Listings:
        """What the users' lists last said of each playlist."""
        if "playlist_listings" not in self.tables:
            return Listings(())
        rows = self._connection.execute(
            "SELECT user_id, playlist_id, observed_at, state FROM playlist_listings "
            "WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0) "
            "QUALIFY row_number() OVER (PARTITION BY user_id, playlist_id ORDER BY observed_at DESC, state) = 1"
        ).fetchall()
        return Listings(Listing(*row) for row in rows)

    def descriptions(self) -> Descriptions:
        """How playlists were last described."""
        if "playlist_descriptions" not in self.tables:
            return Descriptions(())
        rows = self._connection.execute(
            f"SELECT {', '.join(Description.__struct_fields__)} FROM playlist_descriptions "  # noqa: S608
            "WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0) "
            "QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY observed_at DESC, _dlt_load_id DESC) = 1"
        ).fetchall()
        return Descriptions(Description(*row) for row in rows)

    def hidden_playlists(self, user_id: str) -> int:
        """How many rows of a user's list were null when it last was told for sure what they are."""
        if "runs" not in self.tables:
            return 0
        row = self._first(
            "SELECT arg_max(hidden_playlists, started_at) FROM runs WHERE user_id = ? AND hidden_playlists IS NOT NULL "
            "AND _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)",
            [user_id],
        )
        return (row[0] if row else None) or 0

    def lacking_additions(self) -> set[str]:
        """Playlists whose newest state has keys of additions that are not there: something was lost."""
        if "playlist_snapshots" not in self.tables:
            return set()
        rows = self._connection.execute(
            f"""
            WITH completed AS (SELECT load_id FROM _dlt_loads WHERE status = 0),
            newest AS (
                SELECT playlist_id, arg_max(item_keys::BIGINT[], observed_at) AS item_keys
                FROM playlist_snapshots WHERE _dlt_load_id IN (FROM completed) GROUP BY playlist_id
            )
            SELECT DISTINCT playlist_id FROM (SELECT playlist_id, unnest(item_keys) AS item_key FROM newest)
            ANTI JOIN (
                SELECT playlist_id, item_key FROM {self._table("playlist_additions", "playlist_id, item_key")}
                WHERE _dlt_load_id IN (FROM completed)
            ) USING (playlist_id, item_key)
            """  # noqa: S608 (names are our own)
        ).fetchall()
        return {row[0] for row in rows}

    @cached_property
    def links(self) -> dict[str, list[str]]:
        """Tracks that play for others: URIs of those that were added, by the URI of the one that plays."""
        found = []
        if "tracks" in self.tables:
            found.append("SELECT track_uri AS played, linked_from_uri AS added FROM tracks")
        if "playlist_additions" in self.tables:
            found.append("SELECT 'spotify:track:' || track_id AS played, item_uri AS added FROM playlist_additions")
        if not found:
            return {}
        pairs = (
            f"SELECT * FROM ({' UNION ALL '.join(found)}) WHERE played <> added "  # noqa: S608 (names are our own)
            f"AND played LIKE '{TRACKS}%' AND added LIKE '{TRACKS}%'"
        )
        sql = f"SELECT played, list(DISTINCT added ORDER BY added) FROM ({pairs}) GROUP BY played"  # noqa: S608
        return dict(self._connection.execute(sql).fetchall())

    def saved(self, user_id: str, collection: str) -> KnownCollection:
        """What is stored of a user's collection."""
        if "saved_snapshots" not in self.tables:
            return KnownCollection()
        whose = f"user_id = {self._literal(user_id)} AND _dlt_load_id IN ({COMPLETED})"
        its = f"collection = {self._literal(collection)} AND {whose}"
        newest = self._rows(
            f"SELECT observed_at, item_keys FROM saved_snapshots WHERE {its} ORDER BY observed_at DESC LIMIT 1"  # noqa: S608
        )
        additions = self._rows(f"SELECT item_key, item_uri, added_at FROM saved_additions WHERE {its}")  # noqa: S608
        reads = self._rows(
            f"SELECT outcome, is_whole, finished_at FROM resource_reads WHERE {whose} "  # noqa: S608
            f"AND subject = {self._literal(collection)} AND resource IN ('saved_items', 'followed_artists') "
            "AND outcome IN ('read', 'unchanged', 'kept_back') ORDER BY finished_at"
        )
        whole = [finished for outcome, is_whole, finished in reads if is_whole and outcome != "kept_back"]
        return KnownCollection(
            listed_keys(newest[0][1]) if newest else None,
            newest[0][0] if newest else None,
            whole[-1] if whole else None,
            {key: (uri, None if added is None else (added - EPOCH) // SECOND) for key, uri, added in additions},
            doubted=bool(reads) and reads[-1][0] == "kept_back",
        )

    def _literal(self, value: str) -> str:
        """A text as the destination's SQL writes it."""
        return text(value)

    def resume_at(self, client_id: str | None) -> datetime | None:
        """Until when an app was asked to wait, whichever of its users was asked; null if it never was."""
        if "runs" not in self.tables:
            return None
        row = self._first(
            "SELECT max(resume_at) FROM runs WHERE client_id = ? "
            "AND _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)",
            [client_id],
        )
        return row[0] if row else None

    def item_keys(self, playlist_id: str, observed_at: datetime) -> list[int]:
        """The keys of a stored state, in order."""
        row = self._first(
            "SELECT item_keys::BIGINT[] FROM playlist_snapshots WHERE playlist_id = ? AND observed_at = ? "
            "AND _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0) LIMIT 1",
            [playlist_id, observed_at],
        )
        return list(row[0]) if row else []

    def additions(self, playlist_id: str) -> Recorded:
        """All additions that are stored of a playlist."""
        if playlist_id not in self._with_additions:
            return Recorded({}, {})
        # Two machines that sync at once may store one twice: the earlier counts, as in the views.
        columns = ("item_key", "item_uri", "added_at", "added_by_id", "first_observed_at")
        rows = self._rows_of("playlist_additions", columns, playlist_id)
        rows = rows.sort_by([("first_observed_at", "descending")])
        keys: list[Any] = rows["item_key"].to_pylist()
        times = rows["added_at"].cast(TIME).cast(pa.int64()).to_pylist()
        whens = [None if time is None else time // 1_000_000 for time in times]
        identities = zip(rows["item_uri"].to_pylist(), whens, strict=True)
        recorded = Recorded(
            dict(zip(keys, identities, strict=True)), dict(zip(keys, rows["added_by_id"].to_pylist(), strict=True))
        )
        return self._with_authors(recorded, playlist_id)

    def _with_authors(self, recorded: Recorded, playlist_id: str) -> Recorded:
        """The same, where the newest author counts."""
        if playlist_id not in self._with_authors_named:
            return recorded
        columns = ("item_key", "added_by_id", "observed_at")
        rows = self._rows_of("playlist_addition_authors", columns, playlist_id).sort_by("observed_at")
        times: list[Any] = rows["observed_at"].cast(TIME).to_pylist()
        keys: list[Any] = rows["item_key"].to_pylist()
        newest = dict(zip(keys, rows["added_by_id"].to_pylist(), strict=True))
        return Recorded(recorded.identities, recorded.authors | newest, times[-1] if times else None)

    @cached_property
    def _with_additions(self) -> set[str]:
        return self._playlists_in("playlist_additions")

    @cached_property
    def _with_authors_named(self) -> set[str]:
        return self._playlists_in("playlist_addition_authors")

    def _playlists_in(self, table: str) -> set[str]:
        """The playlists of which a table has rows; asked once, since most are new or have no rows at all."""
        if table not in self.tables:
            return set()
        return {row[0] for row in self._rows(f"SELECT DISTINCT playlist_id FROM {table}")}  # noqa: S608

    def _rows(self, sql: str) -> list[Any]:
        """The answer to a query in SQL that databases share."""
        return self._connection.execute(sql).fetchall()

    def _rows_of(self, table: str, columns: Sequence[str], playlist_id: str) -> pa.Table:
        """Some columns of a table, of one playlist."""
        return self._connection.sql(
            f"SELECT {', '.join(columns)} FROM {table} WHERE playlist_id = ? "  # noqa: S608 (names are our own)
            "AND _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)",
            params=[playlist_id],
        ).to_arrow_table()

    def cover_checks(self) -> dict[str, CoverCheck]:
        """How the last look at each playlist's cover ended, by the playlist's id; not of covers that are lost."""
        if "cover_checks" not in self.tables:
            return {}
        rows = self._connection.execute(
            f"""
            SELECT playlist_id, checked_at, url, c.cover_sha256, c.thumbnail_sha256, message FROM cover_checks AS c
            WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0) AND (
                (c.cover_sha256 IS NULL AND c.thumbnail_sha256 IS NULL) OR EXISTS (
                    SELECT 1 FROM {self._table("playlist_covers", "playlist_id, cover_sha256")} AS p
                    WHERE p.playlist_id = c.playlist_id AND p.cover_sha256 IS NOT DISTINCT FROM c.cover_sha256
                )
            )
            """  # noqa: S608 (names are our own)
        ).fetchall()
        kept = self.kept_pictures() | {None}
        checks = (CoverCheck(*row) for row in rows)
        return {check.playlist_id: check for check in checks if {check.cover_sha256, check.thumbnail_sha256} <= kept}

    def kept_pictures(self) -> set[str]:
        """Hashes of the pictures that are there."""
        if "covers" not in self.tables:
            return set()
        rows = self._connection.execute(
            "SELECT sha256 FROM covers WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)"
        ).fetchall()
        return {row[0] for row in rows}

    def changed(self, batch: Batch) -> pa.Table:
        """Those rows of a dimension or part batch that say something new, as they are to be stored."""
        table = batch.table
        if table.kind == "fact" or table.name not in self.tables:
            return batch.rows
        self._connection.register("batch", batch.rows)
        self._connection.register(
            "owners", pa.table({"owner": batch.owners}) if batch.owners is not None else batch.rows
        )
        try:
            sql = _changed_parts(table) if table.kind == "part" else _changed_dimension(table)
            return self._connection.sql(sql).to_arrow_table().cast(table.arrow)
        finally:
            self._connection.unregister("batch")
            self._connection.unregister("owners")

    def _first(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The only row of an answer, null if it has none. It is read to its end: DuckDB 2 keeps open what is not."""
        rows = self._connection.execute(sql, list(values)).fetchall()
        return rows[0] if rows else None

    def _table(self, name: str, columns: str) -> str:
        if name in self.tables:
            return name
        declared = next(table for table in TABLES if table.name == name)
        types = {column: SQL_TYPES[declared[column].type] for column in columns.split(", ")} | {LOAD_ID: "VARCHAR"}
        nulls = ", ".join(f"NULL::{type_} AS {column}" for column, type_ in types.items())
        return f"(SELECT {nulls} WHERE false)"


def listed_keys(value: Any) -> list[int]:
    """A list of keys as a destination gives it: a list, or JSON."""
    return list(msgspec.json.decode(value) if isinstance(value, str | bytes) else value)


def _changed_dimension(table: Table) -> str:
    key = table.key[0]
    merged = ", ".join(f"{merged_sql(table, c)} AS {c.name}" for c in table.columns)
    after = ", ".join(merged_sql(table, c) for c in table.columns)
    before = ", ".join(f"o.{c.name}" for c in table.columns)
    return (
        f"SELECT {merged} FROM batch AS n LEFT JOIN {table.name} AS o ON o.{key} = n.{key} "  # noqa: S608
        f"WHERE o.{key} IS NULL OR ({after}) IS DISTINCT FROM ({before})"
    )


def _changed_parts(table: Table) -> str:
    columns = [c for c in table.columns if c.name != "removed"]
    owner, key = table.key[0], " AND ".join(f"o.{name} = n.{name}" for name in table.key)
    new = ", ".join(f"{merged_sql(table, c)} AS {c.name}" for c in columns)
    after, before = ", ".join(merged_sql(table, c) for c in columns), ", ".join(f"o.{c.name}" for c in columns)
    gone = ", ".join(f"o.{c.name}" if c.name in table.key else f"NULL AS {c.name}" for c in columns)
    return f"""
        WITH had AS (SELECT * FROM {table.name} WHERE {owner} IN (SELECT owner FROM owners)),
        kept AS ({_kept_lists(table)}),
        stored AS (SELECT * FROM had ANTI JOIN kept USING ({owner})),
        sent AS (SELECT * FROM batch ANTI JOIN kept USING ({owner}))
        SELECT {new}, NULL::BOOLEAN AS removed FROM sent AS n LEFT JOIN stored AS o ON {key}
        WHERE o.{owner} IS NULL OR ({after}) IS DISTINCT FROM ({before})
        UNION ALL
        SELECT {gone}, true AS removed FROM stored AS o ANTI JOIN sent AS n ON {key}
    """  # noqa: S608


def _kept_lists(table: Table) -> str:
    """Whose lists say nothing, where what was stored says something."""
    owner = table.key[0]
    if table.names is None:
        return f"SELECT {owner} FROM had WHERE false"  # noqa: S608 (names are our own)
    said = f"coalesce({table.names}, '') <> ''"
    return (
        f"SELECT DISTINCT {owner} FROM had WHERE {said} "  # noqa: S608
        f"EXCEPT SELECT {owner} FROM batch WHERE {said}"
    )


@contextmanager
def open_stored(pipeline: SupportsPipeline | None) -> Iterator[Stored]:
    """What the pipeline's destination holds; nothing where there is no pipeline or no dataset yet."""
    if pipeline is None or not isinstance(pipeline, dlt.Pipeline):
        with duckdb.connect() as connection:
            yield Stored(connection, ())
        return
    client = pipeline.destination_client()
    with client:
        if isinstance(client, FilesystemClient):
            check_layout(client)
            with reading(client), duckdb.connect() as connection:
                listing = listed(client)
                check_records(client, listing)
                yield Stored(connection, show_lake(connection, client, listing))
        else:
            with _database(client) as stored:
                yield stored


def show_lake(
    connection: duckdb.DuckDBPyConnection, client: FilesystemClient, listing: LakeFiles | None = None
) -> set[str]:
    """Makes the tables and views of a folder or bucket in a connection.

    For a bucket the connection is taught to read it with dlt's own credentials.

    Returns:
        Names of the tables that have files.
    """
    if not client.is_local_filesystem:
        connection.register_filesystem(client.fs_client)
    files = lake_files(client, listing)
    for statement in lake_sql(lake_url(client), files, files):
        connection.execute(statement)
    return set(files)


def lake_url(client: FilesystemClient) -> str:
    """The dataset's folder as DuckDB names it."""
    root = str(client.dataset_path).rstrip("/")
    return root if client.is_local_filesystem else client.make_remote_url(root)


def lake_files(client: FilesystemClient, listing: LakeFiles | None = None) -> dict[str, list[str]]:
    """The files of each of our tables, and of `_dlt_loads`, as patterns that only mean themselves.

    Files of loads that have no record are left out: those loads are not complete.
    """
    listing = listing or listed(client)
    complete = listing.complete
    shown = {LOADS: [path for load_id, path in listing.records.items() if load_id in complete]}
    for table, paths in listing.data.items():
        shown[table] = [path for path in paths if load_of(path) in complete]
    url = str if client.is_local_filesystem else client.make_remote_url
    return {table: [literal(url(path)) for path in paths] for table, paths in shown.items() if paths}


@contextmanager
def _database(client: Any) -> Iterator[Stored]:
    """A database through dlt's own connection, whose search path is the dataset."""
    # It builds on this module.
    from sources.stored.remote import Remote, RemoteStored

    with duckdb.connect() as memory:
        connection = client.sql_client.native_connection
        if not client.is_storage_initialized():
            yield Stored(memory, ())
        elif isinstance(connection, duckdb.DuckDBPyConnection):
            yield Stored(connection, *_tables(connection, client.sql_client.dataset_name))
        else:
            yield RemoteStored(Remote(client), memory)


def _tables(connection: duckdb.DuckDBPyConnection, schema: str) -> tuple[set[str], set[str]]:
    """The tables of a database, and those that lack columns, which then all have them for this connection."""
    rows = connection.execute(
        "SELECT table_name, list(column_name) FROM information_schema.columns JOIN information_schema.tables "
        "USING (table_catalog, table_schema, table_name) WHERE table_schema = ? AND table_type = 'BASE TABLE' "
        "GROUP BY table_name",
        [schema],
    ).fetchall()
    present = {name: set(columns) for name, columns in rows}
    narrow = set()
    for table in TABLES:
        lacking = [c for c in table.columns if table.name in present and c.name not in present[table.name]]
        if lacking:
            narrow.add(table.name)
            # The next load adds them for good; a temporary view goes before a table of its name.
            nulls = ", ".join(f"NULL::{SQL_TYPES[column.type]} AS {column.name}" for column in lacking)
            connection.execute(
                f'CREATE OR REPLACE TEMP VIEW {table.name} AS SELECT *, {nulls} FROM "{schema}".{table.name}'  # noqa: S608
            )
    return set(present), narrow
