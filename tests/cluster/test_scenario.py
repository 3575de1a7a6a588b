"""When the scenario of `make cluster` may kill a worker."""

import pytest

from tests.cluster.outcome import Attempt
from tests.cluster.scenario import LIMITED, REVOKED, may_be_killed


@pytest.mark.parametrize(
    ("limited", "revoked", "others", "expected"),
    [
        ("up_for_reschedule", "failed", "success", True),
        ("success", "failed", "success", True),
        ("running", "failed", "success", False),
        ("queued", "failed", "success", False),
        ("up_for_reschedule", "running", "success", False),
        ("up_for_reschedule", "failed", "running", False),
        (None, None, None, False),
    ],
)
def test_a_worker_is_killed_when_other_failures_are_over(
    limited: str | None, revoked: str | None, others: str | None, *, expected: bool
) -> None:
    """The accounts with a rate limit and without consent have met them, and their tasks cannot be killed, too."""
    states = dict.fromkeys(range(8), others) | {LIMITED: limited, REVOKED: revoked}
    latest = [Attempt(f"artist_{number}", 1, state, "worker-1", number) for number, state in states.items()]
    assert may_be_killed(latest) is expected


def test_nobody_is_killed_before_there_are_tasks() -> None:
    """Where the tasks are not there yet, nothing is done, so nothing may be killed."""
    assert not may_be_killed([])
