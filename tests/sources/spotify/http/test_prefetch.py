"""Work done ahead by other threads."""

from threading import Barrier, Event, Lock
from threading import enumerate as threads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.errors import Interrupted, PlaylakeError, TryLaterError
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.prefetch import Prefetcher


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 4), st.integers(0, 60))
def test_results_come_in_order_and_fit(sizes: list[int], workers: int, room: int) -> None:
    """All results come, in order, and never is more begun than there is room for, but for one job at a time."""
    lock, under_way, most = Lock(), [], 0

    def work(job: tuple[int, int]) -> tuple[int, int]:
        nonlocal most
        with lock:
            under_way.append(job[1])
            most = max(most, sum(under_way) if len(under_way) > 1 else 0)
        return job

    jobs = list(enumerate(sizes))
    done = []
    for job in Prefetcher(work, workers, lambda job: job[1], room, Cancellation()).results(jobs):
        done.append(job)
        with lock:
            under_way.remove(job[1])
    assert done == jobs
    assert workers == 1 or most <= room


def test_jobs_run_at_the_same_time() -> None:
    """Three jobs that wait for each other end, which they would not one by one."""
    barrier = Barrier(3)
    ahead: Prefetcher[str, tuple[str, bool]] = Prefetcher(
        lambda job: (job, barrier.wait(timeout=30) >= 0), 3, lambda _: 1, 10, Cancellation()
    )
    assert list(ahead.results("abc")) == [("a", True), ("b", True), ("c", True)]


def test_an_error_comes_in_its_turn() -> None:
    """What a job raises is raised when its result is asked for, after the results before it."""

    def work(job: int) -> int:
        return 1 // job

    results = Prefetcher(work, 2, lambda _: 1, 10, Cancellation()).results([1, 1, 0, 1])
    assert [next(results), next(results)] == [1, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_whoever_stops_leaves_no_thread_behind() -> None:
    """Closing the results ends the threads and drops what was not begun."""
    begun: list[int] = []
    gate = Event()

    def work(job: int) -> int:
        begun.append(job)
        assert job == 0 or gate.wait(timeout=30)
        return job

    before = set(threads())
    results = Prefetcher(work, 2, lambda _: 1, 100, Cancellation()).results(range(100))
    assert next(results) == 0
    started = set(threads()) - before
    assert len(started) == 2
    results.close()
    gate.set()
    for thread in started:
        thread.join(timeout=30)
        assert not thread.is_alive()
    assert len(begun) <= 5


def interrupted_by(error: PlaylakeError, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The results of three jobs, of which the second takes until the run is aborted and a while longer."""
    monkeypatch.setattr("sources.spotify.http.prefetch.GRACE", 0.0)
    cancellation, late = Cancellation(), Event()

    def work(job: int) -> int:
        if job == 1:
            assert late.wait(timeout=30)
        return job

    results = Prefetcher(work, 2, lambda _: 1, 100, cancellation).results(range(3))
    found = [next(results)]
    cancellation.abort(error)
    if not cancellation.is_urgent:
        late.set()
    found += results
    late.set()
    return found


def test_who_interrupts_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interruption results end before the first that takes too long; after a refusal all are taken."""
    assert interrupted_by(Interrupted("SIGINT", 130), monkeypatch) == [0]
    assert interrupted_by(TryLaterError("quota"), monkeypatch) == [0, 1, 2]
