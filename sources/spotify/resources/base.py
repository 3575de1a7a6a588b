"""The interface of resources: a resource is a part of Spotify that can be selected, and is read as rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol, runtime_checkable

from sources.errors import PlaylakeError
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.config import Settings
from sources.spotify.models.rows import Change, News, PlaylistRead, ResourceRead, RunRecord
from sources.spotify.resources.catalogue.budget import Budget
from sources.spotify.resources.state import State

ENTRIES = "entries"
"""In place of a table's name: a playlist's entry, for all tables whose objects are found in entries."""

PAGES_PER_BATCH = 50
"""dlt works per Arrow batch: 50 pages at a time were twice as fast as one."""


class Row(NamedTuple):
    """An object, and the table whose row is made from it."""

    table: str
    value: Any


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Marks that the rows before it are complete: a batch or a load may end here.

    Attributes:
        pages: how many pages of the API were read since the last one.
        left: how much the resource still has to read.
        asks_state: what goes on asks the state for what this run has read: where it has loads, a new one begins.
    """

    pages: int = 0
    left: int = 0
    asks_state: bool = False


class Recorder(Protocol):
    """How resources report to the record of a run; the engine's `RunRecorder` implements it."""

    record: RunRecord
    error: PlaylakeError | None
    names: dict[str, str]
    named: frozenset[str]
    changes: list[Change]

    def abort(self, error: PlaylakeError | None) -> None:
        """Stores the error that ends the run; the first one counts."""

    def tell(self, news: News) -> None:
        """Adds news for people, reported at the end of the sync, and logs it."""

    def count(self, read: PlaylistRead, *, quietly: bool) -> None:
        """Counts how reading a playlist ended, and logs it."""

    def note(self, read: ResourceRead) -> None:
        """Keeps how reading a part of a resource ended, and logs it."""


@dataclass(slots=True)
class Context:
    """Everything that a resource needs while it is read.

    Attributes:
        client: the API.
        settings: how to read.
        references: ids of the playlists that were asked for; none for all of the signed-in user's.
        recorder: what the run says of itself.
        now: the clock.
        progress: called with the number of playlists done, and of all.
        state: what the destination holds; another object in each load.
        catalogue: how many requests may still be sent to describe what the lake mentions.
        before_load_ends: give rows that a load gathers until its end.
    """

    client: Client
    settings: Settings
    references: Sequence[str]
    recorder: Recorder
    now: Callable[[], datetime]
    progress: Callable[[int, int], None]
    state: State
    catalogue: Budget = field(default_factory=lambda: Budget(0))
    before_load_ends: list[Callable[[], Iterable[Row]]] = field(default_factory=list)

    @property
    def started_at(self) -> datetime:
        """When the run began, which is when things count as seen."""
        return self.recorder.record.started_at


@runtime_checkable
class Probeable(Protocol):
    """A resource whose availability does not follow from scopes, so that it takes a request to find out."""

    def probe(self, client: Client) -> None:
        """Checks the availability with one request at most.

        Raises:
            PlaylakeError: it may not be read, or could not be asked for.
        """


class Resource(Protocol):
    """A part of Spotify that can be selected.

    Attributes:
        name: as users select it.
        scopes: what the user must have consented to; without one of them something is missing.
        tables: those that it fills.
        endpoints: what it asks for, and the tables whose rows it makes from each answer.
    """

    @property
    def name(self) -> str:
        """As users select it."""

    @property
    def scopes(self) -> frozenset[str]:
        """What the user must have consented to, or something is missing."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Those that it fills."""

    @property
    def endpoints(self) -> Mapping[Endpoint[Any], tuple[str, ...]]:
        """What it asks for, and the tables whose rows it makes from each answer.

        Tables whose objects are found in these rows (`Table.extracted_from`) follow from them, and are not named here.
        """

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """All that is new, with checkpoints between; the first one comes before anything that may be kept.

        Raises:
            PlaylakeError: before the first checkpoint, what stops the whole run. After it, an error that stops the
                run is noted with the recorder, and what is whole is given.
        """
