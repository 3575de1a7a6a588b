from dataclasses import dataclass, field
from random import Random

import pytest

from sources.errors import ApiError, EditedElsewhereError, TryLaterError
from sources.spotify.writes.converge import Convergence, State
from sources.spotify.writes.request_plan import Limits
from sources.spotify.writes.steps import Add, Entry, Move, Remove, Step
from tests.sources.spotify.writes.api_model import PlaylistModel, RefusedError
from tests.sources.spotify.writes.test_request_plan import EPISODES, GONE, LOCAL, TRACKS

LIMITS = Limits(at_once=3)


class KilledError(Exception):
    """The process is gone."""


@dataclass
class Unreliable:
    """A playlist of the model behind a network that loses answers, and a process that somebody kills.

    Attributes:
        model: the playlist.
        random: decides.
        lost: how likely an answer is lost, half of them after the request was served.
        killed: how likely a request is the last one of the process.
        lagging: how many readings show an earlier state at most.
        edit: what somebody else does before the request of this number.
    """

    model: PlaylistModel
    random: Random
    lost: float = 0.0
    killed: float = 0.0
    lagging: int = 0
    edit: int | None = None
    served: list[Step] = field(default_factory=list)
    _old: tuple[int, list[tuple[str | None, int]]] = (0, [])

    def read(self) -> State:
        """What is on it, or was a moment ago."""
        left, rows = self._old
        self._old = left - 1, rows
        shown = rows if left > 0 else self.model.rows
        return State([Entry(uri, at) for uri, at in shown], str(self.model.requests))

    def write(self, step: Step, _snapshot_id: str | None) -> str | None:
        """Serves a request, unless it gets lost."""
        if self.edit == len(self.served):
            self.edit = None
            self.model.rows.insert(0, ("spotify:track:theirs", 5))
        fate = self.random.random()
        if fate < (self.lost + self.killed) / 2:
            raise KilledError if fate < self.killed / 2 else ApiError("lost before", 502)
        self._serve(step)
        fate = self.random.random()
        if fate < (self.lost + self.killed) / 2:
            raise KilledError if fate < self.killed / 2 else ApiError("lost after", None)
        return str(self.model.requests)

    def _serve(self, step: Step) -> None:
        before = list(self.model.rows)
        try:
            match step:
                case Add(uris=uris, position=position):
                    self.model.add(uris, position)
                case Remove(uris=uris):
                    self.model.remove(uris)
                case Move(start=start, length=length, before=place):
                    self.model.move(start, length, place)
        except RefusedError:
            msg = "refused"
            raise ApiError(msg, 400) from None
        self.model.now += 1
        self.served.append(step)
        self._old = self.random.randint(0, self.lagging), before


def some(random: Random, most: int = 25) -> list[Entry]:
    items = [*TRACKS, *EPISODES, *LOCAL]
    return [Entry(random.choice(items), random.randint(0, 5)) for _ in range(random.randint(0, most))]


def brought(target: Unreliable, wanted: list[Entry], limits: Limits = LIMITS) -> list[str | None]:
    """What the last plan says should be there, after the same command was run until nobody killed it."""
    while True:
        try:
            return Convergence(target, wanted, limits).run(target.read())[0].result
        except KilledError:
            continue


@pytest.mark.parametrize("seed", range(60))
def test_lost_answers_and_kills_change_nothing_in_the_end(seed: int) -> None:
    """Whichever answers are lost and whenever it is killed, the target is reached, and nothing is there twice."""
    random = Random(seed)
    wanted = some(random)
    model = PlaylistModel([(entry.uri, entry.added_at or 0) for entry in some(random)], at_once=3)
    target = Unreliable(model, random, lost=0.3, killed=0.2)
    there = {uri for uri in model.uris if Entry(str(uri)).is_local}
    brought(target, wanted)
    assert [uri for uri in model.uris if uri not in LOCAL] == [entry.uri for entry in wanted if entry.uri not in LOCAL]
    assert {uri for uri in model.uris if uri in LOCAL} == there & {entry.uri for entry in wanted}
    without = PlaylistModel(list(model.rows), at_once=3)
    assert brought(Unreliable(without, random), wanted) == model.uris
    assert without.requests == 0


@pytest.mark.parametrize("seed", range(30))
def test_what_spotify_refuses_is_left_out(seed: int) -> None:
    """Of items that are refused together each is tried, and only those that are gone are missing."""
    random = Random(seed)
    wanted = [Entry(uri) for uri in random.choices([*TRACKS, *GONE], k=random.randint(1, 30))]
    model = PlaylistModel([], frozenset(GONE), at_once=7)
    target = Unreliable(model, random, lost=0.2)
    brought(target, wanted, Limits(at_once=7))
    assert model.uris == [entry.uri for entry in wanted if entry.uri not in GONE]


@pytest.mark.parametrize("seed", range(20))
def test_what_shows_later_is_waited_for(seed: int) -> None:
    """A playlist that shows a change only at the second look was not changed by somebody else."""
    random = Random(seed)
    wanted = some(random)
    model = PlaylistModel([(entry.uri, entry.added_at or 0) for entry in some(random)], at_once=3)
    assert brought(Unreliable(model, random, lagging=1), wanted) == model.uris


@pytest.mark.parametrize("seed", range(30))
def test_what_somebody_else_adds_is_not_lost(seed: int) -> None:
    """An edit by another client stops the command with what is there, and the same command goes on from it."""
    random = Random(seed)
    wanted = [Entry(uri) for uri in random.choices(TRACKS, k=12)]
    model = PlaylistModel([(uri, 1) for uri in random.choices(TRACKS, k=12)], at_once=3)
    target = Unreliable(model, random, edit=random.randint(0, 2))
    command = Convergence(target, wanted, LIMITS)
    with pytest.raises(EditedElsewhereError):
        command.run(target.read())
    assert "spotify:track:theirs" in model.uris
    brought(target, wanted)
    assert model.uris == [entry.uri for entry in wanted]


def test_an_api_that_never_answers_is_given_up() -> None:
    """After many lost answers in a row the command ends, with the API's last words."""
    target = Unreliable(PlaylistModel([]), Random(1), lost=2.0)
    with pytest.raises(ApiError, match="lost"):
        Convergence(target, [Entry(TRACKS[0])]).run(target.read())
    assert target.served == []


def test_a_rate_limit_ends_it() -> None:
    """What asks to wait passes through, and nothing more is sent."""

    @dataclass
    class Limited(Unreliable):
        def write(self, _step: Step, _snapshot_id: str | None) -> str | None:
            msg = "wait"
            raise TryLaterError(msg)

    with pytest.raises(TryLaterError, match="wait"):
        Convergence(Limited(PlaylistModel([]), Random(1)), [Entry(TRACKS[0])]).run(State([]))
