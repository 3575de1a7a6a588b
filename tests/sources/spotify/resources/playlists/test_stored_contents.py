"""What is stored is asked for several playlists at a time, as many as fit into memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import cast

import pytest

from sources.spotify.resources.playlists.state import KnownAdditions, KnownPlaylist, PlaylistState
from sources.spotify.resources.playlists.stored_contents import PLAYLISTS_AT_ONCE, ROWS_AT_ONCE, StoredContents
from sources.spotify.resources.playlists.which_to_read import Task

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Lake:
    """As many additions and keys as each playlist has; `lost` are states without a row."""

    sizes: Mapping[str, int]
    lost: frozenset[str] = frozenset()
    asked: list[int] = field(default_factory=list)

    def additions(self, playlist_ids: Sequence[str], limit: int) -> dict[str, KnownAdditions]:
        """Those of the first, and of the next as long as they fit."""
        found, rows = dict[str, KnownAdditions](), 0
        for playlist_id in playlist_ids:
            rows += self.sizes[playlist_id]
            if found and rows > limit:
                break
            found[playlist_id] = KnownAdditions({}, {self.sizes[playlist_id]: playlist_id})
        self.asked.append(len(found))
        return found

    def item_keys(self, states: Mapping[str, datetime]) -> dict[str, list[int]]:
        """Keys that say of which playlist they are, and of which time."""
        self.asked.append(len(states))
        keys = sum(self.sizes[playlist_id] for playlist_id in states)
        assert keys <= ROWS_AT_ONCE or len(states) == 1
        return {
            playlist_id: [int(playlist_id), time.day] * (self.sizes[playlist_id] // 2)
            for playlist_id, time in states.items()
            if playlist_id not in self.lost
        }


@pytest.mark.parametrize("seed", range(20))
def test_each_playlist_gets_its_own(seed: int) -> None:
    """Whatever the sizes, and whichever playlists are not asked about, each gets what is stored of it."""
    random = Random(seed)
    names = [str(number) for number in range(random.choice([1, 2, 50, PLAYLISTS_AT_ONCE + 5]))]
    sizes = {name: random.choice([0, 2, 100, ROWS_AT_ONCE // 3, ROWS_AT_ONCE * 2]) for name in names}
    times = {name: random.choice([None, START + timedelta(days=random.randrange(28))]) for name in names}
    lake = Lake(sizes, frozenset(name for name in names if random.random() < 0.1))
    tasks = [Task(name, KnownPlaylist(observed_at=times[name], items=sizes[name])) for name in names]
    stored = StoredContents(lambda: cast("PlaylistState", lake), tasks)
    for task in tasks:
        name, time = task.playlist_id, times[task.playlist_id]
        if random.random() < 0.2:
            continue
        for _ in range(2):
            assert stored.additions(task).authors == {sizes[name]: name}
            is_stored = time is not None and name not in lake.lost
            assert stored.item_keys(task) == ([int(name), time.day] * (sizes[name] // 2) if is_stored and time else [])


def test_small_playlists_are_asked_for_together() -> None:
    """A thousand small playlists are two queries, one for additions and one for keys."""
    sizes = {str(number): 2 for number in range(PLAYLISTS_AT_ONCE)}
    lake = Lake(sizes)
    tasks = [Task(name, KnownPlaylist(observed_at=START, items=2)) for name in sizes]
    stored = StoredContents(lambda: cast("PlaylistState", lake), tasks)
    for task in tasks:
        assert stored.additions(task).authors == {2: task.playlist_id}
        assert stored.item_keys(task) == [int(task.playlist_id), 1]
    assert lake.asked == [PLAYLISTS_AT_ONCE, PLAYLISTS_AT_ONCE]
