"""The request log, bounded, so that a sandbox can run for weeks."""

from dataclasses import dataclass, field

LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A request that was answered; two are equal if they asked the same and got the same status.

    Attributes:
        method: in capitals.
        path: unquoted.
        query: its parameters; of a repeated one the last.
        status: of the answer; 0 where the connection broke before there was one.
        size: bytes of the answer's body as it was sent.
        at: seconds since 1970 by the clock of the sandbox.
        client_id: of the app whose token came along; empty without a valid one.
        faults: labels of the faults of the weather that it met.
    """

    method: str
    path: str
    query: dict[str, str]
    status: int
    size: int = field(default=0, compare=False)
    at: float = field(default=0, compare=False)
    client_id: str = field(default="", compare=False)
    faults: tuple[str, ...] = field(default=(), compare=False)


class RequestLog(list[RequestRecord]):
    """The last requests, the latest at the end; ``ever`` is how many there ever were."""

    def __init__(self, length: int = LENGTH) -> None:
        super().__init__()
        self.length = length
        self.ever = 0

    def append(self, record: RequestRecord) -> None:
        """Add a request; the oldest one goes when there are too many."""
        self.ever += 1
        super().append(record)
        if len(self) > self.length:
            del self[0]
