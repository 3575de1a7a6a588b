"""What a user is listening to: the device, the context, the queue, and what was played before.

Time is passed in, in milliseconds since 1970. While something plays, each reading of the player first catches up with
the time: tracks end, others begin, and what was heard for half a minute goes into the history.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from sources.spotify_sandbox.world.devices import Device

Repeat = Literal["off", "context", "track"]

HEARD = 30_000
"""Milliseconds of a track that make it a play (https://support.spotify.com/article/how-we-count-streams)."""

REMEMBERED = 50
"""Number of plays that ``GET /me/player/recently-played`` can return."""

_TRACKS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Play:
    """A track that was played: its number, when it ended, and the URI of its context."""

    content: int
    played_at: int
    context: str | None


@dataclass(frozen=True, slots=True)
class Playback:
    """The state of a player, as a value that can be stored; ``device`` is an index into the devices."""

    devices: list[Device]
    device: int | None
    context: str | None
    queue: list[int]
    is_playing: bool
    shuffle: bool
    repeat: Repeat
    changed_at: int
    history: list[Play]
    tracks: list[int]
    order: list[int]
    place: int
    queued: int | None
    position: int


class Player:
    """The playback of one user. ``length`` returns the milliseconds of the content with a number."""

    def __init__(self, devices: list[Device], length: Callable[[int], int]) -> None:
        self.devices = devices
        self.device: Device | None = None
        self.context: str | None = None
        self.queue: deque[int] = deque()
        self.is_playing = False
        self.shuffle = False
        self.repeat: Repeat = "off"
        self.changed_at = 0
        self.history: deque[Play] = deque(maxlen=REMEMBERED)
        self._length = length
        self._tracks: Sequence[int] = ()
        self._order: Sequence[int] = ()
        self._place = 0
        self._queued: int | None = None
        self._position = 0

    @property
    def current(self) -> int | None:
        """The number of what plays or is paused; None if nothing was started."""
        if self._queued is not None:
            return self._queued
        return self._tracks[self._order[self._place]] if self._order else None

    @property
    def is_first(self) -> bool:
        """Whether there is nothing to go back to."""
        return self._place == 0 and self.repeat != "context"

    def progress(self, now: int) -> int:
        """How many milliseconds into the current content the player is."""
        return self._position + (now - self.changed_at if self.is_playing else 0)

    def upcoming(self, count: int) -> list[int]:
        """What comes next: first what was queued, then the rest of the context, from its beginning if it repeats."""
        rest = [self._tracks[place] for place in self._order[self._place + 1 : self._place + 1 + count]]
        if self.repeat == "context" and self._order:
            while len(rest) < count:
                rest += [self._tracks[place] for place in self._order[: count - len(rest)]]
        return [*self.queue, *rest][:count]

    def catch_up(self, now: int) -> None:
        """Catch up with the time."""
        for _ in range(_TRACKS_AT_ONCE):
            current = self.current
            if not self.is_playing or current is None:
                return
            ends = self.changed_at + max(1, self._length(current)) - self._position
            if ends > now:
                return
            self._remember(ends)
            if self.repeat == "track":
                self._position, self.changed_at = 0, ends
            else:
                self._advance(ends)
        # The player was not read for days: the device is asleep.
        self._stop(now)

    def start(self, tracks: Sequence[int], context: str | None, place: int, position: int, now: int) -> None:
        """Play some contents from one of them on, at a position in it."""
        self._leave(now)
        self._tracks, self.context, self._queued = tracks, context, None
        self._arrange(place)
        self._play(position, now)

    def resume(self, now: int, position: int | None = None) -> None:
        """Resume at the position of the pause, or at another."""
        self._play(self._position if position is None else position, now)

    def pause(self, now: int) -> None:
        """Pause."""
        self._position, self.changed_at, self.is_playing = self.progress(now), now, False

    def seek(self, position: int, now: int) -> None:
        """Go to a position; after the end, the next content begins."""
        current = self.current
        if current is not None and position >= self._length(current):
            self.skip(now)
        else:
            self._position, self.changed_at = position, now

    def skip(self, now: int) -> None:
        """Skip to the next content."""
        self._leave(now)
        self._advance(now)

    def back(self, now: int) -> None:
        """Go to the previous content; in a context that repeats, the last comes before the first."""
        self._leave(now)
        if self._queued is not None:
            self._queued = None
        elif self._order:
            self._place = (self._place - 1) % len(self._order)
        self._position, self.changed_at = 0, now

    def set_shuffle(self, shuffle: bool) -> None:
        """Play the rest of the context in random order, or in its own again."""
        if shuffle != self.shuffle:
            self.shuffle = shuffle
            if self._order:
                self._arrange(self._order[self._place])

    def transfer(self, device: Device, now: int, *, play: bool) -> None:
        """Continue on another device; ``play`` starts it if nothing plays."""
        self.device = device
        if play and not self.is_playing and self.current is not None:
            self.resume(now)

    def playback(self) -> Playback:
        """The player's state."""
        return Playback(
            devices=self.devices,
            device=None if self.device is None else self.devices.index(self.device),
            context=self.context,
            queue=list(self.queue),
            is_playing=self.is_playing,
            shuffle=self.shuffle,
            repeat=self.repeat,
            changed_at=self.changed_at,
            history=list(self.history),
            tracks=list(self._tracks),
            order=list(self._order),
            place=self._place,
            queued=self._queued,
            position=self._position,
        )

    def restore(self, playback: Playback) -> None:
        """Take over the state that ``playback`` returned."""
        self.devices = playback.devices
        self.device = None if playback.device is None else playback.devices[playback.device]
        self.context, self.queue = playback.context, deque(playback.queue)
        self.is_playing, self.shuffle, self.repeat = playback.is_playing, playback.shuffle, playback.repeat
        self.changed_at, self.history = playback.changed_at, deque(playback.history, maxlen=REMEMBERED)
        self._tracks, self._order, self._place = playback.tracks, playback.order, playback.place
        self._queued, self._position = playback.queued, playback.position

    def _arrange(self, place: int) -> None:
        if not self.shuffle:
            self._order, self._place = range(len(self._tracks)), place
            return
        others = [other for other in range(len(self._tracks)) if other != place]
        # The order is derived from the contents, so that the same commands give the same state.
        Random(len(self._tracks) * 31 + place).shuffle(others)  # noqa: S311
        self._order, self._place = [place, *others], 0

    def _play(self, position: int, now: int) -> None:
        self._position, self.changed_at, self.is_playing = position, now, True

    def _advance(self, now: int) -> None:
        self._position, self.changed_at = 0, now
        if self.queue:
            self._queued = self.queue.popleft()
            return
        self._queued = None
        if self._place + 1 < len(self._order):
            self._place += 1
        else:
            self._place = 0
            if self.repeat == "off":
                self._stop(now)

    def _stop(self, now: int) -> None:
        self._position, self.changed_at, self.is_playing = 0, now, False

    def _leave(self, now: int) -> None:
        if self.progress(now) >= HEARD:
            self._remember(now)

    def _remember(self, now: int) -> None:
        if self.current is not None:
            self.history.appendleft(Play(self.current, now, self.context))
