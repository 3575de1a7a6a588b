"""Stored playlists: their newest states, listings and descriptions."""

from collections.abc import Mapping, Set
from functools import partial
from typing import Any

from sources.spotify.models.rows import Description, Listing
from sources.spotify.models.times import from_microseconds
from sources.spotify.resources.playlists.descriptions import Descriptions
from sources.spotify.resources.playlists.library_membership import LibraryMembership
from sources.spotify.resources.playlists.state import KnownPlaylist, LastRead
from sources.stored.rows_by_id import RowsById
from sources.stored.tables import COMPLETED, StoredTables

ITEMS, PLAYLISTS = 100_000, 1_000
"""So many items now on so many playlists does a sync look for at most, to find out whether they are all there."""

_LOOKS = "'read', 'metadata_only', 'gone'"
"""How a read ended that says whether a user may read a playlist, as SQL lists it."""

PLAYLIST_COLUMNS = "playlist_id, access, items_total, name, public, collaborative, in_library, left_at"


class StoredPlaylists(StoredTables):
    """Queries about playlists."""

    def playlists(self) -> Mapping[str, KnownPlaylist]:
        """All known playlists by id."""
        if not self.tables & {"playlists", "playlist_snapshots"}:
            return {}
        rows = self._connection.sql(
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
                    {{'user_id': user_id, 'outcome': outcome, 'snapshot_id': snapshot_id, 'at': epoch_us(finished_at)}},
                    finished_at
                ) AS look
                FROM {self._table("playlist_reads", "playlist_id, user_id, finished_at, outcome, snapshot_id")}
                WHERE _dlt_load_id IN (FROM completed) AND outcome IN ({_LOOKS})
                    AND finished_at IS NOT NULL
                GROUP BY playlist_id, user_id
            ),
            doubts AS (
                SELECT playlist_id, arg_max({{'doubted': doubted}}, finished_at) AS doubt
                FROM {self._table("playlist_reads", "playlist_id, finished_at, outcome, doubted")}
                WHERE _dlt_load_id IN (FROM completed) AND outcome IN ('read', 'kept_back')
                GROUP BY playlist_id
            )
            SELECT playlist_id, s.snapshot_id, epoch_us(s.observed_at) AS observed_at, p.access,
                (SELECT list(look) FROM looks AS l WHERE l.playlist_id = coalesce(p.playlist_id, s.playlist_id))
                    AS looks,
                coalesce(s.items, p.items_total) AS items, p.name, p.public, p.collaborative, p.in_library,
                epoch_us(p.left_at) AS left_at,
                (SELECT doubt.doubted FROM doubts AS d WHERE d.playlist_id = coalesce(p.playlist_id, s.playlist_id))
                    AS doubted
            FROM {self._table("playlists", PLAYLIST_COLUMNS)} AS p FULL JOIN snapshots AS s USING (playlist_id)
            """  # noqa: S608 (names are our own)
        ).to_arrow_table()
        return RowsById(rows, "playlist_id", partial(_known, lacking=self.lacking_additions()))

    def lost_states(self) -> int:
        """How many playlists were read whose states are all lost; one of which nothing else is known does not count."""
        if not self.tables >= {"playlist_reads", "playlists"}:
            return 0
        (count,) = self._first(
            f"""
            WITH last_reads AS (
                SELECT playlist_id, arg_max(outcome, finished_at) AS outcome FROM playlist_reads
                WHERE _dlt_load_id IN ({COMPLETED}) AND outcome IN ({_LOOKS}) AND finished_at IS NOT NULL
                GROUP BY playlist_id, user_id
            )
            SELECT count(DISTINCT playlist_id) FROM last_reads SEMI JOIN playlists USING (playlist_id)
            ANTI JOIN (
                FROM {self._table("playlist_snapshots", "playlist_id")} WHERE _dlt_load_id IN ({COMPLETED})
            ) USING (playlist_id)
            WHERE outcome = 'read'
            """  # noqa: S608 (names are our own)
        )
        return int(count)

    def listings(self) -> LibraryMembership:
        """The library membership of each playlist."""
        if "playlist_listings" not in self.tables:
            return LibraryMembership()
        newest = self._connection.sql(
            f"""
            WITH newest AS (
                SELECT user_id, playlist_id, observed_at, state FROM playlist_listings
                WHERE _dlt_load_id IN ({COMPLETED})
                QUALIFY row_number() OVER (PARTITION BY user_id, playlist_id ORDER BY observed_at DESC, state) = 1
            )
            SELECT playlist_id,
                list({{'user_id': user_id, 'observed_at': epoch_us(observed_at), 'state': state}}) AS listings
            FROM newest GROUP BY playlist_id
            """  # noqa: S608 (names are our own)
        ).to_arrow_table()
        libraries = self._connection.sql(
            "SELECT user_id, list(DISTINCT playlist_id) AS library FROM playlist_listings "  # noqa: S608
            f"WHERE _dlt_load_id IN ({COMPLETED}) GROUP BY user_id"
        ).to_arrow_table()
        return LibraryMembership(
            RowsById(newest, "playlist_id", _listings),
            RowsById(libraries, "user_id", lambda row: frozenset(row["library"])),
        )

    def descriptions(self) -> Descriptions:
        """How playlists were last described."""
        if "playlist_descriptions" not in self.tables:
            return Descriptions({})
        columns = ", ".join(Description.__struct_fields__).replace(
            "observed_at", "epoch_us(observed_at) AS observed_at"
        )
        rows = self._connection.sql(
            f"SELECT {columns} FROM playlist_descriptions "  # noqa: S608
            f"WHERE _dlt_load_id IN ({COMPLETED}) QUALIFY row_number() OVER ("
            "PARTITION BY playlist_id ORDER BY playlist_descriptions.observed_at DESC, _dlt_load_id DESC) = 1"
        ).to_arrow_table()
        return Descriptions(RowsById(rows, "playlist_id", _description))

    def lacking_additions(self) -> set[str]:
        """Playlists whose newest state has keys of additions that are not there: something was lost.

        Of a large lake each sync looks at a part, so that its cost does not grow with what is stored.
        """
        if "playlist_snapshots" not in self.tables:
            return set()
        of_part, of_states = self._part_to_check()
        # Most playlists have all in the load that wrote their newest state.
        found = self._lacking(of_part, of_states, of_states)
        if found and of_states != "true":
            found = self._lacking(f"playlist_id IN ({', '.join(map(self._literal, found))})", of_states, "true")
        return found

    def _lacking(self, of_playlists: str, of_states: str, of_additions: str) -> set[str]:
        """The same, where only some playlists, states and additions are looked at, by conditions in SQL."""
        rows = self._connection.execute(
            f"""
            WITH completed AS (SELECT load_id FROM _dlt_loads WHERE status = 0),
            states AS (
                SELECT playlist_id, observed_at, item_keys
                FROM playlist_snapshots WHERE _dlt_load_id IN (FROM completed) AND {of_playlists} AND {of_states}
            ),
            newest AS (SELECT playlist_id, max(observed_at) AS observed_at FROM states GROUP BY playlist_id),
            listed AS (
                SELECT playlist_id, unnest(item_keys::BIGINT[]) AS item_key
                FROM states SEMI JOIN newest USING (playlist_id, observed_at)
            )
            SELECT DISTINCT playlist_id FROM listed
            ANTI JOIN (
                SELECT playlist_id, item_key FROM {self._table("playlist_additions", "playlist_id, item_key")}
                WHERE _dlt_load_id IN (FROM completed) AND {of_playlists} AND {of_additions}
            ) USING (playlist_id, item_key)
            """  # noqa: S608 (names are our own)
        ).fetchall()
        return {row[0] for row in rows}

    def _part_to_check(self) -> tuple[str, str]:
        """Which playlists to look at this time, and which of their states: with each run others, until all had a turn.

        Returns:
            Two conditions, the second for states alone. They name values, so that DuckDB need not read what lies beside
            these: what a load wrote lies together.
        """
        parts = self._connection.execute(
            f"""
            WITH newest AS (
                SELECT playlist_id, arg_max(item_count, observed_at) AS items,
                    arg_max(_dlt_load_id, observed_at) AS load_id
                FROM playlist_snapshots WHERE _dlt_load_id IN ({COMPLETED}) GROUP BY playlist_id
            ),
            counted AS (
                SELECT playlist_id, load_id,
                    greatest(sum(items) OVER one // {ITEMS}, count(*) OVER one // {PLAYLISTS}) AS part
                FROM newest WINDOW one AS (ORDER BY load_id, playlist_id)
            )
            SELECT list(playlist_id), min(load_id), max(load_id) FROM counted GROUP BY part ORDER BY part
            """  # noqa: S608 (names are our own)
        ).fetchall()
        if len(parts) < 2:
            return "true", "true"
        (runs,) = self._first(f"SELECT count(*) FROM {self._table('runs', 'run_id')}")  # noqa: S608 (names are our own)
        playlists, first, last = parts[runs % len(parts)]
        return (
            f"playlist_id IN ({', '.join(map(self._literal, playlists))})",
            f"_dlt_load_id = {self._literal(first)}"
            if first == last
            else f"_dlt_load_id BETWEEN {self._literal(first)} AND {self._literal(last)}",
        )


def _known(row: Mapping[str, Any], lacking: Set[str]) -> KnownPlaylist:
    """A playlist from the columns of `StoredPlaylists.playlists`."""
    return KnownPlaylist(
        row["snapshot_id"],
        None if row["observed_at"] is None else from_microseconds(row["observed_at"]),
        row["access"],
        tuple(map(_last_read, row["looks"] or ())),
        row["items"],
        row["name"],
        row["public"],
        row["collaborative"],
        row["in_library"],
        None if row["left_at"] is None else from_microseconds(row["left_at"]),
        row["doubted"],
        row["playlist_id"] in lacking,
    )


def _listings(row: Mapping[str, Any]) -> tuple[Listing, ...]:
    """The newest row of each user, from the columns of `StoredPlaylists.listings`."""
    return tuple(
        Listing(each["user_id"], row["playlist_id"], from_microseconds(each["observed_at"]), each["state"])
        for each in row["listings"]
    )


def _last_read(look: Mapping[str, Any]) -> LastRead:
    return LastRead(look["user_id"], look["outcome"], look["snapshot_id"], from_microseconds(look["at"]))


def _description(row: Mapping[str, Any]) -> Description:
    return Description(**dict(row, observed_at=from_microseconds(row["observed_at"])))
