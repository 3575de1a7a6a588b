"""How the result of a sync is reported: the targets, and the lines for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.cli.terminal import warn
from pipelines.operations.changes import changes_told
from pipelines.operations.log import LogFormat
from pipelines.sync.service import Report


@dataclass(frozen=True, slots=True)
class Output:
    """Where the result is reported; the attributes are options of `playlake sync`."""

    log_format: LogFormat | None
    report: Path | None
    webhook: str | None
    failure_webhook: str | None
    quiet: bool

    def warn(self, problem: str) -> None:
        """Reports a problem that does not change the exit code."""
        warn(problem, self.log_format)


def lines_of(report: Report, *, changes: bool) -> Iterator[str]:
    """The lines about a sync besides its summary: problems and news.

    Args:
        report: the sync.
        changes: whether the largest changes are named, too.
    """
    run = report.run
    for read in report.reads:
        # The error that ended the run is reported once, not for each playlist that could not be read because of it.
        if read.message and read.message != run.message and not read.withheld:
            name = " ".join(report.names.get(read.playlist_id, read.playlist_id).split())
            yield f"{name}: {read.message}"
    for part in report.resource_reads:
        # A resource of a group that this app may not read is not reported every hour: the last line counts it.
        is_closed = part.outcome == "not_available" and not part.lacks_scope
        is_quiet = is_closed and f"{part.subject} ({part.resource})" not in (run.message or "")
        if part.message and part.message != run.message and not is_quiet:
            yield f"{part.resource} {part.subject}: {part.message}"
    for news in report.news:
        yield f"{' '.join(news.name.split())}: {news.message}"
    yield from filter(None, (*report.notes, run.message))
    if changes:
        yield from changes_told(report)


def summary(report: Report) -> str:
    """What a sync did, in a line."""
    run = report.run
    withheld = sum(read.withheld for read in report.reads)
    closed = sum(part.outcome == "not_available" for part in report.resource_reads)
    return (
        f"{run.playlists} {'playlist' if run.playlists == 1 else 'playlists'}: "
        f"{run.read} read, {run.unchanged} unchanged, {run.failed} failed"
        + (f", {withheld} with contents hidden by Spotify" if withheld else "")
        + f"; +{run.new_items} -{run.removed_items} items"
        + "".join(
            f"; {part.subject}: {part.outcome}, +{part.new_items} -{part.removed_items}"
            for part in report.resource_reads
            if part.outcome != "not_available"
        )
        + (f"; {closed} not available here (playlake doctor says why)" if closed else "")
        + f"; {run.requests} requests -> {report.lake.location}"
    )
