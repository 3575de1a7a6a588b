"""Graceful shutdown on Ctrl-C and SIGTERM: no further requests, and what is complete is loaded."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import dlt

from sources.errors import Interrupted
from sources.spotify.engine.run import Run

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def graceful_shutdown(run: Run, pipeline: dlt.Pipeline) -> Iterator[None]:
    """Ends a run at the first signal as soon as what it has read is loaded, and at the second at once.

    Only for a program's main thread. dlt's own handling would throw away what the load under way holds
    (https://dlthub.com/docs/running-in-production/running).
    """

    def handle(number: int, _frame: FrameType | None) -> None:
        name = signal.Signals(number).name
        error = Interrupted(f"Interrupted by {name}: what was read is kept, the next sync goes on.", 128 + number)
        if run.error is not None or not run.is_reading:
            raise error
        run.stop(error)

    pipeline.runtime_config.intercept_signals = False
    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
