"""A model of a lake after each sync, in plain Python: no keys, no SQL, and no code under test.

A playlist is the list of its states that were read completely. A state is the ordered list of what tells its
entries apart: the URI as added, `added_at`, and among exact equals the ordinal.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import NamedTuple

from sources.spotify_sandbox import Entry, Playlist, World
from tests.model.worlds import PLAYED_FOR, SPOTIFY


class Identity(NamedTuple):
    """The identity of an addition on its playlist."""

    item_uri: str | None
    added_at: datetime | None
    ordinal: int


class Item(NamedTuple):
    """What else is stored of an addition when it is first seen."""

    item_type: str | None
    track_id: str | None
    episode_id: str | None
    is_local: bool
    added_by_id: str | None


@dataclass(frozen=True, slots=True)
class State:
    """A playlist as it was read completely."""

    snapshot_id: str
    identities: tuple[Identity, ...]


class Stay(NamedTuple):
    """From the state that first lists an addition up to the one that no longer does; null while it is there."""

    playlist_id: str
    identity: Identity
    listed_from: int
    listed_until: int | None
    first_position: int
    last_position: int


class Change(NamedTuple):
    """An addition that came or went between a state and the one before."""

    playlist_id: str
    state: int
    change: str
    identity: Identity
    from_position: int | None
    to_position: int | None


@dataclass(slots=True)
class PlaylistModel:
    """Everything that syncs have seen of one playlist.

    Attributes:
        states: read completely, oldest first.
        fewest_moves: for each state, how many entries must have been moved at least.
        items: what was stored of each addition.
        authors: of each addition the users named for it, each time that another was, the newest last.
        described: name, description, owner, and whether it is public and collaborative, as last seen.
        access: as in the table `playlists`.
        looked_at: the snapshot last looked at to the end, also where contents were withheld.
        outcome: of the last look at its contents: `read`, `metadata_only` or `gone`.
        settled: whether that they are withheld was found more than once, or at the first look.
        checked: whether a sync ever found out what its contents are, or that they are withheld.
        seen_in: number of the last sync that saw it.
        doubted: contents that the last reading showed and that were kept back.
    """

    states: list[State] = field(default_factory=list)
    fewest_moves: list[int] = field(default_factory=list)
    items: dict[Identity, Item] = field(default_factory=dict)
    authors: dict[Identity, list[str]] = field(default_factory=dict)
    described: tuple[str | bool | None, ...] = ()
    access: str | None = None
    looked_at: str | None = None
    outcome: str | None = None
    settled: bool = True
    checked: bool = False
    seen_in: int | None = None
    doubted: tuple[Identity, ...] | None = None

    def doubts(self, state: State) -> bool:
        """Whether a reading lacks or moves items under the same snapshot, or is all blank."""
        if not self.states or self.doubted == state.identities:
            return False
        before = self.states[-1]
        left = iter(state.identities)
        if before.snapshot_id == state.snapshot_id and not all(one in left for one in before.identities):
            return True
        if not state.identities or set(state.identities) & set(before.identities):
            return False
        return any(
            any(one[place] is not None for one in before.identities)
            and all(one[place] is None for one in state.identities)
            for place in (0, 1)
        )

    def name(self, identity: Identity, item: Item) -> None:
        """Notes an addition as read, and who made it if that is reported and was not known."""
        first = self.items.setdefault(identity, item)
        authors = self.authors.setdefault(identity, [])
        if item.added_by_id and item.added_by_id != (authors[-1] if authors else first.added_by_id):
            authors.append(item.added_by_id)

    def author(self, identity: Identity) -> str | None:
        """The author of an addition, as far as it is known."""
        named = self.authors[identity]
        return named[-1] if named else self.items[identity].added_by_id


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of a sync.

    Attributes:
        named: ids; none for the user's whole library.
        full: snapshots are ignored.
        audit: the audit of every playlist is due.
    """

    named: tuple[str, ...] = ()
    full: bool = False
    audit: bool = False


@dataclass(slots=True)
class Expected:
    """What a sync must report.

    Attributes:
        outcomes: of each playlist that it had to read, by id.
        playlists: how many it looked at.
        unchanged: how many it skipped.
        new_items: additions that the states before did not have.
        removed_items: additions that only the states before have.
        requests: the most that it may send, those for tokens not counted.
    """

    outcomes: dict[str, str] = field(default_factory=dict)
    playlists: int = 0
    unchanged: int = 0
    new_items: int = 0
    removed_items: int = 0
    requests: int = 0
    failed: int = 0


class LakeModel:
    """One lake.

    Args:
        world: what the API tells of.
        relinks: whether requests name the market in which some tracks play under another id.
    """

    def __init__(self, world: World, *, relinks: bool) -> None:
        self.world = world
        self.relinks = relinks
        self.playlists: dict[str, PlaylistModel] = {}
        self.syncs = 0

    def plan(self, asked: Asked, regime: str) -> dict[str, str]:
        """What a sync that begins now will find for each playlist, in the words of `playlist_reads.outcome`."""
        if asked.named:
            return {playlist_id: self._named(playlist_id, asked, regime) for playlist_id in asked.named}
        return {playlist.id: self._listed(playlist, asked, regime) for playlist in self.world.listed()}

    def _named(self, playlist_id: str, asked: Asked, regime: str) -> str:
        playlist = self.world.playlists.get(playlist_id)
        if playlist is None or not self._is_visible(playlist, regime):
            return "gone"
        known = self.known(playlist_id)
        read_before = known.states and known.states[-1].snapshot_id == playlist.snapshot_id
        trusted = self._is_trusted(known, asked) and known.access == "readable" and playlist.owner != SPOTIFY
        trusted = trusted and known.doubted is None
        if read_before and trusted:
            return "unchanged"
        return "read" if self._is_readable(playlist, regime) else "metadata_only"

    def _listed(self, playlist: Playlist, asked: Asked, regime: str) -> str:
        known = self.known(playlist.id)
        if self._is_trusted(known, asked):
            if known.access == "metadata_only" and known.settled and known.looked_at == playlist.snapshot_id:
                return "unchanged"
            read = known.access == "readable" and playlist.owner != SPOTIFY and known.doubted is None
            if read and known.states[-1].snapshot_id == playlist.snapshot_id:
                return "unchanged"
        shown = self._is_visible(playlist, regime) and self._is_readable(playlist, regime)
        return "read" if shown else "metadata_only"

    def _is_trusted(self, known: PlaylistModel, asked: Asked) -> bool:
        return known.checked and not asked.full and not asked.audit

    def _is_visible(self, playlist: Playlist, regime: str) -> bool:
        """Whether the API answers by id: not Spotify's own to a development app, not what others keep private."""
        if regime == "development" and playlist.owner == SPOTIFY:
            return False
        return playlist.public is not False or playlist.collaborative or playlist.owner == self.world.me.id

    def _is_readable(self, playlist: Playlist, regime: str) -> bool:
        return regime != "development" or playlist.owner == self.world.me.id or playlist.collaborative

    def known(self, playlist_id: str) -> PlaylistModel:
        """What the lake knows of a playlist."""
        return self.playlists.get(playlist_id, PlaylistModel())

    def conclude(
        self, asked: Asked, plan: Mapping[str, str], regime: str, *, disturbed: str | None, restless: bool
    ) -> Expected:
        """Notes what a sync with this plan read: the world as it is now, when the sync has ended.

        Args:
            asked: what was asked of it.
            plan: from before it began.
            regime: in force.
            disturbed: a playlist that changed between two of its pages.
            restless: whether it did so each time that it was read.
        """
        self.syncs += 1
        expected = Expected(playlists=len(plan))
        if not asked.named:
            expected.requests = max(1, ceil(len(self.world.listing) / 50))
        for playlist_id, planned in plan.items():
            playlist = self.world.playlists.get(playlist_id)
            changing = playlist_id == disturbed and restless
            outcome = "changed_while_reading" if changing else planned
            if playlist is not None and outcome == "read" and self._keeps_back(playlist, regime):
                # It is read once more before that.
                outcome = "kept_back"
                expected.requests += requests_for(len(playlist))
            self._look(playlist_id, playlist, outcome, asked, expected)
            if playlist is not None and planned == "read":
                attempts = (3 if restless else 2) if playlist_id == disturbed else 1
                # A disturbance may have removed an entry, and with it a page of the earlier readings.
                expected.requests += attempts * requests_for(len(playlist) + (attempts > 1))
            if playlist is not None and outcome == "read":
                self._read(playlist, regime, expected)
        return expected

    def _look(
        self, playlist_id: str, playlist: Playlist | None, outcome: str, asked: Asked, expected: Expected
    ) -> None:
        if outcome == "unchanged":
            expected.unchanged += 1
        else:
            expected.outcomes[playlist_id] = outcome
        known = self.known(playlist_id)
        # Contents that were read before and are withheld now count as missing once, and are requested again.
        lost = outcome == "metadata_only" and known.outcome == "read"
        withheld = outcome == "metadata_only" and not asked.named and not lost
        expected.failed += outcome not in {"unchanged", "read"} and not withheld
        if outcome in {"metadata_only", "gone"} or (outcome == "unchanged" and asked.named):
            expected.requests += 1
        if outcome in {"read", "metadata_only", "gone"}:
            known.outcome, known.settled = outcome, not lost
        if outcome == "gone":
            known.access, known.checked = known.access and "gone", True
        if playlist is None or outcome == "gone" or (outcome == "changed_while_reading" and asked.named):
            return
        self.playlists[playlist_id] = known
        known.seen_in = self.syncs
        told = (playlist.name, playlist.description, playlist.owner, playlist.public, playlist.collaborative)
        # A null means that Spotify did not say, and erases nothing.
        known.described = tuple(
            old if new is None else new for old, new in zip(known.described or told, told, strict=True)
        )
        if outcome not in {"changed_while_reading", "kept_back"}:
            known.looked_at = playlist.snapshot_id
        if outcome in {"read", "metadata_only"}:
            known.checked = True
            known.access = "readable" if outcome == "read" else "metadata_only"

    def _keeps_back(self, playlist: Playlist, regime: str) -> bool:
        """Whether a reading is kept back; Spotify's own playlists change without a new snapshot."""
        known, state = self.known(playlist.id), self._state(playlist, regime)
        if playlist.owner == SPOTIFY or not known.doubts(state):
            return False
        known.doubted = state.identities
        return True

    def _state(self, playlist: Playlist, regime: str) -> State:
        states = self.known(playlist.id).states
        before = states[-1].identities if states else ()
        return State(playlist.snapshot_id, tuple(self._identities(playlist, regime, before)))

    def _read(self, playlist: Playlist, regime: str, expected: Expected) -> None:
        known, state = self.playlists[playlist.id], self._state(playlist, regime)
        before = known.states[-1].identities if known.states else ()
        known.doubted = None
        for identity, entry in zip(state.identities, playlist.entries, strict=True):
            known.name(identity, self._item(entry))
        expected.new_items += len(set(state.identities) - set(before))
        expected.removed_items += len(set(before) - set(state.identities))
        if not known.states or known.states[-1] != state:
            known.states.append(state)
            known.fewest_moves.append(fewest_moves(before, state.identities))

    def _identities(self, playlist: Playlist, regime: str, before: tuple[Identity, ...]) -> Iterator[Identity]:
        """An addition that the state before had under one of its two names keeps that name."""
        had = {identity[:2] for identity in before}
        equals: Counter[tuple[object, ...]] = Counter()
        for entry in playlist.entries:
            added_at = datetime.fromisoformat(entry.added_at) if entry.added_at else None
            played = self._played(entry)
            names = (played, entry.uri) if regime == "development" else (entry.uri, played)
            told = [(name, added_at) for name in names]
            kept = next((name for name in told if name in had), told[0])
            yield Identity(*kept, ordinal=equals[kept])
            equals[kept] += 1

    def _played(self, entry: Entry) -> str | None:
        return PLAYED_FOR.get(entry.uri or "", entry.uri) if self.relinks else entry.uri

    def _item(self, entry: Entry) -> Item:
        ends = (self._played(entry) or "").rpartition(":")[2]
        return Item(
            item_type=None if entry.kind is None else "episode" if entry.kind == "episode" else "track",
            track_id=ends if entry.kind == "track" else None,
            episode_id=ends if entry.kind == "episode" else None,
            is_local=entry.kind == "local",
            added_by_id=entry.added_by or None,
        )

    def stays(self) -> Iterator[Stay]:
        """All stays, as `playlist_item_history` must show them."""
        for playlist_id, known in self.playlists.items():
            open_stays: dict[Identity, Stay] = {}
            for number, state in enumerate(known.states):
                places = {identity: position for position, identity in enumerate(state.identities)}
                for identity in [identity for identity in open_stays if identity not in places]:
                    yield open_stays.pop(identity)._replace(listed_until=number)
                for identity, position in places.items():
                    began = open_stays.get(identity) or Stay(playlist_id, identity, number, None, position, position)
                    open_stays[identity] = began._replace(last_position=position)
            yield from open_stays.values()

    def changes(self) -> Iterator[Change]:
        """Additions and removals, as `playlist_changes` must show them; moves are checked with `fewest_moves`."""
        for playlist_id, known in self.playlists.items():
            for number in range(1, len(known.states)):
                before = {identity: n for n, identity in enumerate(known.states[number - 1].identities)}
                after = {identity: n for n, identity in enumerate(known.states[number].identities)}
                for identity in after.keys() - before.keys():
                    yield Change(playlist_id, number, "added", identity, None, after[identity])
                for identity in before.keys() - after.keys():
                    yield Change(playlist_id, number, "removed", identity, before[identity], None)


def requests_for(entries: int) -> int:
    """The most requests for reading a playlist: 100 entries, pages of 50, and a look whether it is still the same."""
    pages = ceil(max(0, entries - 100) / 50)
    return 1 + pages + (pages > 0)


def fewest_moves(before: tuple[Identity, ...], after: tuple[Identity, ...]) -> int:
    """How many entries at least must be moved from one order to the other; additions and removals do not count.

    Those that need not move form a longest increasing subsequence of places.
    """
    places = {identity: place for place, identity in enumerate(before)}
    common = [places[identity] for identity in after if identity in places]
    ends: list[int] = []
    for place in common:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(common) - len(ends)
