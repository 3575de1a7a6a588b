"""Executes plans until a playlist has the wanted entries; after a lost response it reads the playlist again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from sources.errors import ApiError, EditedElsewhereError, ForbiddenError, NotFoundError
from sources.spotify.writes.request_plan import Limits, Plan, plan
from sources.spotify.writes.steps import Add, Entry, Remove, Step, after

LOST = 8
"""Consecutive lost responses without progress after which a command gives up."""

LOOKS = 4
"""Readings of a playlist until it shows a change: responses have been seconds behind."""

PAUSE = 1.0
"""Seconds before the second reading; each further pause is twice as long."""


@dataclass(frozen=True, slots=True)
class State:
    """The entries of a playlist, and the id of that version."""

    entries: Sequence[Entry]
    snapshot_id: str | None = None

    @property
    def uris(self) -> list[str | None]:
        """The items, in order."""
        return [entry.uri for entry in self.entries]


class Target(Protocol):
    """A playlist that is written."""

    def read(self) -> State:
        """Its current entries, requested from Spotify.

        Raises:
            PlaylakeError: it cannot be read.
        """

    def write(self, step: Step, snapshot_id: str | None) -> str | None:
        """Sends one request, and returns the id of the new version, if the response has one.

        Args:
            step: what to do.
            snapshot_id: of the version whose positions are meant, if that is known.

        Raises:
            ApiError: as `Client.change`.
            PlaylakeError: nothing more can be done.
        """


@dataclass(slots=True)
class Convergence:
    """A playlist that is being changed to the wanted entries.

    Attributes:
        target: the playlist.
        wanted: its wanted entries.
        limits: what the API cannot do, and what it has refused so far.
        sleep: how to wait, in seconds.
        progress: called with the number of requests that are done, and of all.
    """

    target: Target
    wanted: Sequence[Entry]
    limits: Limits = field(default_factory=Limits)
    sleep: Callable[[float], object] = lambda _: None
    progress: Callable[[int, int], None] = lambda _done, _total: None
    _lost: int = 0

    def run(self, state: State) -> tuple[Plan, State]:
        """Plans and writes until the playlist, read again, has the wanted entries.

        Args:
            state: what is on the playlist.

        Returns:
            The last plan, which has nothing left to do but says what cannot be done, and what is on the playlist then.

        Raises:
            EditedElsewhereError: somebody else changes it meanwhile.
            ApiError: too many answers were lost, or a request was refused.
            PlaylakeError: nothing more can be done.
        """
        while (way := plan(state.entries, self.wanted, self.limits)).steps:
            state = self._carry_out(way, state)
        return way, state

    def _carry_out(self, way: Plan, state: State) -> State:
        """Sends the requests of a plan; what is on the playlist when it is done, or when another plan is needed."""
        line, snapshot_id = state.uris, state.snapshot_id
        for done, step in enumerate(way.steps):
            self.progress(done, len(way.steps))
            expected = after(line, step)
            try:
                snapshot_id = self._written(step, snapshot_id, line)
            except ApiError as error:
                if _is_refused(error):
                    return self._without_refused(step, line, error)
                state = self._after_lost_answer(error, line, expected)
                if state.uris != expected:
                    return state
                snapshot_id = state.snapshot_id
            else:
                self._lost = 0
            line = expected
        self.progress(len(way.steps), len(way.steps))
        return self._settled(line)

    def _written(self, step: Step, snapshot_id: str | None, line: list[str | None]) -> str | None:
        """Sends one request. A version that Spotify no longer knows is left out, if the playlist is as it was."""
        try:
            return self.target.write(step, snapshot_id)
        except ApiError as error:
            if error.status != 400 or snapshot_id is None or isinstance(step, Add):
                raise
            self._settled(line)
            return self.target.write(step, None)

    def _without_refused(self, step: Step, line: list[str | None], error: ApiError) -> State:
        """What is on the playlist after a request that Spotify refused because of some of its items.

        Raises:
            ApiError: it refuses all of it, whatever the items.
            EditedElsewhereError: it refuses it because the playlist was changed.
        """
        if error.status != 400:
            raise error
        state = self._settled(line)
        if isinstance(step, Add):
            return self._taken_apart(step, line)
        local = {uri for uri in step.uris if Entry(uri).is_local} if isinstance(step, Remove) else set()
        if not local:
            raise error
        self.limits = replace(self.limits, stuck=self.limits.stuck | local)
        return state

    def _after_lost_answer(self, error: ApiError, before: list[str | None], expected: list[str | None]) -> State:
        """What is on the playlist: the request was served, or it was not.

        Raises:
            ApiError: this happens too often.
            EditedElsewhereError: neither is the case.
        """
        self._lost += 1
        if self._lost > LOST:
            raise error
        # It may still be under way.
        self.sleep(PAUSE)
        state = self._settled(expected, before)
        if state.uris == expected:
            self._lost = 0
        return state

    def _settled(self, expected: list[str | None], earlier: list[str | None] | None = None) -> State:
        """What is on the playlist, once it shows what was done.

        Args:
            expected: what should be there.
            earlier: what may be there as well.

        Raises:
            EditedElsewhereError: something else is there.
        """
        state = self.target.read()
        for look in range(1, LOOKS):
            # It was waited for already; what then shows what was there before will not change by itself.
            if state.uris == expected or (look > 1 and state.uris == earlier):
                break
            self.sleep(PAUSE * 2 ** (look - 1))
            state = self.target.read()
        if state.uris not in (expected, earlier):
            raise ForeignEdit(expected, state.uris)
        return state

    def _taken_apart(self, step: Add, line: list[str | None]) -> State:
        """Adds what Spotify takes of items that it has refused together, and remembers the others."""
        left, position = _halves(step.uris), step.position
        if len(step.uris) == 1:
            self._refuse(step.uris[0])
        while left:
            uris = left.pop(0)
            part = Add(uris, position)
            expected = after(line, part)
            try:
                self.target.write(part, None)
            except ApiError as error:
                if not _is_refused(error):
                    if self._after_lost_answer(error, line, expected).uris != expected:
                        left.insert(0, uris)
                        continue
                elif error.status != 400:
                    raise
                else:
                    if len(uris) == 1:
                        self._refuse(uris[0])
                    left[:0] = _halves(uris)
                    continue
            line, position = expected, position + len(uris)
        return self._settled(line)

    def _refuse(self, uri: str) -> None:
        self.limits = replace(self.limits, refused=self.limits.refused | {uri})


class ForeignEdit(EditedElsewhereError):  # noqa: N818 (named for what happened)
    """The entries of a playlist, and the expected ones.

    Attributes:
        expected: URIs, in order.
        found: URIs, in order.
    """

    def __init__(self, expected: Sequence[str | None], found: Sequence[str | None]) -> None:
        super().__init__("Somebody else changed the playlist meanwhile.")
        self.expected = expected
        self.found = found


def _halves(uris: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Two parts of several items; of a single one nothing is left to be tried."""
    middle = len(uris) // 2
    return [uris[:middle], uris[middle:]] if middle else []


def _is_refused(error: ApiError) -> bool:
    """Whether a request was certainly not carried out."""
    status = error.status
    return isinstance(error, ForbiddenError | NotFoundError) or (status is not None and 300 <= status < 500)
