"""Stored contents of playlists: item keys, additions and their authors, and relinked tracks."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import pyarrow as pa

from schemas.spec import TIME
from sources.spotify.resources.playlists.state import KnownAdditions
from sources.stored.tables import StoredTables

TRACKS = "spotify:track:"
"""How the URIs begin of what plays for something else, and of what it plays for."""


class StoredAdditions(StoredTables):
    """Queries about the contents of playlists."""

    @cached_property
    def links(self) -> dict[str, list[str]]:
        """Tracks that play for others: URIs of those that were added, by the URI of the one that plays."""
        found = []
        if "tracks" in self.tables:
            found.append("SELECT track_uri AS played, linked_from_uri AS added FROM tracks")
        if "playlist_additions" in self.tables:
            found.append("SELECT 'spotify:track:' || track_id AS played, item_uri AS added FROM playlist_additions")
        if not found:
            return {}
        pairs = (
            f"SELECT * FROM ({' UNION ALL '.join(found)}) WHERE played <> added "  # noqa: S608 (names are our own)
            f"AND played LIKE '{TRACKS}%' AND added LIKE '{TRACKS}%'"
        )
        sql = f"SELECT played, list(DISTINCT added ORDER BY added) FROM ({pairs}) GROUP BY played"  # noqa: S608
        return dict(self._connection.execute(sql).fetchall())

    def item_keys(self, playlist_id: str, observed_at: datetime) -> list[int]:
        """The keys of a stored state, in order."""
        row = self._first(
            "SELECT item_keys::BIGINT[] FROM playlist_snapshots WHERE playlist_id = ? AND observed_at = ? "
            "AND _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0) LIMIT 1",
            [playlist_id, observed_at],
        )
        return list(row[0]) if row else []

    def additions(self, playlist_id: str) -> KnownAdditions:
        """All additions that are stored of a playlist."""
        if playlist_id not in self._with_states and playlist_id not in self._with_additions:
            return KnownAdditions({}, {})
        # Two machines that sync at once may store one twice: the earlier counts, as in the views.
        columns = ("item_key", "item_uri", "added_at", "added_by_id", "first_observed_at")
        rows = self._rows_of("playlist_additions", columns, playlist_id)
        rows = rows.sort_by([("first_observed_at", "descending")])
        keys: list[Any] = rows["item_key"].to_pylist()
        times = rows["added_at"].cast(TIME).cast(pa.int64()).to_pylist()
        whens = [None if time is None else time // 1_000_000 for time in times]
        identities = zip(rows["item_uri"].to_pylist(), whens, strict=True)
        known = KnownAdditions(
            dict(zip(keys, identities, strict=True)), dict(zip(keys, rows["added_by_id"].to_pylist(), strict=True))
        )
        return self._with_authors(known, playlist_id)

    def titles(self, uris: Sequence[str]) -> dict[str, str]:
        """What tracks and episodes are called, by their URIs; those without a name are left out."""
        listed, found = ", ".join(map(self._literal, uris)), dict[str, str]()
        for table, key in (("tracks", "track_uri"), ("episodes", "uri")):
            if uris and table in self.whole_tables:
                sql = f"SELECT {key}, name FROM {table} WHERE {key} IN ({listed}) AND name <> ''"  # noqa: S608 (escaped)
                found |= dict(self._rows(sql))
        return found

    def _with_authors(self, known: KnownAdditions, playlist_id: str) -> KnownAdditions:
        """The same, where the newest author counts."""
        if playlist_id not in self._with_authors_named:
            return known
        columns = ("item_key", "added_by_id", "observed_at")
        rows = self._rows_of("playlist_addition_authors", columns, playlist_id).sort_by("observed_at")
        times: list[Any] = rows["observed_at"].cast(TIME).to_pylist()
        keys: list[Any] = rows["item_key"].to_pylist()
        newest = dict(zip(keys, rows["added_by_id"].to_pylist(), strict=True))
        return KnownAdditions(known.identities, known.authors | newest, times[-1] if times else None)

    @cached_property
    def _with_states(self) -> set[str]:
        """Those that were read before: found in fewer rows than there are additions."""
        return self._playlists_in("playlist_snapshots") if "playlist_additions" in self.tables else set()

    @cached_property
    def _with_additions(self) -> set[str]:
        return self._playlists_in("playlist_additions")

    @cached_property
    def _with_authors_named(self) -> set[str]:
        return self._playlists_in("playlist_addition_authors")

    def _playlists_in(self, table: str) -> set[str]:
        """The playlists of which a table has rows; asked once, since most are new or have no rows at all."""
        if table not in self.tables:
            return set()
        return {row[0] for row in self._rows(f"SELECT DISTINCT playlist_id FROM {table}")}  # noqa: S608
