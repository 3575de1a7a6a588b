"""Random edits and random syncs: after each sync both lakes must be as the model says.

`PLAYLAKE_MODEL_STEPS` says how many steps to take. By default they are few and always the same; with the variable
set they are random, and a line now and then says what was done so far.
"""

import os
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from sources.spotify_sandbox import Entry, Playlist
from tests.model.lake_model import Asked
from tests.model.stage import EMBEDDED, Disturbance, Stage
from tests.model.worlds import EVERYTHING, FRIEND, MARKET, ME, SPOTIFY, TRACKS, Minutes, entry, small_world

STEPS = int(os.environ.get("PLAYLAKE_MODEL_STEPS", "50"))
IS_LONG = "PLAYLAKE_MODEL_STEPS" in os.environ
STEPS_OF_A_WORLD = 25
WORLDS_BETWEEN_LINES = 20
MOST_PLAYLISTS = 6

OLD_TIMES = (None, "1970-01-01T00:00:00Z", "2008-10-07T00:00:00Z", "2020-05-06T07:08:09Z", "2020-05-06T07:08:10Z")
ADDERS = (ME.id, ME.id, FRIEND, "", None)
ADDED_BEFORE = 3
"""One in so many entries has one of the old times, so that exact equals, ties and nulls are common."""

numbers = st.integers(0, 999)
"""Which of those there are: the remainder counts."""


@dataclass(slots=True)
class Tally:
    """Counts of what was done in all worlds."""

    rules: Counter[str] = field(default_factory=Counter)
    worlds: int = 0
    edits: int = 0
    syncs: int = 0
    began: float = field(default_factory=monotonic)

    @property
    def steps(self) -> int:
        """Rules that were followed."""
        return self.rules.total()

    def __str__(self) -> str:
        kinds = ", ".join(f"{name} {number}" for name, number in sorted(self.rules.items()))
        return (
            f"{self.steps} steps in {self.worlds} worlds: {self.edits} edits, {self.syncs} syncs of a lake, "
            f"{monotonic() - self.began:.0f} s ({kinds})"
        )


class LakeMachine(RuleBasedStateMachine):
    """A state machine: a world that is edited, and two lakes that are synced from it."""

    tally = Tally()

    def __init__(self) -> None:
        super().__init__()
        self.tally.worlds += 1
        self.folder = TemporaryDirectory(prefix="playlake-model-")
        self.world = small_world()
        self.minutes = Minutes()
        self.ids: list[str] = []
        self.removed: list[tuple[Entry, ...]] = []

    @initialize(
        sizes=st.lists(st.sampled_from([0, 2, 5, 12, 101, 160]), min_size=1, max_size=3),
        seed=numbers,
        market=st.sampled_from([MARKET, MARKET, None]),
    )
    def begin(self, sizes: list[int], seed: int, market: str | None) -> None:
        """Some playlists, and a hidden one in the list."""
        self.stage = Stage(self.world, Path(self.folder.name), market).__enter__()
        for size in sizes:
            self._create(size, seed)
        self.world.listing.append(None)

    def teardown(self) -> None:
        """Ends the sandbox and removes the lakes."""
        if hasattr(self, "stage"):
            self.stage.__exit__(None, None, None)
        self.folder.cleanup()

    def _create(self, size: int, seed: int) -> None:
        playlist = self.world.create_playlist(f"Playlist {len(self.ids)}")
        playlist.put_back(0, self._entries(size, seed))
        self.ids.append(playlist.id)

    def _entries(self, size: int, seed: int) -> list[Entry]:
        """New entries of all kinds, some of them in the same second, some with old times or none."""
        random = Random(seed)
        now = self.minutes.next()
        return [
            entry(
                random.choice(EVERYTHING),
                now if random.randrange(ADDED_BEFORE) else random.choice(OLD_TIMES),
                random.choice(ADDERS),
            )
            for _ in range(size)
        ]

    def _edited(self, name: str, which: int) -> Playlist:
        """The playlist to edit."""
        self.tally.rules[name] += 1
        self.tally.edits += 1
        playlists = list(self.world.playlists.values())
        return playlists[which % len(playlists)]

    def _sync(self, name: str, asked: Asked, disturbance: Disturbance | None = None) -> None:
        self.tally.rules[name] += 1
        self.tally.syncs += len(self.stage.lakes)
        self.stage.sync(asked, disturbance=disturbance)

    def has_playlists(self) -> bool:
        """Whether there is something to edit."""
        return bool(self.world.playlists)

    def has_long_ones(self) -> bool:
        """Whether a playlist of the library takes more than one page."""
        return any(len(playlist) > EMBEDDED for playlist in self.world.listed())

    @precondition(has_playlists)
    @rule(which=numbers, place=numbers, size=st.sampled_from([1, 1, 1, 2, 5]), seed=numbers)
    def insert(self, which: int, place: int, size: int, seed: int) -> None:
        """Something is added anywhere."""
        playlist = self._edited("insert", which)
        playlist.put_back(place % (len(playlist) + 1), self._entries(size, seed))

    @precondition(has_playlists)
    @rule(which=numbers, source=numbers, place=numbers, times=st.integers(1, 2))
    def repeat(self, which: int, source: int, place: int, times: int) -> None:
        """An entry is there once more, exactly as it is."""
        playlist = self._edited("repeat", which)
        if len(playlist):
            again = playlist.entry(source % len(playlist))
            playlist.put_back(place % (len(playlist) + 1), [again] * times)

    @precondition(has_playlists)
    @rule(which=numbers, start=numbers, author=st.sampled_from(ADDERS))
    def name(self, which: int, start: int, author: str | None) -> None:
        """The API names another user, or nobody, for what is there already."""
        playlist = self._edited("name", which)
        first = start % (len(playlist) + 1)
        named = [replace(gone, added_by=author) for gone in playlist.remove(range(first, len(playlist)))]
        playlist.put_back(first, named)

    @precondition(has_playlists)
    @rule(which=numbers, seed=numbers)
    def grow(self, which: int, seed: int) -> None:
        """Much is added at once."""
        playlist = self._edited("grow", which)
        if len(playlist) <= EMBEDDED:
            playlist.put_back(len(playlist), self._entries(98, seed))

    @precondition(has_playlists)
    @rule(which=numbers, start=numbers, length=st.sampled_from([1, 1, 2, 7, 999]))
    def remove(self, which: int, start: int, length: int) -> None:
        """Something is taken away, or everything, to be put back perhaps."""
        playlist = self._edited("remove", which)
        first = 0 if length > len(playlist) else start % (len(playlist) + 1)
        self.removed.append(playlist.remove(range(first, min(len(playlist), first + length))))

    @precondition(lambda self: self.has_playlists() and any(self.removed))
    @rule(which=numbers, what=numbers, place=numbers)
    def restore(self, which: int, what: int, place: int) -> None:
        """What was removed comes back as it was, to the same playlist or another."""
        playlist = self._edited("restore", which)
        gone = [entries for entries in self.removed if entries]
        playlist.put_back(place % (len(playlist) + 1), gone[what % len(gone)])

    @precondition(has_playlists)
    @rule(which=numbers, start=numbers, before=numbers, length=st.sampled_from([1, 1, 2, 5, 40]))
    def move(self, which: int, start: int, before: int, length: int) -> None:
        """A range of items is moved."""
        playlist = self._edited("move", which)
        if len(playlist):
            first = start % len(playlist)
            playlist.move(first, before % (len(playlist) + 1), min(length, len(playlist) - first))

    @precondition(has_playlists)
    @rule(which=numbers, place=numbers, seed=numbers)
    def edit_unseen(self, which: int, place: int, seed: int) -> None:
        """Something changes, but the snapshot does not."""
        playlist = self._edited("edit unseen", which)
        shown = playlist.snapshot_id
        at = place % (len(playlist) + 1)
        if seed % 2 and at < len(playlist):
            playlist.remove([at])
        else:
            playlist.put_back(at, self._entries(1, seed))
        playlist.snapshot_id = shown

    @precondition(has_playlists)
    @rule(which=numbers, number=numbers, what=st.sampled_from(["text", "owner", "collaborative", "public"]))
    def describe(self, which: int, number: int, what: str) -> None:
        """A playlist gets another name, description or owner, or becomes public or collaborative or not."""
        playlist = self._edited(f"change {what}", which)
        if what == "text":
            playlist.rename(f"Name {number}")
            playlist.describe((None, "", f"About &amp; {number}")[number % 3])
        elif what == "owner":
            playlist.transfer((ME.id, ME.id, FRIEND, SPOTIFY)[number % 4])
        elif what == "collaborative":
            playlist.set_collaborative(bool(number % 2))
        else:
            playlist.set_public((True, False, None)[number % 3])

    @rule(which=numbers, seed=numbers, what=st.sampled_from(["create", "unlist", "relist", "relist", "delete"]))
    def rearrange(self, which: int, seed: int, what: str) -> None:
        """The library gains or loses a playlist, or all of its playlists for a while."""
        if what == "create" or not self.world.playlists:
            self.tally.rules["create"] += 1
            self.tally.edits += 1
            if len(self.world.playlists) < MOST_PLAYLISTS:
                self._create(seed % 5, seed)
            return
        playlist = self._edited(what, which)
        if what == "delete":
            self.world.delete_playlist(playlist.id)
        elif what == "unlist":
            self.world.unlist(playlist.id)
        else:
            self.world.relist(playlist.id)

    @rule(number=numbers, what=st.sampled_from(["rename", "sell", "withdraw"]))
    def change_track(self, number: int, what: str) -> None:
        """A track is renamed, or sold elsewhere only."""
        self.tally.rules[f"{what} track"] += 1
        self.tally.edits += 1
        uri = TRACKS[number % len(TRACKS)]
        if what == "rename":
            self.world.rename_track(uri, f"Title {number}")
        else:
            self.world.restrict_track(uri, (MARKET,) if what == "sell" else ("DE",))

    @rule(regime=st.sampled_from(["extended", "development", "transition"]))
    def move_app(self, regime: str) -> None:
        """The app is moved to another regime."""
        self.tally.rules["move app"] += 1
        self.stage.api.regime = regime

    @rule(what=st.sampled_from(["duckdb", "parquet", "compact"]))
    def maintain(self, what: str) -> None:
        """The next sync of a lake runs on a new worker, or the Parquet lake is compacted."""
        if what != "compact":
            self.tally.rules[f"lose disk of {what}"] += 1
            self.stage.lose_disk(what)
        elif self.stage.lakes["parquet"].model.syncs:
            self.tally.rules["compact"] += 1
            self.stage.compact()

    @rule(again=st.sampled_from([False, False, True]))
    def sync(self, *, again: bool) -> None:
        """The library is synced, perhaps twice, the second time with nothing new but Spotify's own."""
        self._sync("sync", Asked())
        if again:
            self._sync("sync again", Asked())

    @rule(full=st.booleans())
    def sync_everything(self, *, full: bool) -> None:
        """Everything is read, because it was asked for or because audits are due."""
        self._sync("sync everything", Asked(full=full, audit=not full))

    @precondition(lambda self: bool(self.ids))
    @rule(which=st.lists(numbers, min_size=1, max_size=3), full=st.sampled_from([False, False, True]))
    def sync_named(self, which: list[int], *, full: bool) -> None:
        """Some playlists are synced by id, deleted ones among them."""
        named = dict.fromkeys(self.ids[number % len(self.ids)] for number in which)
        self._sync("sync named", Asked(tuple(named), full=full))

    @precondition(has_long_ones)
    @rule(which=numbers, seed=numbers, always=st.sampled_from([False, False, True]))
    def sync_while_edited(self, which: int, seed: int, *, always: bool) -> None:
        """A long playlist changes while it is read, once or each time."""
        long_ones = [playlist for playlist in self.world.listed() if len(playlist) > EMBEDDED]
        playlist = long_ones[which % len(long_ones)]
        random = Random(seed)

        def edit() -> None:
            self.tally.edits += 1
            what = random.randrange(3)
            if what == 0 and not always:
                playlist.remove([random.randrange(len(playlist))])
            elif what == 1 and not always:
                playlist.move(random.randrange(len(playlist)), random.randrange(len(playlist)))
            else:
                playlist.put_back(random.randrange(len(playlist) + 1), self._entries(1, seed))

        self._sync("sync while edited", Asked(full=bool(seed % 2)), Disturbance(playlist.id, edit, always=always))
        if always:
            self._sync("sync while edited", Asked())


@pytest.mark.long
def test_lakes_are_as_the_model_says(capsys: pytest.CaptureFixture[str]) -> None:
    """After any edits and any syncs, tables and views are exactly what was observed."""
    worlds = ceil(STEPS / STEPS_OF_A_WORLD)
    options = settings(
        max_examples=min(worlds, WORLDS_BETWEEN_LINES) if IS_LONG else worlds,
        stateful_step_count=STEPS_OF_A_WORLD,
        derandomize=not IS_LONG,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    tally = LakeMachine.tally
    while True:
        run_state_machine_as_test(LakeMachine, settings=options)
        if IS_LONG:
            with capsys.disabled():
                sys.stdout.write(f"\n{tally}\n")
        if not IS_LONG or tally.steps >= STEPS:
            break
    assert tally.syncs
