"""Stored covers."""

from sources.spotify.models.rows import CoverCheck
from sources.stored.tables import StoredTables


class StoredCovers(StoredTables):
    """Queries about covers."""

    def cover_checks(self) -> dict[str, CoverCheck]:
        """The result of the last check of each playlist's cover, by playlist id; not of covers that are lost."""
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
