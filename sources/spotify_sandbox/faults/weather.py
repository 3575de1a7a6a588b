"""A fault profile, `Weather`: which faults a sandbox injects, and how often each was injected."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from sources.spotify_sandbox.errors import WeatherError, unauthorized
from sources.spotify_sandbox.faults.fault import Fault
from sources.spotify_sandbox.faults.kind import Condition, Stage
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.http.exchange import Exchange
from sources.spotify_sandbox.world.timestamps import Clock
from sources.spotify_sandbox.world.world import World

Sleep = Callable[[float], Awaitable[None]]


class Weather:
    """A fault profile. The seed and the order of the requests decide into which requests faults are injected.

    Example:
        ```python
        weather = Weather([Fault("server_error", nth=[3], status=502), Fault("short_page", probability=0.2)], seed=1)
        with Sandbox(world, weather=weather) as api:
            ...
        assert weather.unmet == {}
        ```

    Args:
        faults: What goes wrong. If several would replace the answer, the first one does.
        seed: Decides where probabilities come in.
        phase: Faults with a phase of their own happen only in that one; may be set at any time.
        clock: The time of rate limits and lags; that of the sandbox if not given.
        sleep: How ``latency`` waits.
    """

    def __init__(
        self,
        faults: Iterable[Fault] = (),
        seed: int = 0,
        *,
        phase: str | None = None,
        clock: Clock | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.seed = seed
        self.phase = phase
        self.sleep = sleep
        self.expired: set[str] = set()
        self._clock = clock
        self._world: World | None = None
        self._conditions: list[Condition] = []
        for fault in faults:
            same = sum(condition.fault.kind is fault.kind for condition in self._conditions)
            label = fault.kind.name if same == 0 else f"{fault.kind.name} {same + 1}"
            self._conditions.append(Condition(fault, label, self))

    def __repr__(self) -> str:
        return f"Weather({[condition.fault for condition in self._conditions]!r}, seed={self.seed})"

    @property
    def planned(self) -> dict[str, int]:
        """How often each fault is to happen, by its label: its kind, and from the second of that kind on a number."""
        return {condition.label: condition.planned for condition in self._conditions}

    @property
    def met(self) -> dict[str, int]:
        """How often each fault was injected, by its label."""
        return {condition.label: condition.met for condition in self._conditions}

    @property
    def unmet(self) -> dict[str, int]:
        """How often each fault was planned and not injected; empty when all were injected."""
        planned, met = self.planned, self.met
        return {label: planned[label] - met[label] for label in planned if planned[label] > met[label]}

    @property
    def world(self) -> World:
        """The world of the sandbox that has this profile."""
        if self._world is None:
            message = "this weather is attached to no sandbox yet"
            raise WeatherError(message)
        return self._world

    @property
    def now(self) -> datetime:
        """The time."""
        return (self._clock or self.world.clock)()

    def attach(self, world: World, clock: Clock | None) -> None:
        """Attach the profile to a world; its clock is used if none was given."""
        self._world = world
        self._clock = self._clock or clock

    def due(self, exchange: Exchange) -> list[Condition]:
        """The faults to inject into a request. Each call counts a request, so call it once for each."""
        if exchange.headers.get("authorization") in self.expired and exchange.path.startswith("/v1/"):
            exchange.response = answers.failed(unauthorized("The access token expired"))
            return []
        return [condition for condition in self._conditions if condition.meets(exchange)]

    def inject(self, due: list[Condition], exchange: Exchange, stage: Stage) -> None:
        """Inject the faults of one stage."""
        for condition in due:
            if condition.fault.kind.stage != stage or (stage in {"instead", "world"} and exchange.response is not None):
                continue
            if condition.fault.kind.act(condition, exchange):
                condition.met += 1
                exchange.faults = (*exchange.faults, condition.label)

    def to_json(self) -> dict[str, Any]:
        """Seed, phase and faults, each with how often it was planned and injected."""
        faults = [
            {"label": condition.label}
            | condition.fault.to_json()
            | {"planned": condition.planned, "met": condition.met}
            for condition in self._conditions
        ]
        return {"seed": self.seed, "phase": self.phase, "faults": faults}

    @classmethod
    def from_json(cls, value: object) -> "Weather":
        """The fault profile in JSON: ``{"seed":1,"phase":null,"faults":[{"kind":"cut"}]}``."""
        if not isinstance(value, dict) or not value.keys() <= {"seed", "phase", "faults"}:
            message = "a weather is an object of seed, phase and faults"
            raise WeatherError(message)
        seed, phase, faults = value.get("seed", 0), value.get("phase"), value.get("faults", [])
        if not isinstance(seed, int) or not isinstance(phase, str | None) or not isinstance(faults, list):
            message = "a weather's seed is a number, its phase a text or null, its faults are a list"
            raise WeatherError(message)
        counts = {"label", "planned", "met"}
        stated = [
            {key: fault[key] for key in fault.keys() - counts} if isinstance(fault, dict) else fault for fault in faults
        ]
        return cls(map(Fault.from_json, stated), seed, phase=phase)
