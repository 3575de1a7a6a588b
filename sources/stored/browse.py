"""Stored markets and categories."""

from sources.stored.tables import COMPLETED, StoredTables


class StoredBrowse(StoredTables):
    """Queries about them."""

    def markets(self) -> set[str]:
        """Countries that were ever listed."""
        if "markets" not in self.tables:
            return set()
        rows = self._rows(f"SELECT country FROM markets WHERE _dlt_load_id IN ({COMPLETED})")  # noqa: S608
        return {row[0] for row in rows}

    def categories(self) -> dict[str, str | None]:
        """Names of categories that were ever listed, by their ids."""
        if "categories" not in self.tables:
            return {}
        rows = self._rows(f"SELECT category_id, name FROM categories WHERE _dlt_load_id IN ({COMPLETED})")  # noqa: S608
        return dict(rows)
