"""Stored users, players and devices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.catalogue import users
from schemas.player import devices, player_states
from schemas.spec import Table
from sources.spotify.resources.catalogue.state import Wanted
from sources.spotify.resources.personal_state import KnownPlayer
from sources.stored.tables import COMPLETED, StoredTables

DONE = f"_dlt_load_id IN ({COMPLETED})"


class StoredPersonal(StoredTables):
    """Queries about them."""

    def user(self, user_id: str) -> Mapping[str, Any]:
        """The columns of a user's row; none if there is no row, or an earlier version wrote it."""
        rows = self._rows_as_columns(users.TABLE, f"user_id = {self._literal(user_id)}")
        return rows[0] if rows else {}

    def wanted_users(self, subject: str, before: datetime, limit: int, *, but: str) -> Wanted:
        """Users whom the lake mentions and who were not asked for lately, those who own and added most first."""
        if "users" not in self.tables:
            return Wanted([], 0)
        mentions = [f"SELECT user_id, 0 AS times FROM users WHERE {DONE}"]  # noqa: S608
        if "playlists" in self.tables:
            mentions.append(f"SELECT owner_id, 1 FROM playlists WHERE {DONE}")  # noqa: S608
        if "playlist_additions" in self.tables:
            mentions.append(f"SELECT added_by_id, count(*) FROM playlist_additions WHERE {DONE} GROUP BY added_by_id")  # noqa: S608
        conditions = [f"user_id NOT IN ('', {self._literal(but)})"]
        if "catalogue_reads" in self.tables:
            time = f"CAST({self._literal(before.isoformat())} AS TIMESTAMP WITH TIME ZONE)"
            lately = f"subject = {self._literal(subject)} AND read_at > {time} AND {DONE}"
            conditions.append(f"user_id NOT IN (SELECT item_id FROM catalogue_reads WHERE {lately})")  # noqa: S608
        rows = self._rows(
            f"SELECT user_id, count(*) OVER () FROM ({' UNION ALL '.join(mentions)}) AS m "  # noqa: S608
            f"WHERE {' AND '.join(conditions)} GROUP BY user_id ORDER BY sum(times) DESC, user_id LIMIT {limit}"
        )
        return Wanted([row[0] for row in rows], rows[0][1] if rows else 0)

    def player(self, user_id: str) -> KnownPlayer | None:
        """The newest state of a user's player."""
        rows = self._rows_as_columns(
            player_states.TABLE, f"user_id = {self._literal(user_id)} ORDER BY observed_at DESC LIMIT 1"
        )
        return KnownPlayer(rows[0]["observed_at"], rows[0]) if rows else None

    def devices(self) -> dict[str, Mapping[str, Any]]:
        """The columns of each device's row, by its id."""
        return {row["device_id"]: row for row in self._rows_as_columns(devices.TABLE, "true")}

    def _rows_as_columns(self, table: Table, condition: str) -> list[dict[str, Any]]:
        """Rows of a table that has all columns of this version."""
        if table.name not in self.whole_tables:
            return []
        names = [column.name for column in table.columns]
        rows = self._rows(
            f"SELECT {', '.join(names)} FROM {table.name} WHERE _dlt_load_id IN ({COMPLETED}) AND {condition}"  # noqa: S608
        )
        return [dict(zip(names, row, strict=True)) for row in rows]
