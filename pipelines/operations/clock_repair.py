"""`playlake repair --clock`: moves loads that a wrong clock wrote into the future back to plausible times.

Load ids and observations are times, and what is written later must be newer. So all times later than now move back by
one and the same span, by which the newest of them is now; where that would set them before what was written with a
right clock, they are set into the time between in proportion. Their order stays.
"""

from datetime import datetime

from pipelines.destinations.clock_shift import Shift
from pipelines.destinations.lake import Lake
from pipelines.destinations.recovery import finish_pending
from pipelines.destinations.sync_lock import sync_lock
from pipelines.operations.doctor.api import clock_findings
from sources.errors import DestinationError, TryLaterError
from sources.spotify import read_settings


def repair_clock(lake: Lake, now: datetime, *, dry_run: bool = False) -> Shift | None:
    """Moves times in the future, which a wrong clock wrote, back to plausible ones.

    Args:
        lake: the lake.
        now: the current time, which must be right.
        dry_run: whether to report without changing anything.

    Returns:
        The shift; null if no time is later than now.

    Raises:
        DestinationError: the lake does not exist, or its kind cannot be repaired.
        TryLaterError: a sync is writing to the lake.
    """
    if not lake.exists():
        msg = f"There is nothing at {lake.location}: name the lake with --path and --destination."
        raise DestinationError(msg)
    with sync_lock(lake), lake.settings():
        pipeline = lake.pipeline()
        if not dry_run:
            # Packages that wait here have ids of the future, too.
            finish_pending(pipeline)
        with pipeline.destination_client() as client:
            return lake.backend.repair_clock(client, now, dry_run=dry_run)


def require_right_clock(now: datetime) -> None:
    """Refuses to repair a lake while this machine's clock is wrong.

    Raises:
        TryLaterError: the clock is wrong, or the API's server cannot be asked for the time.
    """
    for finding in clock_findings(read_settings().api_url, now):
        if finding.level == "problem":
            msg = f"{finding.message} Nothing was changed; if this machine's clock is right, add --trust-clock."
            raise TryLaterError(msg)
