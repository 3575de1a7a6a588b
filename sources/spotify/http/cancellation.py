"""Cancellation: the one place that knows that a run is aborted, checked by everything that sends or waits."""

from collections.abc import Callable
from queue import Empty, SimpleQueue

from sources.errors import Interrupted, PlaylakeError


class Cancellation:
    """Ends requests and waits in all threads.

    It works without locks: a signal handler may abort while its own thread is waiting here, which
    `threading.Event` does not survive and `SimpleQueue` promises to.

    Args:
        sleep: how to wait, in seconds; by default until then or until the run is aborted.
    """

    def __init__(self, sleep: Callable[[float], object] | None = None) -> None:
        self._sleep = sleep or self._wait
        self._errors: list[PlaylakeError] = []
        self._signal: SimpleQueue[None] = SimpleQueue()

    @property
    def error(self) -> PlaylakeError | None:
        """The first error that aborted the run; null as long as none did."""
        return self._errors[0] if self._errors else None

    @property
    def is_urgent(self) -> bool:
        """Whether somebody interrupted the run, and so is waiting for its end."""
        return any(isinstance(error, Interrupted) for error in self._errors)

    def abort(self, error: PlaylakeError) -> PlaylakeError:
        """Abort: every pending and future request, in all threads, raises this error. Also for signal handlers.

        Returns:
            The error to raise: the first one, so that a refusal that several threads meet is reported once.
        """
        self._errors.append(error)
        self._signal.put(None)
        return self._errors[0]

    def check(self) -> None:
        """Raises the error that aborted the run, if one did.

        Raises:
            PlaylakeError: the run was aborted.
        """
        if self._errors:
            raise self._errors[0]

    def wait(self, seconds: float) -> None:
        """Waits, but no longer than until the run is aborted."""
        if not self._errors:
            self._sleep(seconds)

    def _wait(self, seconds: float) -> None:
        try:
            self._signal.get(timeout=seconds)
        except Empty:
            return
        # Others are waiting for it, too.
        self._signal.put(None)
