"""Stored ranked lists."""

from sources.spotify.resources.ranked_list_state import KnownList
from sources.stored.tables import COMPLETED, StoredTables, list_of


class StoredRankedLists(StoredTables):
    """Queries about them."""

    def ranked_lists(self, name: str, user_id: str = "") -> dict[str, KnownList]:
        """The newest state of each list of a name, by its subject."""
        if "ranked_lists" not in self.tables:
            return {}
        rows = self._rows(
            "SELECT subject, observed_at, item_uris FROM (SELECT subject, observed_at, item_uris, "  # noqa: S608
            "row_number() OVER (PARTITION BY subject ORDER BY observed_at DESC) AS place FROM ranked_lists "
            f"WHERE list = {self._literal(name)} AND user_id = {self._literal(user_id)} "
            f"AND _dlt_load_id IN ({COMPLETED})) AS states WHERE place = 1"
        )
        return {subject: KnownList(list_of(uris), observed_at) for subject, observed_at, uris in rows}
