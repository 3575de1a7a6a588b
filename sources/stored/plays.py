"""What a destination knows of plays."""

from collections.abc import Collection

from sources.spotify.resources.known_plays import KnownPlays
from sources.stored.tables import COMPLETED, StoredTables


class StoredPlays(StoredTables):
    """Questions about them."""

    def plays(self, user_id: str, keys: Collection[int]) -> KnownPlays:
        """Which of some plays are stored, as the API told them."""
        if "plays" not in self.tables:
            return KnownPlays()
        whose = f"user_id = {self._literal(user_id)} AND source = 'api' AND _dlt_load_id IN ({COMPLETED})"
        wanted = ", ".join(map(str, keys)) or "NULL"
        found = self._rows(f"SELECT play_key FROM plays WHERE {whose} AND play_key IN ({wanted})")  # noqa: S608
        [(newest,)] = self._rows(f"SELECT max(first_observed_at) FROM plays WHERE {whose}")  # noqa: S608
        return KnownPlays(frozenset(key for (key,) in found), newest)
