"""An attempt to read a playlist, and its result. Thread-safe."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sources.errors import ApiError, PlaylakeError
from sources.spotify.api.client import Client
from sources.spotify.resources.playlists.consistent_reading import Reading, read_playlist
from sources.spotify.resources.playlists.which_to_read import Task


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of reading a playlist: a whole state of it, or why there is none.

    Attributes:
        task: the playlist.
        started_at: when its first request was sent.
        finished_at: when it was read.
        requests: how many it took, including retries.
        reading: what was read.
        error: why nothing was.
    """

    task: Task
    started_at: datetime
    finished_at: datetime
    requests: int = 0
    reading: Reading | None = None
    error: PlaylakeError | None = None

    @property
    def pages(self) -> int:
        """How many pages were read."""
        return self.reading.pages if self.reading is not None else 0


def attempt(client: Client, task: Task, now: Callable[[], datetime]) -> Attempt:
    """Tries to read one playlist, in any thread. An error that the next playlist would meet too aborts the client."""
    started, requests = now(), client.requests_here
    reading = error = None
    try:
        reading = read_playlist(client, task.playlist_id, task.known_snapshot_id)
    except PlaylakeError as problem:
        error = problem
        if not isinstance(problem, ApiError):
            client.cancellation.abort(problem)
    return Attempt(task, started, now(), client.requests_here - requests, reading, error)


def size(task: Task) -> int:
    """How many entries a playlist may have, according to the list of playlists."""
    contents = task.listed.contents if task.listed is not None else None
    return (contents.total if contents is not None else None) or 100
