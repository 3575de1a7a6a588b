"""A server with a limit, and workers that ask it, in simulated time."""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from random import Random

from sources.spotify.http.rate_limiter import RateLimiter


@dataclass
class Simulation:
    """Workers who share a limiter, and a server that allows so many requests in a rolling window.

    Attributes:
        requests: how many to get served.
        allowed: how many requests the server allows in a window, by the time.
        window: its length in seconds.
        latency: seconds from asking to the answer.
        jitter: part of the latency by which it varies.
        workers: how many requests may be under way.
        strays: part of the requests that are refused for no reason, with a wait of a second.
        says_when: whether refusals say how long to wait.
        random: numbers for the jitter.
    """

    requests: int
    allowed: Callable[[float], int]
    window: float
    latency: float = 0.1
    jitter: float = 0.2
    workers: int = 4
    strays: float = 0.0
    says_when: bool = True
    random: Random = field(default_factory=lambda: Random(1))
    time: float = 0.0
    refusals: list[float] = field(default_factory=list)
    _served: deque[float] = field(default_factory=deque)

    def run(self) -> float:
        """Asks until all are served, and gives the seconds that took."""
        limiter = RateLimiter(lambda: self.time)
        order = count()
        # What happens next: a worker asks for a turn, its request arrives, its answer arrives.
        events: list[tuple[float, int, str, float, float | None]] = []
        for _ in range(self.workers):
            heapq.heappush(events, (0.0, next(order), "ask", 0.0, None))
        left, done = self.requests, 0
        while done < self.requests:
            self.time, _, kind, sent_at, asked = heapq.heappop(events)
            if kind == "ask":
                if left == 0:
                    continue
                wait, _ = limiter.turn()
                if wait > 0:
                    heapq.heappush(events, (self.time + wait, next(order), "ask", 0.0, None))
                else:
                    left -= 1
                    heapq.heappush(events, (self.time + self._travel(), next(order), "arrive", self.time, None))
            elif kind == "arrive":
                heapq.heappush(events, (self.time + self._travel(), next(order), "answer", sent_at, self._decide()))
            else:
                if asked is None:
                    done += 1
                    limiter.served(sent_at)
                else:
                    left += 1
                    self.refusals.append(self.time)
                    said = asked if self.says_when else None
                    limiter.refused(sent_at, max(0.5, said or 0.0), said)
                heapq.heappush(events, (self.time, next(order), "ask", 0.0, None))
        return self.time

    def least(self) -> float:
        """The seconds that it takes somebody who knows the limit, which must not change."""
        served: list[float] = []
        free = [0.0] * self.workers
        for number in range(self.requests):
            begin = heapq.heappop(free)
            arrives = begin + self.latency / 2
            if number >= self.allowed(0.0):
                arrives = max(arrives, served[number - self.allowed(0.0)] + self.window)
            served.append(arrives)
            heapq.heappush(free, arrives + self.latency / 2)
        return served[-1] + self.latency / 2

    def _travel(self) -> float:
        return self.latency / 2 * (1 + self.jitter * (self.random.random() - 0.5))

    def _decide(self) -> float | None:
        """None for a request that is served, else how long to wait, as the server says it."""
        if self.random.random() < self.strays:
            return 1.0
        while self._served and self._served[0] <= self.time - self.window:
            self._served.popleft()
        if len(self._served) < self.allowed(self.time):
            self._served.append(self.time)
            return None
        return max(1, ceil(self._served[0] + self.window - self.time))
