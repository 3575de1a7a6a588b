"""A fault, as data."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sources.spotify_sandbox.errors import WeatherError
from sources.spotify_sandbox.weather.kind import Kind
from sources.spotify_sandbox.weather.kinds import KINDS

EVERYTHING = "/v1/**"


class Fault:
    """Something that goes wrong, and at which requests.

    Example:
        ```python
        Fault("rate_limit", calls=20)
        Fault("server_error", path="/v1/playlists/*/items", nth=[2, 3], status=503, body="html")
        Fault("latency", probability=0.1, seconds=2)
        ```

    Args:
        kind: One of ``KINDS``.
        path: Which paths it is meant for: ``*`` is a part of a path, ``**`` any number of them.
        method: Which method; ``*`` is any.
        phase: In which phase of the weather (``Weather.phase``) it happens; in every one if not given.
        after: How many of those requests are spared before it begins.
        nth: At which of the others it happens, from 1 on; at all of them if empty.
        probability: How likely it is at each of those requests, from 0 to 1.
        times: After how many times it is over.
        **options: Those of the kind.

    Raises:
        WeatherError: There is no such kind, or option, or the values make no sense.
    """

    def __init__(
        self,
        kind: str,
        *,
        path: str = EVERYTHING,
        method: str = "*",
        phase: str | None = None,
        after: int = 0,
        nth: Sequence[int] = (),
        probability: float = 1.0,
        times: int | None = None,
        **options: Any,
    ) -> None:
        self.kind = _kind(kind)
        self.path = path
        self.method = method.upper()
        self.phase = phase
        self.after = after
        self.nth = tuple(nth)
        self.probability = probability
        self.times = times
        self.options = {**self.kind.options, **options}
        self._pattern = re.compile(_expression(path))
        self._check(options)

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in self.to_json().items() if name != "kind")
        return f"Fault({self.kind.name!r}{', ' if said else ''}{said})"

    @property
    def declared(self) -> int | None:
        """How often it will happen, if that is said."""
        if not self.nth:
            return self.times
        return len(self.nth) if self.times is None else min(self.times, len(self.nth))

    def fits(self, method: str, path: str, phase: str | None) -> bool:
        """Whether the fault is meant for a request in a phase."""
        return (
            self.method in {"*", method}
            and (self.phase is None or self.phase == phase)
            and self._pattern.fullmatch(path) is not None
        )

    def to_json(self) -> dict[str, Any]:
        """What was said of the fault, as ``Fault(**…)`` takes it."""
        said: dict[str, tuple[Any, Any]] = {
            "path": (self.path, EVERYTHING),
            "method": (self.method, "*"),
            "phase": (self.phase, None),
            "after": (self.after, 0),
            "nth": (list(self.nth), []),
            "probability": (self.probability, 1.0),
            "times": (self.times, None),
        }
        return (
            {"kind": self.kind.name}
            | {name: value for name, (value, usual) in said.items() if value != usual}
            | {name: value for name, value in self.options.items() if value != self.kind.options[name]}
        )

    @classmethod
    def from_json(cls, said: object) -> "Fault":
        """The fault that ``to_json`` wrote, or somebody by hand."""
        if not isinstance(said, Mapping) or not isinstance(said.get("kind"), str):
            message = f"a fault is an object with a kind, not {said!r}"
            raise WeatherError(message)
        try:
            return cls(**said)
        except (TypeError, ValueError) as error:
            message = f"fault {said['kind']}: {error}"
            raise WeatherError(message) from None

    def _check(self, options: Mapping[str, Any]) -> None:
        for name in options:
            if name not in self.kind.options:
                known = ", ".join(self.kind.options) or "none"
                message = f"{self.kind.name} has no option {name!r}: it has {known}"
                raise WeatherError(message)
        if not 0 <= self.probability <= 1:
            message = f"{self.kind.name}: a probability lies between 0 and 1, not at {self.probability}"
            raise WeatherError(message)
        if any(number < 1 for number in self.nth) or (self.times is not None and self.times < 0):
            message = f"{self.kind.name}: requests are counted from 1 on"
            raise WeatherError(message)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        message = f"no kind of fault {name!r}: choose one of {', '.join(KINDS)}"
        raise WeatherError(message)
    return KINDS[name]


def _expression(path: str) -> str:
    parts = (".*" if part == "**" else "[^/]*" if part == "*" else re.escape(part) for part in re.split(r"(\*+)", path))
    return "".join(parts)
