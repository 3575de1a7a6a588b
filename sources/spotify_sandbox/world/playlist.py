"""A playlist and the edits that people make to it; each change increments the revision in ``snapshot_id``."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.world import journal, snapshot_ids, timestamps
from sources.spotify_sandbox.world.entries import NOTHING, PLAIN, Entry, Rows
from sources.spotify_sandbox.world.journal import Inserted, Journal, Moved, Removed, Step

if TYPE_CHECKING:
    from sources.spotify_sandbox.world.world import World


class Playlist:
    """One playlist of a world. Read its attributes freely, change it only through its methods."""

    def __init__(
        self, world: "World", playlist_id: str, name: str, owner: str, *, snapshot_id: str | None = None
    ) -> None:
        self._world = world
        self.id = playlist_id
        self.name = name
        self.owner = owner
        self.description: str | None = ""
        self.public: bool | None = True
        self.collaborative = False
        self.images = b"[]"
        self.primary_color: str | None = None
        self.followers = 0
        self.snapshot_id = snapshot_id or snapshot_ids.make(1, playlist_id)
        self.rows = Rows()
        # What evolve() removed, so that it can add it again, as people do.
        self.removed: deque[tuple[Entry, ...]] = deque(maxlen=50)
        self._journal = Journal()

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Playlist {self.id} {self.name!r} of {self.owner}, {len(self)} entries>"

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries as they are now."""
        with self._world.lock:
            return tuple(map(self.entry, range(len(self.rows))))

    def entry(self, position: int) -> Entry:
        """The entry at a position."""
        catalogue, rows = self._world.catalogue, self.rows
        content, at, by = rows.contents[position], rows.added_at[position], rows.added_by[position]
        return Entry(
            uri=None if content == NOTHING else catalogue.uri(content),
            kind=None if content == NOTHING else catalogue.kind(content),
            added_at=None if at == NOTHING else timestamps.written(at),
            added_by=None if by == NOTHING else self._world.users[by].id,
            form=rows.forms[position],
        )

    @property
    def is_readable(self) -> bool:
        """Whether a development app may read the contents for the signed-in user."""
        return self.belongs_to(self._world.me.id)

    def belongs_to(self, user: str | None) -> bool:
        """Whether a user may change the contents: the owner, and anybody if the playlist is collaborative."""
        return user is not None and (self.collaborative or user == self.owner)

    @property
    def moment(self) -> datetime:
        """The time of the playlist's world."""
        return self._world.clock()

    def positions_now(self, snapshot_id: str, positions: Iterable[int]) -> list[int | None] | None:
        """The current positions of the entries at some positions of a snapshot, None for one that is gone.

        None altogether if the playlist does not remember the snapshot.
        """
        with self._world.lock:
            steps = [] if snapshot_id == self.snapshot_id else self._journal.since(snapshot_id)
            return None if steps is None else [journal.now(position, steps) for position in positions]

    def set_followers(self, count: int) -> None:
        """Set the number of followers; the snapshot id stays."""
        self.followers = count

    def insert(
        self,
        position: int,
        items: Iterable[str | None],
        added_by: str | None = None,
        added_at: str | None = None,
    ) -> None:
        """Add items by URI, None for a null item, all in the same second: by default by the signed-in user and now."""
        world = self._world
        with world.lock:
            contents = [NOTHING if uri is None else world.number(uri) for uri in items]
            second = timestamps.read(added_at) if added_at else int(world.clock().timestamp())
            user = world.users.number(world.me.id if added_by is None else added_by)
            n = len(contents)
            self._insert(position, Rows(contents, [second] * n, [user] * n, [PLAIN] * n))

    def replace(self, items: Iterable[str], added_by: str | None = None) -> None:
        """Replace all items, as one change."""
        world = self._world
        with world.lock:
            contents = [world.number(uri) for uri in items]
            if not contents and not len(self):
                return
            n, now = len(contents), int(world.clock().timestamp())
            user = world.users.number(world.me.id if added_by is None else added_by)
            gone = Removed(range(len(self)))
            self.rows = Rows(contents, [now] * n, [user] * n, [PLAIN] * n)
            self._changed(step=gone)

    def put_back(self, position: int, entries: Iterable[Entry]) -> None:
        """Add entries as they once were, with their old ``added_at`` and ``added_by``."""
        with self._world.lock:
            self._insert(position, rows_of(self._world, entries))

    def remove(self, positions: Iterable[int]) -> tuple[Entry, ...]:
        """Remove and return the entries at some positions, in order."""
        with self._world.lock:
            gone = sorted(set(positions))
            if gone and not 0 <= gone[0] <= gone[-1] < len(self):
                message = f"no position {gone[-1]} in a playlist of {len(self)} entries"
                raise WorldError(message)
            entries = tuple(map(self.entry, gone))
            if gone and gone[-1] - gone[0] == len(gone) - 1:
                self.rows.delete(gone[0], gone[-1] + 1)
                self._changed(step=Removed(range(gone[0], gone[-1] + 1)))
            elif gone:
                lost = set(gone)
                self.rows.keep([position for position in range(len(self)) if position not in lost])
                self._changed(step=Removed(tuple(gone)))
            return entries

    def move(self, range_start: int, insert_before: int, range_length: int = 1) -> None:
        """Move a range of entries before another position, as Spotify's reorder does."""
        with self._world.lock:
            end = range_start + range_length
            if not (0 <= range_start < end <= len(self) and 0 <= insert_before <= len(self)):
                message = f"cannot move {range_start}..{end} to {insert_before} among {len(self)} entries"
                raise WorldError(message)
            if range_start <= insert_before <= end:
                return
            block = self.rows.slice(range_start, end)
            self.rows.delete(range_start, end)
            self.rows.insert(insert_before - (range_length if insert_before > range_start else 0), block)
            self._changed(step=Moved(range_start, insert_before, range_length))

    def clear(self) -> tuple[Entry, ...]:
        """Remove all entries."""
        return self.remove(range(len(self)))

    def rename(self, name: str) -> None:
        """Give another name."""
        with self._world.lock:
            moved, self.name = name != self.name, name
            self._changed(moved)

    def describe(self, text: str | None) -> None:
        """Give another description, as the API will write it: with HTML entities, or null."""
        with self._world.lock:
            moved, self.description = text != self.description, text
            self._changed(moved)

    def set_public(self, public: bool | None) -> None:
        """Show or hide the playlist in the owner's profile."""
        with self._world.lock:
            moved, self.public = public != self.public, public
            self._changed(moved)

    def set_collaborative(self, collaborative: bool) -> None:
        """Set whether others may add to the playlist."""
        with self._world.lock:
            moved, self.collaborative = collaborative != self.collaborative, collaborative
            self._changed(moved)

    def set_images(self, images: bytes) -> None:
        """Give other covers: the JSON of ``images``, with the addresses that Spotify itself would give."""
        with self._world.lock:
            moved, self.images = images != self.images, images
            self._changed(moved)

    def transfer(self, owner: str) -> None:
        """Give the playlist to another user."""
        with self._world.lock:
            self._world.users.number(owner)
            moved, self.owner = owner != self.owner, owner
            self._changed(moved)

    def _insert(self, position: int, rows: Rows) -> None:
        if not 0 <= position <= len(self):
            message = f"no position {position} in a playlist of {len(self)} entries"
            raise WorldError(message)
        self.rows.insert(position, rows)
        self._changed(len(rows) > 0, Inserted(position, len(rows)))

    def _changed(self, moved: bool = True, step: Step | None = None) -> None:
        if moved:
            self._journal.add(self.snapshot_id, step)
            self.snapshot_id = snapshot_ids.following(self.snapshot_id)


def rows_of(world: "World", entries: Iterable[Entry]) -> Rows:
    """Entries as a world stores them."""
    rows = Rows()
    for entry in entries:
        rows.contents.append(NOTHING if entry.uri is None else world.number(entry.uri))
        rows.added_at.append(NOTHING if entry.added_at is None else timestamps.read(entry.added_at))
        rows.added_by.append(NOTHING if entry.added_by is None else world.users.number(entry.added_by))
        rows.forms.append(entry.form)
    return rows
