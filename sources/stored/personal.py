"""What a destination knows of users, their players and devices."""

from collections.abc import Mapping
from typing import Any

from schemas.catalogue import users
from schemas.player import devices, player_states
from schemas.spec import Table
from sources.spotify.resources.known_personal import KnownPlayer
from sources.stored.tables import COMPLETED, StoredTables


class StoredPersonal(StoredTables):
    """Questions about them."""

    def user(self, user_id: str) -> Mapping[str, Any]:
        """The columns of a user's row; none if there is no row, or an earlier version wrote it."""
        rows = self._rows_as_columns(users.TABLE, f"user_id = {self._literal(user_id)}")
        return rows[0] if rows else {}

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
