"""Loads rows into a lake: finishes what an earlier run left, then load after load, then the views."""

from collections.abc import Callable, Iterable
from typing import Any

import dlt

from pipelines.destinations.errors import known
from pipelines.destinations.lake import Lake
from pipelines.destinations.recovery import finish_pending
from pipelines.destinations.working_folder import forget_loaded
from sources.errors import PlaylakeError, ReplacedError
from sources.spotify.http.transport import utc_now


def load_all(
    lake: Lake, pipeline: dlt.Pipeline, extracts: Iterable[Any], at_end: Callable[[], None] = lambda: None
) -> None:
    """Finishes what an earlier run left, then extracts and loads, and brings the views up to date.

    Args:
        lake: where to.
        pipeline: that of the lake.
        extracts: dlt resources, each of which becomes a load; null for a load that is stored already.
        at_end: what to do when all are loaded, before the views are made.

    Raises:
        PlaylakeError: the error that made the load fail, without the errors of dlt around it.
    """
    identity = lake.identity()
    pipeline.activate()
    try:
        has_loaded = pipeline.has_pending_data
        finish_pending(pipeline)
        for extract in extracts:
            if extract is not None:
                pipeline.run(extract, schema=dlt.Schema("spotify"), loader_file_format=lake.backend.load_format)
            check_same(lake, identity)
            if extract is not None:
                lake.backend.loaded(pipeline)
                has_loaded = True
        at_end()
        if has_loaded:
            with pipeline.destination_client() as client:
                lake.backend.finish(pipeline, client)
        lake.backend.maintain(pipeline, utc_now())
        forget_loaded(pipeline)
    except PlaylakeError:
        check_same(lake, identity)
        raise
    except Exception as failure:
        lake.backend.release(pipeline)
        check_same(lake, identity)
        raise known(failure, lake) from failure


def check_same(lake: Lake, identity: tuple[int, int] | None) -> None:
    """Detects a file or folder that was removed or replaced while it was written.

    Raises:
        DestinationError: the file or folder was removed or replaced.
    """
    if lake.identity() != identity:
        msg = (
            f"{lake.location} was removed or replaced while the sync was writing to it: put it back; the next sync "
            "reads what is missing there."
        )
        raise ReplacedError(msg)
