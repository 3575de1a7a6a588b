"""Stored collections of users: saved items and followed artists."""

from sources.spotify.models.times import EPOCH, SECOND
from sources.spotify.resources.collection_state import KnownCollection
from sources.stored.tables import COMPLETED, StoredTables, list_of


class StoredCollections(StoredTables):
    """Queries about collections."""

    def saved(self, resource: str, user_id: str, collection: str) -> KnownCollection:
        """What is stored of a user's collection, which a resource reads."""
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
            f"AND subject = {self._literal(collection)} AND resource = {self._literal(resource)} "
            "AND outcome IN ('read', 'unchanged', 'kept_back') ORDER BY finished_at"
        )
        whole = [finished for outcome, is_whole, finished in reads if is_whole and outcome != "kept_back"]
        return KnownCollection(
            list_of(newest[0][1]) if newest else None,
            newest[0][0] if newest else None,
            whole[-1] if whole else None,
            {key: (uri, None if added is None else (added - EPOCH) // SECOND) for key, uri, added in additions},
            doubted=bool(reads) and reads[-1][0] == "kept_back",
        )
