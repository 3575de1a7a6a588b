"""Where a sync tells what came of it, and its lines for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.cli.terminal import warn
from pipelines.operations.changes import changes_told
from pipelines.operations.log import LogFormat
from pipelines.sync.service import Report


@dataclass(frozen=True, slots=True)
class Output:
    """Where to tell what came of it; the attributes are options of `playlake sync`."""

    log_format: LogFormat | None
    report: Path | None
    webhook: str | None
    failure_webhook: str | None
    quiet: bool

    def warn(self, problem: str) -> None:
        """Tells what is wrong and changes nothing."""
        warn(problem, self.log_format)


def lines_of(report: Report, *, changes: bool) -> Iterator[str]:
    """What there is to say about a sync beside its summary, in lines: what is wrong, and the news.

    Args:
        report: the sync.
        changes: whether the largest changes are named, too.
    """
    run = report.run
    for read in report.reads:
        # What ended the run is said once, not for each playlist that it kept from being read.
        if read.message and read.message != run.message and not read.withheld:
            name = " ".join(report.names.get(read.playlist_id, read.playlist_id).split())
            yield f"{name}: {read.message}"
    for part in report.resource_reads:
        # What came with a group and is not for this app is no news in each hour's mail: the last line counts it.
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
