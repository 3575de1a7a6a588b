"""Counts requests, in all and by thread."""

from threading import Lock, local


class RequestCounter:
    """Counts requests, repeated ones and those for tokens too. Any thread may count and ask.

    Attributes:
        total: how many were sent.
    """

    def __init__(self) -> None:
        self.total = 0
        self._here = local()
        self._lock = Lock()

    @property
    def here(self) -> int:
        """How many the calling thread has sent, or had sent for its sake."""
        return getattr(self._here, "sent", 0)

    def add(self, number: int = 1) -> None:
        """Counts requests of the calling thread."""
        with self._lock:
            self.total += number
        self.attribute(number)

    def attribute(self, number: int) -> None:
        """Adds to the calling thread's count what other threads have sent for its sake."""
        self._here.sent = self.here + number
