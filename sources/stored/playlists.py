"""Stored playlists: their newest states, listings and descriptions."""

from collections.abc import Collection, Sequence, Set
from typing import Any

from schemas.lake import text
from sources.spotify.models.rows import Description, Listing
from sources.spotify.models.times import from_microseconds
from sources.spotify.resources.playlists.state import KnownPlaylist, LastRead
from sources.stored.tables import COMPLETED, LOAD_ID, StoredTables

ITEMS, PLAYLISTS = 100_000, 1_000
"""So many items now on so many playlists are looked for at a time, to find out whether they are all there."""

KEYS = 1_000_000
"""Where all states together have no more, all additions are looked through at once."""

_LOOKS = "'read', 'metadata_only', 'gone'"
"""How a read ended that says whether a user may read a playlist, as SQL lists it."""

PLAYLIST_COLUMNS = "playlist_id, access, items_total, name, public, collaborative, in_library, left_at"


class StoredPlaylists(StoredTables):
    """Queries about playlists."""

    def playlists(self, playlist_ids: Sequence[str], user_id: str | None) -> dict[str, KnownPlaylist]:
        """What is known of playlists, by id; not those of which nothing is."""
        if not self.tables & {"playlists", "playlist_snapshots"}:
            return {}
        # A condition in each part: DuckDB passes those on a list of values to the files, and to no other table.
        asked = _among(playlist_ids)
        rows = self._connection.sql(
            f"""
            WITH completed AS (SELECT load_id FROM _dlt_loads WHERE status = 0),
            snapshots AS (
                SELECT playlist_id, max(observed_at) AS observed_at, arg_max(snapshot_id, observed_at) AS snapshot_id,
                    arg_max(item_count, observed_at) AS items
                FROM {self._table("playlist_snapshots", "playlist_id, observed_at, snapshot_id, item_count")}
                WHERE _dlt_load_id IN (FROM completed) AND {asked} GROUP BY playlist_id
            ),
            looks AS (
                SELECT playlist_id, arg_max(
                    {{'user_id': user_id, 'outcome': outcome, 'snapshot_id': snapshot_id, 'at': epoch_us(finished_at)}},
                    finished_at
                ) AS look
                FROM {self._table("playlist_reads", "playlist_id, user_id, finished_at, outcome, snapshot_id")}
                WHERE _dlt_load_id IN (FROM completed) AND {asked} AND outcome IN ({_LOOKS})
                    AND finished_at IS NOT NULL
                GROUP BY playlist_id, user_id
            ),
            doubts AS (
                SELECT playlist_id, arg_max({{'doubted': doubted}}, finished_at) AS doubt
                FROM {self._table("playlist_reads", "playlist_id, finished_at, outcome, doubted")}
                WHERE _dlt_load_id IN (FROM completed) AND {asked} AND outcome IN ('read', 'kept_back')
                GROUP BY playlist_id
            )
            SELECT playlist_id, s.snapshot_id, epoch_us(s.observed_at) AS observed_at, p.access,
                (SELECT list(look) FROM looks AS l WHERE l.playlist_id = coalesce(p.playlist_id, s.playlist_id))
                    AS looks,
                coalesce(s.items, p.items_total) AS items, p.name, p.public, p.collaborative, p.in_library,
                epoch_us(p.left_at) AS left_at,
                (SELECT doubt.doubted FROM doubts AS d WHERE d.playlist_id = coalesce(p.playlist_id, s.playlist_id))
                    AS doubted
            FROM (FROM {self._table("playlists", PLAYLIST_COLUMNS)} WHERE {asked}) AS p
            FULL JOIN snapshots AS s USING (playlist_id)
            """  # noqa: S608 (names are our own)
        ).to_arrow_table()
        lacking = self.lacking_additions(playlist_ids, user_id)
        return {row["playlist_id"]: _known(row, lacking) for row in rows.to_pylist()}

    def were_listed(self, playlist_ids: Sequence[str]) -> dict[str, bool]:
        """Whether playlists are or were in anybody's library, by id; not those of which nothing is known."""
        rows = self._connection.execute(
            f"SELECT playlist_id, in_library IS NOT NULL FROM {self._table('playlists', PLAYLIST_COLUMNS)} "  # noqa: S608
            f"WHERE {_among(playlist_ids)}"
        )
        return dict(rows.fetchall())

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

    def listings(self, playlist_ids: Sequence[str]) -> dict[str, list[Listing]]:
        """The newest row of `playlist_listings` of each user, by playlist."""
        found: dict[str, list[Listing]] = {}
        if "playlist_listings" in self.tables:
            rows = self._connection.execute(
                "SELECT user_id, playlist_id, epoch_us(observed_at), state FROM playlist_listings "  # noqa: S608
                f"WHERE _dlt_load_id IN ({COMPLETED}) AND {_among(playlist_ids)} QUALIFY row_number() OVER ("
                "PARTITION BY user_id, playlist_id ORDER BY observed_at DESC, state) = 1"
            )
            for user_id, playlist_id, time, state in rows.fetchall():
                listing = Listing(user_id, playlist_id, from_microseconds(time), state)
                found.setdefault(playlist_id, []).append(listing)
        return found

    def library(self, user_id: str) -> set[str]:
        """The playlists that ever were in a user's list."""
        return self._listed("playlist_id", f"user_id = {text(user_id)}")

    def listing_users(self) -> set[str]:
        """The users whose lists were read."""
        return self._listed("user_id", "true")

    def _listed(self, column: str, condition: str) -> set[str]:
        if "playlist_listings" not in self.tables:
            return set()
        rows = self._connection.execute(
            f"SELECT DISTINCT {column} FROM playlist_listings "  # noqa: S608 (names are our own)
            f"WHERE _dlt_load_id IN ({COMPLETED}) AND {condition}"
        )
        return {row[0] for row in rows.fetchall()}

    def descriptions(self, playlist_ids: Sequence[str]) -> dict[str, Description]:
        """How playlists were last described, by id."""
        if "playlist_descriptions" not in self.tables:
            return {}
        columns = ", ".join(Description.__struct_fields__).replace(
            "observed_at", "epoch_us(observed_at) AS observed_at"
        )
        rows = self._connection.sql(
            f"SELECT {columns} FROM playlist_descriptions "  # noqa: S608
            f"WHERE _dlt_load_id IN ({COMPLETED}) AND {_among(playlist_ids)} QUALIFY row_number() OVER ("
            "PARTITION BY playlist_id ORDER BY playlist_descriptions.observed_at DESC, _dlt_load_id DESC) = 1"
        ).to_arrow_table()
        return {row["playlist_id"]: _description(row) for row in rows.to_pylist()}

    def lacking_additions(self, playlist_ids: Sequence[str], user_id: str | None) -> set[str]:
        """Those of some playlists whose newest state has keys of additions that are not there: something was lost.

        Of a large library each sync looks at a part, so that its cost does not grow with what is stored.
        """
        if "playlist_snapshots" not in self.tables:
            return set()
        of_part, of_states = self._part_to_check(_among(playlist_ids), user_id)
        # Most playlists have all in the load that wrote their newest state.
        found = self._lacking(of_part, of_states, of_states)
        if found and of_states != "true":
            found = self._lacking(_among(found), of_states, "true")
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

    def _part_to_check(self, asked: str, user_id: str | None) -> tuple[str, str]:
        """Which playlists to look at this time, and which of their states: with each run others, until all had a turn.

        Args:
            asked: the condition for playlists that may be looked at.
            user_id: whose runs that checked playlists are counted; null for those of all.

        Returns:
            Two conditions, the second for states alone. They name values, so that DuckDB need not read what lies beside
            these: what a load wrote lies together.
        """
        parts = self._connection.execute(
            f"""
            WITH newest AS (
                SELECT playlist_id, arg_max(item_count, observed_at) AS items,
                    arg_max(_dlt_load_id, observed_at) AS load_id
                FROM playlist_snapshots WHERE _dlt_load_id IN ({COMPLETED}) AND {asked} GROUP BY playlist_id
            ),
            counted AS (
                SELECT playlist_id, load_id,
                    greatest(sum(items) OVER one // {ITEMS}, count(*) OVER one // {PLAYLISTS}) AS part
                FROM newest WINDOW one AS (ORDER BY load_id, playlist_id)
            )
            SELECT list(playlist_id), list(DISTINCT load_id) FROM counted GROUP BY part ORDER BY part
            """  # noqa: S608 (names are our own)
        ).fetchall()
        if len(parts) < 2 and self._first("SELECT coalesce(sum(item_count), 0) FROM playlist_snapshots") <= (KEYS,):
            return asked, "true"
        own = "true" if user_id is None else f"user_id = {text(user_id)}"
        (runs,) = self._first(
            f"SELECT count(*) FROM {self._table('runs', 'user_id, playlists')} WHERE playlists > 0 AND {own}"  # noqa: S608
        )
        playlists, loads = parts[runs % len(parts)] if parts else ([], [])
        return _among(playlists), _among(loads, LOAD_ID)


def _among(values: Collection[str], column: str = "playlist_id") -> str:
    """The condition for some playlists or loads: with values, so that DuckDB leaves out what lies apart in a file."""
    return f"{column} IN ({', '.join(map(text, values))})" if values else "false"


def _known(row: dict[str, Any], lacking: Set[str]) -> KnownPlaylist:
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


def _last_read(look: dict[str, Any]) -> LastRead:
    return LastRead(look["user_id"], look["outcome"], look["snapshot_id"], from_microseconds(look["at"]))


def _description(row: dict[str, Any]) -> Description:
    return Description(**dict(row, observed_at=from_microseconds(row["observed_at"])))
