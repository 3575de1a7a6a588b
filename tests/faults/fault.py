"""The declaration of a fault: one entry in the registry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sources.spotify_sandbox import Fault as Weathered
from sources.spotify_sandbox import World
from tests.faults.injection import Injection
from tests.faults.scene import Scene

Kind = Literal["HTTP", "data", "library", "process", "disk", "recovery", "clock"]
Phase = Literal["listing", "reading", "extract", "normalise", "load"]

PHASES: tuple[Phase, ...] = ("listing", "reading", "extract", "normalise", "load")
HTTP_PHASES: tuple[Phase, ...] = ("listing", "reading")
DISK_PHASES: tuple[Phase, ...] = ("extract", "normalise", "load")
DESTINATIONS = ("duckdb", "parquet")

HISTORY = (
    *("playlist_additions", "playlist_snapshots", "playlist_item_history", "playlist_changes"),
    *("playlists", "playlist_reads"),
    *("addition_details", "item_history", "item_changes"),
)
"""Where a state is kept for good that was never real, but seen; and that all playlists were read once more."""

DESCRIBED = ("playlist_descriptions", "playlist_description_changes")
"""Where it is kept for good how a playlist was once described."""

ENDPOINTS: Mapping[str, str] = {"listing": "/v1/me/playlists", "reading": "/v1/playlists/**"}
"""What is asked for in the phases in which something is asked for."""


def calm(_phase: str) -> Sequence[Weathered]:
    """No fault of the sandbox's weather."""
    return ()


def nothing(_: object) -> None:
    """Does nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong during a sync, and the expected result.

    Attributes:
        kind: what it affects.
        name: as the table calls it.
        phases: in which it is possible.
        ends: exit code of the sync that meets it; by phase or by phase and destination where that differs.
        says: a part of what that sync writes to stderr.
        weather: the faults of the sandbox, by phase.
        inside: what is done in the process of the sync, before it begins.
        before: what is done to the disk before the sync.
        after: what the operator does before the next sync.
        world: an edit that the fault makes; the fault-free twin gets it, too.
        meanwhile: whether that edit is made at the first request in the phase, and is all of the fault.
        destinations: for which it is possible.
        noted: whether that sync leaves a row in `runs` that tells of its end.
        readable: whether the destination can be read after that sync and before `after`.
        loses: whether the fault itself takes away what was stored; then only the end is looked at.
        later: seconds that pass until the next sync.
        next_options: options of the next sync, by phase.
        unseen: whether that sync cannot know of it, and so ends as if it had done all.
        leaves: tables and views in which the fault may leave a trace for good, by phase.
        why: of that trace.
    """

    kind: Kind
    name: str
    phases: tuple[Phase, ...]
    ends: int | Mapping[str, int] = 0
    says: str = ""
    weather: Callable[[str], Sequence[Weathered]] = calm
    inside: Callable[[Injection], None] = nothing
    before: Callable[[Scene], None] = nothing
    after: Callable[[Scene], None] = nothing
    world: Callable[[World], None] | None = None
    meanwhile: bool = False
    destinations: tuple[str, ...] = DESTINATIONS
    noted: bool | Mapping[str, bool] = True
    readable: bool = True
    loses: bool = False
    later: float = 0.0
    next_options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unseen: bool = False
    leaves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    why: str = ""

    def end(self, phase: str, destination: str) -> int:
        """The exit code of the sync that meets it."""
        if isinstance(self.ends, int):
            return self.ends
        return self.ends.get(f"{phase} {destination}", self.ends.get(phase, self.ends.get(destination, 0)))

    def is_noted(self, phase: str, destination: str) -> bool:
        """Whether `runs` must tell of it."""
        if isinstance(self.noted, bool):
            return self.noted
        return self.noted.get(f"{phase} {destination}", self.noted.get(phase, self.noted.get(destination, True)))
