"""Faults of the clock: it goes behind or ahead, or another zone is set."""

import datetime as dt
import os
import time
from collections.abc import Callable
from unittest.mock import patch

from tests.faults.fault import Fault, Phase
from tests.faults.injection import Injection

HOUR, YEAR = 3600, 366 * 86400
PHASES: tuple[Phase, ...] = ("listing", "reading")


def shift(seconds: float) -> None:
    """Makes this process's clock go ahead of the others by so many seconds, or behind."""
    real, shifted = time.time, dt.timedelta(seconds=seconds)

    class Shifted(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return dt.datetime.now(tz) + shifted

    patch("time.time", lambda: real() + seconds).start()
    patch("sources.spotify.http.transport.datetime", Shifted).start()


def shifted(seconds: float) -> Callable[[Injection], None]:
    """The clock goes behind or ahead from the phase's request on; from the beginning, if that is the list's."""

    def begin(injection: Injection) -> None:
        if injection.scene.phase == "listing":
            injection.scene.met()
            shift(seconds)
        else:
            injection.at(lambda: shift(seconds))

    return begin


def another_zone(injection: Injection) -> None:
    """The process is in a time zone with tomorrow's date."""
    os.environ["TZ"] = "Pacific/Kiritimati"
    time.tzset()
    injection.scene.met()


FAULTS = (
    Fault("clock", "set back an hour", ("listing",), ends=75, says="clock", inside=shifted(-HOUR), noted=False),
    Fault("clock", "set back a year", ("listing",), ends=75, says="clock", inside=shifted(-YEAR), noted=False),
    Fault("clock", "set back an hour in the middle", ("reading",), inside=shifted(-HOUR)),
    Fault("clock", "set back a year in the middle", ("reading",), inside=shifted(-YEAR)),
    Fault(
        "clock", "ahead an hour", ("listing",), ends=75, says="ahead of Spotify's", inside=shifted(HOUR), noted=False
    ),
    Fault("clock", "ahead a year", ("listing",), ends=75, says="ahead of Spotify's", inside=shifted(YEAR), noted=False),
    Fault("clock", "ahead a minute", PHASES, inside=shifted(60)),
    Fault("clock", "ahead a year in the middle", ("reading",), inside=shifted(YEAR)),
    Fault("clock", "another time zone", ("listing",), inside=another_zone),
)
