"""Progress bars on a terminal, events in a log, and how errors are reported on either.

rich is imported where something is drawn: a sync that cron starts draws nothing.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dlt
from dlt.common.configuration.exceptions import ConfigurationException

from pipelines.cli.output import say, writes_utf8
from pipelines.destinations.configuration_errors import configuration_error_of
from pipelines.operations.log import EventFormatter, LogFormat, PrintableFormatter
from sources.errors import ConfigurationError, PlaylakeError, TryLaterError


@contextmanager
def progress_bars(*, quiet: bool) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Bars on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda _title: lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:

        def bar(title: str) -> Callable[[int, int], None]:
            task = progress.add_task(title, total=None)

            def update(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total, visible=done < total)

            return update

        yield bar


@contextmanager
def report_errors(style: LogFormat | None) -> Iterator[None]:
    """Reports an error as a log event and exits with its code, where the log is for programs."""
    try:
        yield
    except PlaylakeError as error:
        if style is None:
            raise
        report_error(error, style)
        sys.exit(error.exit_code)
    except ConfigurationException as error:
        if style is None:
            raise
        report_error(configuration_error_of(error), style)
        sys.exit(ConfigurationError.exit_code)
    except Exception as error:
        if style is None:
            raise
        what = f"unexpected {type(error).__name__}: {error}"
        log = logging.getLogger("playlake")
        # Without --verbose one line says it, as without a log.
        log.debug("%s", what, exc_info=error)
        report_error(PlaylakeError(what), style)
        sys.exit(1)


def warn(problem: str, style: LogFormat | None) -> None:
    """Reports a problem that does not end the command: on a line for people, or as an event of the log."""
    if style is None:
        say(problem, err=True)
    else:
        logging.getLogger("playlake").warning("%s", problem)


def report_error(error: PlaylakeError, style: LogFormat | None) -> None:
    """Reports what ended a run: on a line for people, or as an event of the log."""
    if style is None:
        say(f"playlake: {error}", err=True)
        return
    fields: dict[str, object] = {"exit_code": error.exit_code, "outcome": error.outcome, "message": str(error)}
    if isinstance(error, TryLaterError):
        fields["resume_at"] = error.resume_at
    logging.getLogger("playlake").error("%s", error, extra={"event": "run_failed", "fields": fields})


def set_up_log(*, verbose: bool, style: LogFormat | None = None) -> None:
    """Sets up the log. Problems with single playlists are printed at the end of the run, so it is quiet by default."""
    if style is not None:
        events = logging.StreamHandler()
        events.setFormatter(EventFormatter(style, ascii_only=not writes_utf8(sys.stderr)))
        logger = logging.getLogger("playlake")
        logger.handlers, logger.propagate = [events], False
        logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    else:
        logging.getLogger("playlake").setLevel(logging.DEBUG if verbose else logging.CRITICAL)
    if not verbose:
        # An error that stops a run is one line; dlt would log a traceback before it, at the level that it sets itself.
        with report_errors(style):
            dlt.config["runtime.log_level"] = "CRITICAL"
        logging.getLogger("dlt").setLevel(logging.CRITICAL)
    elif style is None:
        from rich.console import Console
        from rich.logging import RichHandler

        handler = RichHandler(console=Console(stderr=True))
        handler.setFormatter(PrintableFormatter("%(message)s"))
        logging.basicConfig(level=logging.INFO, handlers=[handler])
