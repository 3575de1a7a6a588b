"""What the views must answer, worked out in plain Python from the states that were loaded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

START = datetime(2026, 1, 1, tzinfo=UTC)

Key = int
Keys = tuple[Key, ...]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Load:
    """A load of one state of one playlist.

    Attributes:
        playlist_id: which playlist.
        keys: its items, in order.
        author: whom Spotify names for all items now; null if nobody.
        complete: whether the load came to its end.
        copies: how often its rows were written.
    """

    playlist_id: str
    keys: Keys
    complete: bool = True
    copies: int = 1
    author: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A state as a snapshot's row holds it."""

    load_id: str
    playlist_id: str
    observed_at: datetime
    keys: Keys
    moved: Keys

    @property
    def snapshot_id(self) -> str:
        """An id that tells states apart."""
        return f"snapshot {self.load_id}"


@dataclass(slots=True)
class Playlists:
    """Loads written one after the other, each knowing of earlier ones only what complete loads left.

    Attributes:
        states: all that were written, in order.
        additions: rows of `playlist_additions`, with the load that wrote each.
        authors: rows of `playlist_addition_authors`, too.
        complete: ids of complete loads.
    """

    states: list[State] = field(default_factory=list)
    additions: list[Row] = field(default_factory=list)
    authors: list[Row] = field(default_factory=list)
    complete: set[str] = field(default_factory=set)

    def write(self, load: Load) -> State:
        """Adds a load's state, and an addition for every item that the last complete state did not have.

        The product writes fewer: one that came back stands there already. Two machines at once may write more.
        """
        number = len(self.states)
        had = next((state.keys for state in reversed([*self.seen(load.playlist_id)])), ())
        moment = START + timedelta(hours=number)
        state = State(str(1000 + number), load.playlist_id, moment, load.keys, moved(had, load.keys))
        self.states.append(state)
        stored = {row["item_key"] for row in self.additions if row["playlist_id"] == load.playlist_id}
        self.additions += [self._addition(state, key, load.author) for key in load.keys if key not in had]
        self.authors += [
            {
                "_dlt_load_id": state.load_id,
                "playlist_id": state.playlist_id,
                "item_key": key,
                "observed_at": state.observed_at,
                "added_by_id": load.author,
            }
            for key in load.keys
            if load.author and key in stored
        ]
        if load.complete:
            self.complete.add(state.load_id)
        return state

    def _addition(self, state: State, key: Key, author: str | None) -> Row:
        """What came with the item; the track that plays for it may be another at each return."""
        return {
            "_dlt_load_id": state.load_id,
            "playlist_id": state.playlist_id,
            "item_key": key,
            "item_uri": f"spotify:track:{key}" if key % 3 else None,
            "added_at": START - timedelta(days=key % 7) if key % 5 else None,
            "added_by_id": author,
            "track_id": f"{key} as of {state.load_id}",
            "first_observed_at": state.observed_at,
        }

    def seen(self, playlist_id: str) -> Iterator[State]:
        """The states of a playlist that were completely loaded, in order."""
        return (s for s in self.states if s.playlist_id == playlist_id and s.load_id in self.complete)

    def known(self, playlist_id: str, key: Key) -> Row:
        """The addition as it was first observed."""
        return next(
            row
            for row in self.additions
            if (row["playlist_id"], row["item_key"]) == (playlist_id, key) and row["_dlt_load_id"] in self.complete
        )

    def author(self, playlist_id: str, key: Key) -> str | None:
        """The newest who was named for an addition, or who was when it was first observed."""
        named: list[str | None] = [
            row["added_by_id"]
            for row in self.authors
            if (row["playlist_id"], row["item_key"]) == (playlist_id, key) and row["_dlt_load_id"] in self.complete
        ]
        return (named or [self.known(playlist_id, key)["added_by_id"]])[-1]

    @property
    def playlist_ids(self) -> list[str]:
        """All playlists, those without a complete state too."""
        return sorted({state.playlist_id for state in self.states})

    def items(self) -> list[tuple[Any, ...]]:
        """`playlist_id, position, item_key, item_uri, added_at, added_by_id, track_id, snapshot_id` of the last."""
        rows: list[tuple[Any, ...]] = []
        for playlist_id in self.playlist_ids:
            for state in [*self.seen(playlist_id)][-1:]:
                for position, key in enumerate(state.keys):
                    known = self.known(playlist_id, key)
                    author = self.author(playlist_id, key)
                    facts = (known["item_uri"], known["added_at"], author, known["track_id"])
                    rows.append((playlist_id, position, key, *facts, state.snapshot_id))
        return rows

    def history(self) -> list[tuple[Any, ...]]:
        """`playlist_id, item_key, item_uri, added_by_id, listed_from, listed_until, first_position, last_position`."""
        rows: list[tuple[Any, ...]] = []
        for playlist_id in self.playlist_ids:
            open_stays: dict[Key, tuple[datetime, int, int]] = {}
            for state in self.seen(playlist_id):
                for key in [key for key in open_stays if key not in state.keys]:
                    since, first, last = open_stays.pop(key)
                    rows.append((playlist_id, key, since, state.observed_at, first, last))
                for position, key in enumerate(state.keys):
                    since, first, _ = open_stays.get(key, (state.observed_at, position, position))
                    open_stays[key] = (since, first, position)
            rows += [(playlist_id, key, since, None, *places) for key, (since, *places) in open_stays.items()]
        return [(p, key, self.known(p, key)["item_uri"], self.author(p, key), *rest) for p, key, *rest in rows]

    def changes(self) -> list[tuple[Any, ...]]:
        """`playlist_id, observed_at, change, item_key, item_uri, from_position, to_position`."""
        rows: list[tuple[Any, ...]] = []
        for playlist_id in self.playlist_ids:
            states = [*self.seen(playlist_id)]
            for before, after in pairwise(states):
                places = {key: place for place, key in enumerate(before.keys)}
                for place, key in enumerate(after.keys):
                    change = "added" if key not in places else "moved" if key in after.moved else None
                    if change:
                        rows.append((playlist_id, after.observed_at, change, key, places.get(key), place))
                gone = [key for key in before.keys if key not in after.keys]
                rows += [(playlist_id, after.observed_at, "removed", key, places[key], None) for key in gone]
        return [(p, at, change, key, self.known(p, key)["item_uri"], *places) for p, at, change, key, *places in rows]


def moved(before: Keys, after: Keys) -> Keys:
    """The fewest keys that must be moved, found by trying all ways to keep the others where they are."""
    common = [key for key in after if key in before]
    for size in range(len(common), 0, -1):
        for kept in combinations(common, size):
            if list(kept) == sorted(kept, key=before.index):
                return tuple(key for key in common if key not in kept)
    return ()


def written(loads: Sequence[Load]) -> Playlists:
    """All loads, one after the other."""
    playlists = Playlists()
    for load in loads:
        playlists.write(load)
    return playlists
