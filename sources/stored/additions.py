"""Stored contents of playlists: item keys, additions and their authors, and relinked tracks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import accumulate, groupby
from typing import Any

import pyarrow as pa

from sources.spotify.models.times import from_microseconds
from sources.spotify.resources.playlists.state import KnownAdditions
from sources.stored.small_tables import plain
from sources.stored.tables import COMPLETED, StoredTables, list_of

TRACKS = "spotify:track:"
"""How the URIs begin of what plays for something else, and of what it plays for."""
ADDITION_COLUMNS = ("playlist_id", "item_key", "item_uri", "added_at", "added_by_id", "first_observed_at")
AUTHOR_COLUMNS = ("playlist_id", "item_key", "added_by_id", "observed_at")


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

    def item_keys(self, states: Mapping[str, datetime]) -> dict[str, list[int]]:
        """The keys of stored states, in order, by the playlist's id; `states` says of which time."""
        if not states:
            return {}
        wanted, times = ", ".join(map(self._literal, states)), ", ".join(map(self._moment, set(states.values())))
        rows = self._rows(
            "SELECT playlist_id, observed_at, item_keys FROM playlist_snapshots "  # noqa: S608 (values are escaped)
            f"WHERE playlist_id IN ({wanted}) AND observed_at IN ({times}) AND _dlt_load_id IN ({COMPLETED})"
        )
        return {playlist_id: list_of(keys) for playlist_id, time, keys in rows if states[playlist_id] == time}

    def additions(self, playlist_ids: Sequence[str], limit: int) -> dict[str, KnownAdditions]:
        """All additions stored of playlists: of the first, and of the next as long as all have no more than `limit`."""
        chosen = self._within(playlist_ids, limit)
        found = {playlist_id: KnownAdditions({}, {}) for playlist_id in chosen}
        if stored := [playlist_id for playlist_id in chosen if self._has_additions(playlist_id)]:
            # Two machines that sync at once may store one twice: the earlier counts, as in the views.
            rows = self._rows_of("playlist_additions", ADDITION_COLUMNS, stored, ("first_observed_at", "DESC"))
            for playlist_id, its in _by_playlist(rows):
                found[playlist_id] = _additions(its)
        if named := [playlist_id for playlist_id in stored if playlist_id in self._with_authors_named]:
            rows = self._rows_of("playlist_addition_authors", AUTHOR_COLUMNS, named, ("observed_at", "ASC"))
            for playlist_id, its in _by_playlist(rows):
                found[playlist_id] = _with_authors(found[playlist_id], its)
        return found

    def _within(self, playlist_ids: Sequence[str], limit: int) -> list[str]:
        """The first playlists, which have no more additions than that; at least one."""
        stored = [playlist_id for playlist_id in playlist_ids if self._has_additions(playlist_id)]
        if len(stored) < 2:
            return list(playlist_ids)
        wanted = ", ".join(map(self._literal, stored))
        counts = self._rows(
            f"SELECT playlist_id, count(*) FROM playlist_additions WHERE playlist_id IN ({wanted}) GROUP BY 1"  # noqa: S608
        )
        sizes = dict(counts)
        sums = accumulate(sizes.get(playlist_id, 0) for playlist_id in playlist_ids)
        return [
            playlist_id
            for place, (playlist_id, rows) in enumerate(zip(playlist_ids, sums, strict=True))
            if not place or rows <= limit
        ]

    def titles(self, uris: Sequence[str]) -> dict[str, str]:
        """What tracks and episodes are called, by their URIs; those without a name are left out."""
        listed, found = ", ".join(map(self._literal, uris)), dict[str, str]()
        for table, key in (("tracks", "track_uri"), ("episodes", "uri")):
            if uris and table in self.whole_tables:
                sql = f"SELECT {key}, name FROM {table} WHERE {key} IN ({listed}) AND name <> ''"  # noqa: S608 (escaped)
                found |= dict(self._rows(sql))
        return found

    def _has_additions(self, playlist_id: str) -> bool:
        return playlist_id in self._with_states or playlist_id in self._with_additions

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


def _by_playlist(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each playlist, of which those of one follow each other."""
    start, ids = 0, rows["playlist_id"].to_pylist()
    for playlist_id, same in groupby(ids):
        count = sum(1 for _ in same)
        yield str(playlist_id), rows.slice(start, count)
        start += count


def _additions(rows: pa.Table) -> KnownAdditions:
    """The additions of a playlist; of rows of the same key the last counts."""
    keys: list[Any] = rows["item_key"].to_pylist()
    whens = [None if time is None else time // 1_000_000 for time in plain(rows["added_at"])]
    identities = zip(rows["item_uri"].to_pylist(), whens, strict=True)
    return KnownAdditions(
        dict(zip(keys, identities, strict=True)), dict(zip(keys, rows["added_by_id"].to_pylist(), strict=True))
    )


def _with_authors(known: KnownAdditions, rows: pa.Table) -> KnownAdditions:
    """The same with the authors that were named later, in the order in which they were."""
    last = from_microseconds(plain(rows["observed_at"])[-1])
    keys: list[Any] = rows["item_key"].to_pylist()
    newest = dict(zip(keys, rows["added_by_id"].to_pylist(), strict=True))
    return KnownAdditions(known.identities, known.authors | newest, last)
