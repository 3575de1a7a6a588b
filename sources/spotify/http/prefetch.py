"""Prefetching: jobs run ahead in other threads, with results in order."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from sources.spotify.http.cancellation import Cancellation

POLL = 0.2
"""Seconds between two looks whether the run was interrupted."""

GRACE = 2.0
"""Seconds that jobs under way may still take then."""

Job = TypeVar("Job")
Done = TypeVar("Done")


class Prefetcher(Generic[Job, Done]):
    """Runs jobs ahead in other threads, and yields their results in the order of the jobs.

    The threads do not keep the process alive: whoever is interrupted while they wait for a server ends at once,
    which those of `concurrent.futures.ThreadPoolExecutor` do not allow.

    Args:
        work: what to do with a job; runs in any thread.
        threads: how many.
        size: how much room a job's result takes.
        room: no job is begun before its turn if unfetched results and jobs under way might take more together.
        cancellation: once somebody interrupts the run, results end after those that finish within `GRACE` seconds.
            After any other abort jobs under way fail by themselves, and what they have finished is still taken.
    """

    def __init__(
        self,
        work: Callable[[Job], Done],
        threads: int,
        size: Callable[[Job], int],
        room: int,
        cancellation: Cancellation,
    ) -> None:
        self._work = work
        self._threads = threads
        self._size = size
        self._room = room
        self._queue: SimpleQueue[tuple[Future[Done], Job] | None] = SimpleQueue()
        self._cancellation = cancellation

    def results(self, jobs: Iterable[Job]) -> Generator[Done, None, None]:
        """The results; an exception of the work is raised in its turn. Closing the iterator ends the threads."""
        waiting = deque(jobs)
        for number in range(self._threads):
            Thread(target=self._serve, name=f"reader-{number}", daemon=True).start()
        try:
            yield from self._in_order(waiting)
        finally:
            for _ in range(self._threads):
                self._queue.put(None)

    def _in_order(self, waiting: deque[Job]) -> Iterator[Done]:
        begun: deque[tuple[Future[Done], int]] = deque()
        taken = 0
        try:
            while waiting or begun:
                while waiting and len(begun) < 2 * self._threads:
                    size = self._size(waiting[0])
                    if begun and taken + size > self._room:
                        break
                    future: Future[Done] = Future()
                    self._queue.put((future, waiting.popleft()))
                    begun.append((future, size))
                    taken += size
                future, size = begun.popleft()
                if not self._comes(future):
                    return
                yield future.result()
                # Only now has whoever asked for it done with it, so that there is room for more.
                del future
                taken -= size
        finally:
            for future, _ in begun:
                future.cancel()

    def _comes(self, future: Future[Done]) -> bool:
        """Waits for a result, but not for long once the run was interrupted."""
        while not self._cancellation.is_urgent:
            if wait((future,), POLL).done:
                return True
        return bool(wait((future,), GRACE).done)

    def _serve(self) -> None:
        while (job := self._queue.get()) is not None:
            future, what = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                done = self._work(what)
            except BaseException as error:  # raised where the result is asked for
                future.set_exception(error)
            else:
                future.set_result(done)
                del done
            del job, future, what
