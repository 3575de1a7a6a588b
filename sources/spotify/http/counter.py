"""Counts requests, in total and by thread."""

from threading import Lock, local


class RequestCounter:
    """Counts requests, including retries and token requests. Thread-safe.

    Attributes:
        total: number of requests sent.
    """

    def __init__(self) -> None:
        self.total = 0
        self._here = local()
        self._lock = Lock()

    @property
    def here(self) -> int:
        """Number of requests that the calling thread has sent, or others on its behalf."""
        return getattr(self._here, "sent", 0)

    def add(self, number: int = 1) -> None:
        """Counts a request of the calling thread."""
        with self._lock:
            self.total += number
        self.attribute(number)

    def attribute(self, number: int) -> None:
        """Adds to the calling thread's count what other threads have sent for its sake."""
        self._here.sent = self.here + number
