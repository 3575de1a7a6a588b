"""Worlds from daily observations of real playlists, at any day.

A folder holds four Parquet files: ``versions`` (a row for each playlist and day on which it had changed),
``entries`` (the items of each version), ``tracks`` and ``albums``. Names, lengths and order are observed; who added an
item, and when, is not: ``added_at`` is the first day of an item's current stay in the playlist.
"""

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.world import snapshot_ids
from sources.spotify_sandbox.world.entries import PLAIN, Rows
from sources.spotify_sandbox.world.timestamps import Clock
from sources.spotify_sandbox.world.users import User
from sources.spotify_sandbox.world.world import World
from sources.spotify_sandbox.worlds.history_catalogue import HistoryCatalogue

PARTS = ("versions", "entries", "tracks", "albums")
ME = User("archivist", "The Archivist", "US")
NOBODY = User("", None)
SPOTIFY = User("spotify", "Spotify")

_COLUMNS = {
    "versions": ["day", "playlist_id", "name", "description", "item_count"],
    "entries": ["day", "playlist_id", "position", "track_id"],
    "tracks": ["track_id", "name", "album_id", "duration_s", "artists"],
    "albums": ["album_id", "name"],
}
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Version:
    """A playlist from one day on; its entries are a range of one long array."""

    day: date
    name: str
    description: str
    start: int
    stop: int


def load_history(folder: Path, day: date | None, clock: Clock) -> World:
    """The world that a folder describes, on a day."""
    tables = {part: _read(folder, part) for part in PARTS}
    world = World(HistoryCatalogue(tables["tracks"], tables["albums"]), ME, clock=clock)
    for user in (NOBODY, SPOTIFY):
        world.users.add(user)
    history = History(world, tables["versions"], tables["entries"], tables["tracks"])
    world.on_day = history.show
    history.show(day or history.last)
    return world


class History:
    """Every version of every playlist, and which of them a world shows."""

    def __init__(self, world: World, versions: pa.Table, entries: pa.Table, tracks: pa.Table) -> None:
        self._world = world
        entries = entries.sort_by([("playlist_id", "ascending"), ("day", "ascending"), ("position", "ascending")])
        self._items = _numbers(entries["track_id"], tracks["track_id"])
        self._versions: dict[str, list[Version]] = {}
        self._shown: dict[str, Version] = {}
        stop = 0
        for row in versions.sort_by([("playlist_id", "ascending"), ("day", "ascending")]).to_pylist():
            start, stop = stop, stop + row["item_count"]
            version = Version(row["day"], row["name"], row["description"], start, stop)
            self._versions.setdefault(row["playlist_id"], []).append(version)
        if stop != len(self._items):
            message = f"the versions count {stop} items and there are {len(self._items)}: the files do not match"
            raise WorldError(message)

    @property
    def first(self) -> date:
        """The first day on which anything was observed."""
        return min(versions[0].day for versions in self._versions.values())

    @property
    def last(self) -> date:
        """The last day on which anything had changed."""
        return max(versions[-1].day for versions in self._versions.values())

    def show(self, day: date) -> None:
        """Move the world to a day; playlists that did not change in between stay untouched."""
        if day < self.first:
            message = f"nothing was observed on {day}: the history goes from {self.first} to {self.last}"
            raise WorldError(message)
        for playlist_id, versions in self._versions.items():
            count = bisect_right(versions, day, key=lambda version: version.day)
            if count == 0:
                self._hide(playlist_id)
            elif self._shown.get(playlist_id) is not versions[count - 1]:
                self._put(playlist_id, versions[:count])
        self._sort()

    def _hide(self, playlist_id: str) -> None:
        if self._shown.pop(playlist_id, None) is not None and playlist_id in self._world.playlists:
            self._world.delete_playlist(playlist_id)

    def _put(self, playlist_id: str, versions: list[Version]) -> None:
        world, version = self._world, versions[-1]
        editorial = playlist_id.startswith("37i9dQZF1")
        if playlist_id not in world.playlists:
            owner = SPOTIFY if editorial else ME
            world.create_playlist(version.name, owner=owner.id, playlist_id=playlist_id)
        playlist = world.playlists[playlist_id]
        playlist.name, playlist.description = version.name, version.description
        playlist.rows = self._rows(versions, world.users.number("" if editorial else ME.id))
        playlist.snapshot_id = snapshot_ids.make(len(versions), playlist_id, version.day)
        self._shown[playlist_id] = version

    def _sort(self) -> None:
        # The latest first, by id on the same day: the order must not depend on the days that were shown before.
        listing = self._world.listing
        known = sorted(self._shown, key=lambda playlist_id: (self._versions[playlist_id][0].day, playlist_id))
        created = [playlist_id for playlist_id in listing if playlist_id not in self._shown]
        self._world.listing = created + [playlist_id for playlist_id in reversed(known) if playlist_id in listing]

    def _rows(self, versions: list[Version], added_by: int) -> Rows:
        since: dict[int, date] = {}
        for version in versions:
            items = self._items[version.start : version.stop]
            since = {item: since.get(item, version.day) for item in items}
        seconds = {item: (day - date(1970, 1, 1)).days * _DAY for item, day in since.items()}
        n = len(items)
        return Rows(items, [seconds[item] for item in items], [added_by] * n, [PLAIN] * n)


def _numbers(values: "pa.ChunkedArray[Any]", among: "pa.ChunkedArray[Any]") -> "array[int]":
    """The place of each value in another column."""
    places = pc.index_in(values.combine_chunks(), value_set=among.combine_chunks())
    if places.null_count:
        message = f"{places.null_count} entries name a track that is in no row of tracks.parquet"
        raise WorldError(message)
    numbers, data = array("i"), places.buffers()[1]
    if data is not None:
        numbers.frombytes(memoryview(data)[places.offset * 4 : (places.offset + len(places)) * 4])
    return numbers


def _read(folder: Path, part: str) -> pa.Table:
    try:
        return pq.read_table(folder / f"{part}.parquet", columns=_COLUMNS[part], partitioning=None)
    except (pa.ArrowException, OSError) as error:
        message = f"{folder / part}.parquet cannot be read: {error}"
        raise WorldError(message) from error
