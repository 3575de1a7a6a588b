"""A fault: what goes wrong, and for which requests; as data."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from sources.spotify_sandbox.errors import WeatherError
from sources.spotify_sandbox.faults.kind import Kind
from sources.spotify_sandbox.faults.kinds import KINDS

EVERYTHING = "/v1/**"

_Number = Annotated[int, Meta(ge=1)]
LIMITS: dict[str, Any] = {
    "path": str,
    "method": str,
    "phase": str | None,
    "after": Annotated[int, Meta(ge=0)],
    "nth": Sequence[_Number],
    "probability": Annotated[float, Meta(ge=0, le=1)],
    "times": Annotated[int, Meta(ge=0)] | None,
}
"""Fields of every fault that select requests, with their types."""


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
        path: The paths to which it applies: ``*`` is a part of a path, ``**`` any number of them.
        method: Which method; ``*`` is any.
        phase: In which phase of the fault profile (``Weather.phase``) it happens; in every one if not given.
        after: How many of those requests are spared before it begins.
        nth: At which of the others it happens, from 1 on; at all of them if empty.
        probability: How likely it is at each of those requests, from 0 to 1.
        times: The number of times after which it ends.
        **options: Those of the kind.

    Raises:
        WeatherError: The kind or an option is unknown, or a value is invalid.
    """

    def __init__(
        self,
        kind: str,
        /,
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
        limits = {
            "path": path,
            "method": method,
            "phase": phase,
            "after": after,
            "nth": nth,
            "probability": probability,
            "times": times,
        }
        _check(kind, limits, LIMITS)
        _check(kind, options, {name: type_ for name, (type_, _) in self.kind.options.items()})
        if self.kind.judges and (nth or times is not None or probability != 1):
            message = f"{kind} decides by itself which requests it meets: leave out nth, times and probability"
            raise WeatherError(message)
        self.path = path
        self.method = method.upper()
        self.phase = phase
        self.after = after
        self.nth = tuple(nth)
        self.probability = probability
        self.times = times
        self.options = self.kind.defaults | options
        self._pattern = re.compile(_expression(path))

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.to_json().items() if name != "kind")
        return f"Fault({self.kind.name!r}{', ' if arguments else ''}{arguments})"

    @property
    def declared(self) -> int | None:
        """How often it will happen, if that is declared."""
        if not self.nth:
            return self.times
        return len(self.nth) if self.times is None else min(self.times, len(self.nth))

    def fits(self, method: str, path: str, phase: str | None) -> bool:
        """Whether the fault applies to a request in a phase."""
        return (
            self.method in {"*", method}
            and (self.phase is None or self.phase == phase)
            # Clients may end a path with a slash.
            and self._pattern.fullmatch(path.rstrip("/") or "/") is not None
        )

    def to_json(self) -> dict[str, Any]:
        """The fields of the fault that were set, with its kind."""
        limits: dict[str, tuple[Any, Any]] = {
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
            | {name: value for name, (value, usual) in limits.items() if value != usual}
            | {name: value for name, value in self.options.items() if value != self.kind.defaults[name]}
        )

    @classmethod
    def from_json(cls, stated: object) -> "Fault":
        """The fault in JSON as ``to_json`` writes it, or as written by hand."""
        if not isinstance(stated, Mapping) or not isinstance(stated.get("kind"), str):
            message = f"a fault is an object with a kind, not {stated!r}"
            raise WeatherError(message)
        return cls(stated["kind"], **{name: value for name, value in stated.items() if name != "kind"})


def _check(kind: str, values: Mapping[str, Any], types: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in types:
            message = f"{kind} has no option {name!r}: it has {', '.join(types) or 'none'}"
            raise WeatherError(message)
        try:
            msgspec.convert(value, types[name])
        except msgspec.ValidationError as error:
            message = f"{kind}: {name} is {value!r}. {error}"
            raise WeatherError(message) from None


def _kind(name: str) -> Kind:
    if name not in KINDS:
        message = f"no kind of fault {name!r}: choose one of {', '.join(KINDS)}"
        raise WeatherError(message)
    return KINDS[name]


def _expression(path: str) -> str:
    parts = (".*" if part == "**" else "[^/]*" if part == "*" else re.escape(part) for part in re.split(r"(\*+)", path))
    return "".join(parts)
