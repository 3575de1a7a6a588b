"""Replays recorded runs into a lake: without network, credentials or Spotify."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.destinations.lake import Lake
from pipelines.sync.service import Report, sync
from sources.errors import DestinationError, PlaylakeError, TryLaterError
from sources.spotify import LoadBudget
from sources.spotify.http.archive import Recording, recordings, run_id_of
from sources.stored.opening import open_stored


def replay(
    place: Path,
    lake: Lake | None = None,
    *,
    report_to: Path | None = None,
    budget: LoadBudget | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[Report | PlaylakeError]:
    """Repeats recorded runs, with their ids and times.

    Runs go in the order of their start, from behind the last one that the lake holds, so that a replay which was cut
    off, whatever by, goes on. A run whose lake knew more than this one kept less than is asked for: its report says so.

    Args:
        place: a file of kept answers, or a folder of them.
        lake: the destination, as in `sync`.
        report_to: where to write the report of each run as JSON; that of the last stays.
        budget: as in `sync`.
        progress: as in `sync`.

    Yields:
        The report of each run that was replayed, or what had ended it before it read anything, as it does again.

    Raises:
        ConfigurationError: there are no recordings, or one is damaged.
        DestinationError: the lake cannot be written, or holds something later than a run.
        TryLaterError: a sync is writing to the lake.
    """
    lake = lake or Lake()
    for path in _left(recordings(place), lake):
        recording = Recording(path)
        try:
            report = sync(lake=lake, report_to=report_to, budget=budget, progress=progress, replayed=recording)
        except PlaylakeError as error:
            ours = isinstance(error, DestinationError | TryLaterError)
            if ours and str(error) not in recording.messages:
                raise
            yield error
        else:
            yield report


def _left(paths: list[Path], lake: Lake) -> list[Path]:
    """The recordings behind the last one whose run the lake holds; file names end with the id of the run."""
    if not lake.exists():
        return paths
    with lake.settings(), open_stored(lake.pipeline()) as stored:
        known = stored.run_ids()
    done = [number for number, path in enumerate(paths, 1) if run_id_of(path) in known]
    return paths[done[-1] :] if done else paths
