"""What is stored of the playlists that a run reads, asked for several of them at a time.

A query looks at every file of a lake, or at all rows of a column, however few it wants: one for each playlist would
take longer the older the lake is.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sources.spotify.resources.playlists.state import KnownAdditions, PlaylistState
from sources.spotify.resources.playlists.which_to_read import Task

ROWS_AT_ONCE = 20_000
"""Additions, and keys of states, that are in memory at a time, unless one playlist has more."""
PLAYLISTS_AT_ONCE = 1_000
FEW = 3
"""So many playlists are asked for one by one: DuckDB leaves out what is of no one playlist as it reads a table, and
what is of none of several only after it has read all of it.
"""


class StoredContents:
    """What is stored of playlists that are asked for in the order of their tasks.

    Args:
        state: gives what the destination holds, as of the load that is under way.
        tasks: the playlists.
    """

    def __init__(self, state: Callable[[], PlaylistState], tasks: Sequence[Task]) -> None:
        self._state, self._tasks = state, tasks
        self._at_once = PLAYLISTS_AT_ONCE if len(tasks) > FEW else 1
        self._places = {task.playlist_id: place for place, task in enumerate(tasks)}
        self._additions: dict[str, KnownAdditions] = {}
        self._keys: dict[str, list[int]] = {}

    @property
    def links(self) -> dict[str, list[str]]:
        """Tracks that play for others, as in `PlaylistState`."""
        return self._state().links

    def additions(self, task: Task) -> KnownAdditions:
        """All additions that are stored of a playlist."""
        playlist_id = task.playlist_id
        if playlist_id not in self._additions:
            wanted = [upcoming.playlist_id for upcoming in self._upcoming(task)]
            self._additions = self._state().additions(wanted, ROWS_AT_ONCE)
        return self._additions[playlist_id]

    def item_keys(self, task: Task) -> list[int]:
        """The keys of a playlist's newest state, in order; none if it has no state."""
        if task.known.observed_at is None:
            return []
        playlist_id = task.playlist_id
        if playlist_id not in self._keys:
            states = dict(self._upcoming_states(task))
            # Of states that are lost there are no keys.
            self._keys = {upcoming: [] for upcoming in states} | self._state().item_keys(states)
        return self._keys[playlist_id]

    def _upcoming(self, task: Task) -> Iterator[Task]:
        """A playlist and the next ones that are asked for with it."""
        place = self._places[task.playlist_id]
        return islice(self._tasks, place, place + self._at_once)

    def _upcoming_states(self, task: Task) -> Iterator[tuple[str, datetime]]:
        """The newest states of a playlist and the next ones, as many as may be in memory."""
        keys = 0
        for upcoming in self._upcoming(task):
            if upcoming.known.observed_at is None:
                continue
            keys += upcoming.known.items or 0
            if keys > ROWS_AT_ONCE and upcoming is not task:
                return
            yield upcoming.playlist_id, upcoming.known.observed_at
