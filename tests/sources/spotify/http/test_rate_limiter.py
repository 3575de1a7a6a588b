"""How fast requests may go."""

from itertools import pairwise
from random import Random

import pytest

from sources.spotify.http.rate_limiter import FALSE_ALARM_INTERVAL, MIN_REQUESTS, RETRY_INTERVAL, RateLimiter
from tests.sources.spotify.simulated_server import Simulation


@pytest.mark.parametrize("workers", [4, 8])
@pytest.mark.parametrize(
    ("allowed", "window", "says_when"),
    [(10, 1.0, True), (50, 5.0, True), (100, 10.0, True), (90, 30.0, True), (300, 30.0, True), (300, 30.0, False)],
)
def test_the_allowed_rate_is_learnt(allowed: int, window: float, says_when: bool, workers: int) -> None:
    """Twice a limit is met, then seldom; and all but a twentieth of what the server allows is used."""
    requests = max(600, 4 * allowed)
    server = Simulation(requests, lambda _: allowed, window, workers=workers, says_when=says_when)
    assert server.run() <= 1.05 * server.least()
    lessons = [late for early, late in pairwise([float("-inf"), *server.refusals]) if late - early > 1]
    assert lessons[0] < 2 * window + 2 * FALSE_ALARM_INTERVAL
    assert all(late - early >= RETRY_INTERVAL for early, late in pairwise(lessons[1:]))


def test_strays_are_distinguished_from_a_limit() -> None:
    """Where one request in two hundred is refused for no reason, a run takes three times as long at most, not ten."""
    for seed in range(5):
        server = Simulation(4000, lambda _: 10**6, 30.0, strays=0.005, random=Random(seed))
        assert server.run() < 3 * server.least()


def test_a_limit_that_falls_is_followed() -> None:
    """When the server allows a fifth of what it did, the rest takes the time that this needs, and a few seconds."""
    server = Simulation(400, lambda time: 10 if time < 15 else 2, 1.0)
    assert server.run() < 15 + (400 - 150) / 2 * 1.05 + 10
    assert len([at for at in server.refusals if 30 < at < 150]) <= 1


def test_no_limit_before_a_refusal() -> None:
    """Without a refusal no request waits."""
    limiter = RateLimiter(lambda: 0.0)
    assert {limiter.turn() for _ in range(10_000)} == {(0.0, 0.0)}


def test_requests_refused_together_are_one_lesson() -> None:
    """Requests that are refused at the same time lower the limit once, and all wait."""
    time = 0.0
    limiter = RateLimiter(lambda: time)
    for number in range(100):
        time = number / 100
        limiter.turn()
    time = 1.0
    for number in range(96, 100):
        limiter.refused(number / 100, 5.0)
    assert limiter.limit == 96
    assert limiter.turn() == (5.0, 1.0)


@pytest.mark.parametrize("before", [1, 40, 400])
def test_stray_refusals_do_not_throttle(before: int) -> None:
    """Where refusals have nothing to do with the rate, three of them cost a run a minute at most."""
    time = 0.0
    limiter = RateLimiter(lambda: time)
    for number in range(3 * before + 300):
        wait, at = limiter.turn()
        while wait > 0:
            time += wait
            wait, at = limiter.turn()
        time += 0.05
        if number in (before, 2 * before, 3 * before):
            limiter.refused(at, 1.0)
    assert time - (3 * before + 300) * 0.05 < 60


def test_a_few_are_always_tried() -> None:
    """However early a refusal comes, some requests are sent in each window."""
    time = 0.0
    limiter = RateLimiter(lambda: time)
    limiter.turn()
    limiter.refused(0.0, 1.0)
    time = 1.0
    assert [limiter.turn()[0] for _ in range(MIN_REQUESTS)] == [0.0] * MIN_REQUESTS
    assert limiter.turn()[0] == FALSE_ALARM_INTERVAL
