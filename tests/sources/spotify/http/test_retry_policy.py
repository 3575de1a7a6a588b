"""How long is waited, how often, and what is too long."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from sources.spotify.http.retry_policy import (
    LONGEST_WAIT,
    REFUND,
    RETRIES,
    RetryBudget,
    RetryPolicy,
    wait_after_refusal,
)
from sources.spotify.http.transport import Answer

QUOTA = b'{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}'


def answer(status: int, asked: str | None = None, body: bytes = b"") -> Answer:
    """An answer with a `Retry-After` header, or without."""
    headers = {} if asked is None else {"Retry-After": asked}
    return Answer(status, body, headers, received_at=datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_waits_grow_up_to_a_limit(jitter: float) -> None:
    """Each is longer than the one before, and none is longer than the longest; chance takes at most half away."""
    waits = [RetryPolicy(300.0, lambda: jitter).back_off(failures) for failures in range(20)]
    assert all(one < other or other == waits[-1] for one, other in pairwise(waits))
    assert waits[-1] == LONGEST_WAIT * (1 + jitter) / 2


@pytest.mark.parametrize(
    ("given", "too_long"),
    [
        (answer(429, "300"), False),
        (answer(429, "301"), True),
        (answer(503, "79200"), True),
        (answer(429), False),
        (answer(502), False),
        (answer(429, "1", QUOTA), True),
        (answer(503, None, QUOTA), False),
    ],
)
def test_what_is_too_long(given: Answer, *, too_long: bool) -> None:
    """A wait above the setting, whatever the status, and a used-up quota, whatever it asks for."""
    assert RetryPolicy(300.0).is_too_long(given) is too_long


def test_a_service_is_not_asked_in_the_same_instant() -> None:
    """After a 429 the longer of both waits counts."""
    assert [wait_after_refusal(0.5, asked) for asked in (None, 0.0, 0.2, 7.0)] == [0.5, 0.5, 0.5, 7.0]


def test_successes_refund_retries() -> None:
    """Ten requests that went well are worth one retry."""
    budget = RetryBudget()
    assert all(budget.spend() for _ in range(RETRIES))
    for _ in range(REFUND):
        budget.refund()
    assert [budget.spend(), budget.spend()] == [True, False]
