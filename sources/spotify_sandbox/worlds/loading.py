"""Loads worlds from files: ``load`` chooses the reader by what is at the path."""

from datetime import date
from pathlib import Path

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.world.timestamps import Clock, standing
from sources.spotify_sandbox.world.world import World, read_day
from sources.spotify_sandbox.worlds.history import PARTS, load_history
from sources.spotify_sandbox.worlds.recorded import load_recorded
from sources.spotify_sandbox.worlds.world_files import is_saved, load_saved


def load(path: str | Path, day: date | str | None = None, *, clock: Clock = standing) -> World:
    """A world from a folder of daily observations (Parquet), recorded API answers (JSON) or a file of ``save``.

    Args:
        path: The folder, or one file.
        day: The day of a history to show; its last day if not given.
        clock: The clock for edits.
    """
    place = Path(path)
    if not place.exists():
        message = f"{place} does not exist"
        raise WorldError(message)
    if place.is_dir() and all((place / f"{part}.parquet").exists() for part in PARTS):
        return load_history(place, read_day(day) if isinstance(day, str) else day, clock)
    if day is not None:
        message = f"{place} holds no daily observations, so it has no day {day}"
        raise WorldError(message)
    return load_saved(place, clock) if is_saved(place) else load_recorded(place, clock)
