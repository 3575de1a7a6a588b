"""How fast requests may go."""

from dataclasses import dataclass, field
from random import Random

import pytest

from sources.errors import TryLaterError
from sources.spotify.pacing import FEWEST, SOON, WINDOW, Pace


@dataclass
class Server:
    """Allows so many requests in a rolling window, and asks for a wait otherwise."""

    allowed: int
    time: float = 0.0
    served: list[float] = field(default_factory=list)
    refusals: int = 0

    def ask(self, pace: Pace) -> None:
        """One request, repeated until it is served; time passes only by waiting."""
        while True:
            while (wait := pace.turn()) > 0:
                self.time += wait
            recent = [at for at in self.served if at > self.time - WINDOW]
            if len(recent) < self.allowed:
                self.served.append(self.time)
                return
            self.refusals += 1
            pace.refused(3.0)


@pytest.mark.parametrize("allowed", [15, 90, 400])
def test_the_allowed_rate_is_learnt(allowed: int) -> None:
    """Nearly all that the server allows is used, and few requests are refused, whatever it allows."""
    server = Server(allowed)
    pace, random = Pace(lambda: server.time), Random(1)
    requests = 20 * allowed
    for _ in range(requests):
        server.time += random.random() * WINDOW / allowed / 10
        server.ask(pace)
    windows = server.time / WINDOW
    assert server.refusals <= windows
    assert requests / windows > 0.6 * allowed


def test_no_limit_before_a_refusal() -> None:
    """Where nothing was refused nothing waits."""
    pace = Pace(lambda: 0.0)
    assert {pace.turn() for _ in range(10_000)} == {0.0}


def test_requests_refused_together_are_one_lesson() -> None:
    """Threads whose requests are refused at the same time do not each lower the limit, and all wait."""
    time = 0.0
    pace = Pace(lambda: time)
    for _ in range(100):
        pace.turn()
    for _ in range(4):
        pace.refused(5.0)
    assert pace.limit == 90
    assert pace.turn() == 5.0


@pytest.mark.parametrize("before", [1, 40, 400])
def test_stray_refusals_do_not_throttle(before: int) -> None:
    """Where refusals have nothing to do with the rate, three of them cost a run a minute at most."""
    time = 0.0
    pace = Pace(lambda: time)
    for number in range(3 * before + 300):
        while (wait := pace.turn()) > 0:
            time += wait
        time += 0.05
        if number in (before, 2 * before, 3 * before):
            pace.refused(1.0)
    assert time - (3 * before + 300) * 0.05 < 60


def test_a_few_are_always_tried() -> None:
    """However early a refusal comes, some requests are sent in each window."""
    time = 0.0
    pace = Pace(lambda: time)
    pace.turn()
    pace.refused(1.0)
    time = 1.0
    assert [pace.turn() for _ in range(FEWEST - 1)] == [0.0] * (FEWEST - 1)
    assert pace.turn() == SOON


def test_after_the_end_nothing_goes() -> None:
    """The first reason to stop is given to everybody who asks."""
    pace = Pace(lambda: 0.0)
    first = TryLaterError("quota")
    pace.end(first)
    pace.end(TryLaterError("another"))
    for _ in range(2):
        with pytest.raises(TryLaterError) as raised:
            pace.turn()
        assert raised.value is first
