"""The interface of resources: a resource is a part of Spotify that can be selected, and is read as rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol, runtime_checkable

from sources.errors import PlaylakeError
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.config import Settings
from sources.spotify.models.news import Change, News
from sources.spotify.models.run_records import PlaylistRead, ResourceRead, RunRecord
from sources.spotify.resources.catalogue.budget import Budget
from sources.spotify.resources.state import State

ENTRIES = "entries"
"""Used as a table's name for a playlist's entry, from whose objects rows of several tables are made."""

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
        pages: how many pages of the API were read since the last checkpoint.
        left: how many parts the resource still has to read; 0 if it is done.
        needs_new_load: the next step queries rows of this run, so the current load must be finished first.
    """

    pages: int = 0
    left: int = 0
    needs_new_load: bool = False


class Recorder(Protocol):
    """How resources report to the record of a run; the engine's `RunRecorder` implements it."""

    record: RunRecord
    error: PlaylakeError | None
    names: dict[str, str]
    named: frozenset[str]
    changes: list[Change]

    def abort(self, error: PlaylakeError | None) -> None:
        """Stores the error that ends the run; later errors are ignored."""

    def tell(self, news: News) -> None:
        """Adds news for people, reported at the end of the sync, and logs it."""

    def count(self, read: PlaylistRead, *, quietly: bool) -> None:
        """Counts and logs how reading a playlist ended."""

    def note(self, read: ResourceRead) -> None:
        """Keeps how reading a part of a resource ended, and logs it."""


@dataclass(slots=True)
class Context:
    """Everything that a resource needs while it is read.

    Attributes:
        client: the API.
        settings: how to read.
        references: ids of the playlists that were asked for; empty for all of the signed-in user's.
        recorder: keeps the record of the run.
        now: the clock.
        progress: called with the number of playlists done, and of all.
        state: what the destination holds; replaced when a new load begins.
        catalogue: how many requests may still be sent to describe what the lake mentions.
        before_load_ends: functions that are called at the end of each load and give more rows for it.
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
            PlaylakeError: the resource may not be read, or the request failed.
        """


class Resource(Protocol):
    """A part of Spotify that can be selected.

    Attributes:
        name: as users select it.
        scopes: what the user must have consented to for all of the resource.
        tables: the tables that it fills.
        endpoints: the endpoints that it requests, and the tables whose rows it makes from each answer.
    """

    @property
    def name(self) -> str:
        """The name by which users select the resource."""

    @property
    def scopes(self) -> frozenset[str]:
        """What the user must have consented to for all of the resource."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that the resource fills."""

    @property
    def endpoints(self) -> Mapping[Endpoint[Any], tuple[str, ...]]:
        """The endpoints that the resource requests, and the tables whose rows it makes from each answer.

        Tables whose objects are found in these rows (`Table.extracted_from`) follow from them, and are not named here.
        """

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """All that is new, with checkpoints between; the first one comes before anything that may be kept.

        Raises:
            PlaylakeError: before the first checkpoint, any error that stops the run. After it, such an error is
                given to the recorder, and the rows that are complete are yielded.
        """
