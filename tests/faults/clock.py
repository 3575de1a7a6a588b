"""Faults of the clock."""

import datetime as dt
import time
from unittest.mock import patch


def shift(seconds: float) -> None:
    """Makes this process's clock go ahead of the others by so many seconds, or behind."""
    real, shifted = time.time, dt.timedelta(seconds=seconds)

    class Shifted(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Shifted":
            return super().now(tz) + shifted

    patch("time.time", lambda: real() + seconds).start()
    patch("sources.spotify.transport.datetime", Shifted).start()
