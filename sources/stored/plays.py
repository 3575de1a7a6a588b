"""Stored plays."""

from collections.abc import Collection
from datetime import datetime

import pyarrow as pa

from sources.account_export.state import KEYS, NAMES, TIMES
from sources.spotify.resources.plays_state import KnownPlays
from sources.stored.tables import COMPLETED, StoredTables

_DONE = f"_dlt_load_id IN ({COMPLETED})"
_CATALOGUE = (
    "SELECT tracks.track_uri AS item_uri, tracks.name AS item_name, track_artists.artist_name FROM tracks "
    "JOIN track_artists ON track_artists.track_uri = tracks.track_uri WHERE track_artists.position = 0"
)
_PLAYED = (
    f"SELECT item_uri, item_name, artist_name FROM plays WHERE item_type = 'track' AND {_DONE} "  # noqa: S608
    "AND item_uri IS NOT NULL AND played_at_precision <> 'minute'"
)


class StoredPlays(StoredTables):
    """Queries about them."""

    def plays(self, user_id: str, keys: Collection[int]) -> KnownPlays:
        """Which of some plays are stored, as ones that came from the API."""
        if "plays" not in self.tables:
            return KnownPlays()
        whose = f"user_id = {self._literal(user_id)} AND source = 'api' AND {_DONE}"
        wanted = ", ".join(map(str, keys)) or "NULL"
        found = self._rows(f"SELECT play_key FROM plays WHERE {whose} AND play_key IN ({wanted})")  # noqa: S608
        [(newest,)] = self._rows(f"SELECT max(first_observed_at) FROM plays WHERE {whose}")  # noqa: S608
        return KnownPlays(frozenset(key for (key,) in found), newest)

    def user_ids(self) -> set[str]:
        """Everybody of whom something is stored."""
        found: set[str] = set()
        for table in ("runs", "plays", "saved_snapshots", "playlist_listings"):
            if table in self.tables:
                rows = self._rows(f"SELECT DISTINCT user_id FROM {table} WHERE {_DONE} AND user_id IS NOT NULL")  # noqa: S608
                found |= {user_id for (user_id,) in rows}
        return found

    def export_keys(self, user_ids: Collection[str]) -> pa.Table:
        """Keys of some users' plays that came from an export."""
        return self._exported(user_ids, KEYS)

    def export_times(self, user_ids: Collection[str], since: datetime, until: datetime) -> pa.Table:
        """Times and names of some users' plays from an export, exact to the second, in a range of time."""
        between = " AND ".join(
            f"played_at {sign} CAST({self._literal(time.isoformat())} AS TIMESTAMP WITH TIME ZONE)"
            for sign, time in ((">=", since), ("<=", until))
        )
        return self._exported(user_ids, TIMES, f" AND played_at_precision = 'second' AND {between}")

    def track_names(self) -> pa.Table:
        """All tracks that are known, each with its first artist."""
        found = [NAMES.empty_table()]
        if {"tracks", "track_artists"} <= self.tables:
            found.append(self._arrow(_CATALOGUE, NAMES))
        if "plays" in self.tables:
            found.append(self._arrow(f"SELECT DISTINCT * FROM ({_PLAYED}) AS played", NAMES))  # noqa: S608
        return pa.concat_tables(found)

    def _exported(self, user_ids: Collection[str], schema: pa.Schema, more: str = "") -> pa.Table:
        if "plays" not in self.tables or not user_ids:
            return schema.empty_table()
        users = ", ".join(map(self._literal, sorted(user_ids)))
        return self._arrow(
            f"SELECT {', '.join(schema.names)} FROM plays "  # noqa: S608 (names are our own)
            f"WHERE source = 'export' AND user_id IN ({users}) AND {_DONE}{more}",
            schema,
        )
