"""The declaration of a kind of fault, and the counters of an active fault."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from sources.spotify_sandbox.http.exchange import Exchange
from sources.spotify_sandbox.world.world import World

if TYPE_CHECKING:
    from sources.spotify_sandbox.faults.fault import Fault
    from sources.spotify_sandbox.faults.weather import Weather

Stage = Literal["wire", "instead", "world", "after"]
"""When a fault is injected: on the wire, in place of the answer, before the answer is written, or after."""

BEFORE: tuple[Stage, ...] = ("wire", "instead", "world")
"""The stages before the answer is written, in their order."""

Act = Callable[["Condition", Exchange], bool]
"""Injects the fault into an exchange; returns whether anything changed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault, one entry in the table of kinds.

    Attributes:
        name: as faults call it.
        doc: what a client sees, in a line.
        stage: when it is injected.
        act: injects it.
        options: further options of a fault of this kind: the type and the default of each.
        judges: whether ``act`` looks at every request and decides itself when the fault is due.
    """

    name: str
    doc: str
    stage: Stage
    act: Act
    options: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    judges: bool = False

    @property
    def defaults(self) -> dict[str, Any]:
        """The default options."""
        return {name: default for name, (_, default) in self.options.items()}


class Condition:
    """An active fault: how many requests it matched, how often it was due and met, and its memory.

    Attributes:
        matched: requests that its pattern fits, so far.
        due: how often it was due, so far.
        met: how often it changed what a client saw, so far.
        memory: state of the kind's own.
    """

    def __init__(self, fault: "Fault", label: str, weather: "Weather") -> None:
        self.fault = fault
        self.label = label
        self.weather = weather
        self.matched = 0
        self.due = 0
        self.met = 0
        self.memory: dict[str, Any] = {}

    @property
    def planned(self) -> int:
        """How often it should happen: as ``nth`` or ``times`` declare, else how often it was due so far."""
        return self.due if self.fault.declared is None else self.fault.declared

    @property
    def now(self) -> datetime:
        """The time of the sandbox."""
        return self.weather.now

    @property
    def world(self) -> World:
        """The world that is served."""
        return self.weather.world

    @property
    def random(self) -> Random:
        """A random source derived from the seed, the fault and the request's number."""
        return Random(self._draw())  # noqa: S311 - the same seed must give the same faults

    def option(self, name: str) -> Any:
        """The value of an option: the fault's, or the default of its kind."""
        return self.fault.options[name]

    def meets(self, exchange: Exchange) -> bool:
        """Whether the fault is due at a request, which is counted if the pattern fits."""
        fault = self.fault
        if not fault.fits(exchange.method, exchange.path, self.weather.phase):
            return False
        self.matched += 1
        number = self.matched - fault.after
        if number < 1:
            return False
        if fault.kind.judges:
            return True
        if fault.times is not None and self.met >= fault.times:
            return False
        if fault.nth and number not in fault.nth:
            return False
        if fault.probability < 1 and self._draw() >= fault.probability * 2**64:
            return False
        self.due += 1
        return True

    def _draw(self) -> int:
        text = f"{self.weather.seed}/{self.label}/{self.matched}".encode()
        return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
