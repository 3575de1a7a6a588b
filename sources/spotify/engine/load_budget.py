"""How large one load of a long run may get."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.spotify.engine.run import Run


@dataclass(frozen=True, slots=True)
class LoadBudget:
    """The maximum size of one load of a long run, so that a killed run loses minutes and not hours.

    Attributes:
        requests: after so many the load is complete.
        duration: after so long, too.
    """

    requests: int = 2500
    duration: timedelta = timedelta(minutes=2)

    def started(self, run: "Run") -> Callable[[], bool]:
        """Starts a load; the returned function says whether it is full."""
        requests, ends = run.client.requests + self.requests, run.now() + self.duration
        return lambda: run.client.requests >= requests or run.now() >= ends
