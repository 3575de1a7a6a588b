"""How a run is aborted."""

import signal
import threading
from types import FrameType

import pytest

from sources.errors import Interrupted, PlaylakeError, TryLaterError
from sources.spotify.http.cancellation import Cancellation


def test_the_first_error_is_the_one_that_is_raised() -> None:
    """However many errors abort a run, everybody raises the first."""
    cancellation, first = Cancellation(), TryLaterError("quota")
    cancellation.check()
    assert cancellation.abort(first) is first
    assert cancellation.abort(TryLaterError("another")) is first
    for _ in range(2):
        with pytest.raises(TryLaterError) as raised:
            cancellation.check()
        assert raised.value is first


def test_all_waits_end() -> None:
    """An abort wakes every thread that waits, and nobody waits after it."""
    cancellation = Cancellation()
    threads = [threading.Thread(target=cancellation.wait, args=(3600.0,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    cancellation.abort(PlaylakeError("over"))
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive()
    cancellation.wait(3600.0)


def test_a_signal_handler_may_abort_the_wait_of_its_own_thread() -> None:
    """What a signal interrupts is a wait that ends, and no lock that its handler waits for."""
    cancellation, error = Cancellation(), Interrupted("SIGALRM", 142)

    def handle(_number: int, _frame: FrameType | None) -> None:
        cancellation.abort(error)

    before = signal.signal(signal.SIGALRM, handle)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        cancellation.wait(3600.0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
    assert cancellation.error is error


def test_only_interruptions_are_urgent() -> None:
    """After a refusal, running requests may finish; after an interruption, also a later one, they may not."""
    cancellation = Cancellation()
    cancellation.abort(TryLaterError("quota"))
    assert not cancellation.is_urgent
    cancellation.abort(Interrupted("SIGINT", 130))
    assert cancellation.is_urgent


def test_a_wait_without_an_abort() -> None:
    """Without an abort a wait lasts as long as requested."""
    waits: list[float] = []
    cancellation = Cancellation(waits.append)
    cancellation.wait(7.0)
    Cancellation().wait(0.001)
    cancellation.abort(PlaylakeError("over"))
    cancellation.wait(8.0)
    assert waits == [7.0]
