"""Lost records of a database's loads: what to say of them, and how they are written again from our notes."""

import logging
from collections.abc import Sequence

from pipelines.destinations.base import Destination
from sources.errors import DestinationError
from sources.stored import load_notes

log = logging.getLogger("playlake")


def restore_noted(destination: Destination) -> int:
    """Writes records of complete loads again; returns how many.

    Raises:
        DestinationError: the database does not exist, or cannot be written.
        TryLaterError: a sync is writing to the database.
    """
    from pipelines.destinations.sync_lock import sync_lock

    if not destination.exists():
        msg = f"There is nothing at {destination.location}: name the lake with --path and --destination."
        raise DestinationError(msg)
    with (
        sync_lock(destination),
        destination.settings(),
        destination.pipeline().destination_client() as client,
    ):
        return load_notes.restore_records(client)


def warn(lost: Sequence[str]) -> None:
    """Says to who reads that something is left out."""
    if lost:
        log.warning(
            "%s lost, and rows are left out for that: playlake compact --restore-records writes the records again",
            "The record of 1 load is" if len(lost) == 1 else f"The records of {len(lost)} loads are",
        )
