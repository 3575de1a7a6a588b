"""Records a run: its row in `runs`, the outcome of each playlist and resource, news for people, and the log."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from uuid import uuid4

import msgspec

from sources import exit_codes
from sources.errors import PlaylakeError, TryLaterError
from sources.spotify.api.client import Client
from sources.spotify.auth.consent import nearly_over
from sources.spotify.models.news import Change, News
from sources.spotify.models.run_records import PlaylistRead, ResourceRead, RunRecord

log = logging.getLogger("playlake")


def new_record(now: datetime) -> RunRecord:
    """The record of a run that begins."""
    return RunRecord(run_id=uuid4().hex, started_at=now, version=version("playlake"))


def fail(record: RunRecord, error: PlaylakeError, now: datetime) -> None:
    """Stores in a record the error that ended the run."""
    record.finished_at = now
    record.exit_code, record.outcome, record.message = error.exit_code, error.outcome, str(error)
    if isinstance(error, TryLaterError):
        record.resume_at = error.resume_at


@dataclass(slots=True)
class RunRecorder:
    """The record of a run, while it goes on.

    Attributes:
        record: the row of `runs`.
        reads: the rows of `playlist_reads`.
        news: messages for people.
        changes: what differs on playlists that were read.
        names: the names of playlists, by id, for reports.
        error: what ended the run before its end.
        named: resources that were selected one by one, so that each is missed if it is not available.
        resource_reads: the rows of `resource_reads`, and those unchanged.
    """

    record: RunRecord
    reads: list[PlaylistRead] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    error: PlaylakeError | None = None
    named: frozenset[str] = frozenset()
    resource_reads: list[ResourceRead] = field(default_factory=list)

    def abort(self, error: PlaylakeError | None) -> None:
        """Stores the error that ends the run; the first one counts."""
        self.error = self.error or error

    def tell(self, news: News) -> None:
        """Adds news for people, reported at the end of the sync, and logs it."""
        self.news.append(news)
        self.names.setdefault(news.playlist_id, news.name)
        fields = msgspec.to_builtins(news)
        log.warning("%s: %s", news.name, news.message, extra={"event": f"playlist_{news.event}", "fields": fields})

    def count(self, read: PlaylistRead, *, quietly: bool) -> None:
        """Counts how reading a playlist ended, and logs it.

        Args:
            read: how it ended.
            quietly: whether others have ended in the same words.
        """
        record = self.record
        if read.outcome == "unchanged":
            record.unchanged += 1
            return
        name = self.names.get(read.playlist_id, read.playlist_id)
        level = logging.WARNING if read.message and not (read.withheld or quietly) else logging.INFO
        message = read.message or f"{read.items} items, {read.new_items} new, {read.removed_items} removed"
        fields = {"name": name, **msgspec.to_builtins(read)}
        log.log(level, "%s: %s", name, message, extra={"event": "playlist_read", "fields": fields})
        self.reads.append(read)
        record.read += read.outcome == "read"
        record.failed += read.outcome != "read" and not read.withheld
        record.new_items += read.new_items
        record.removed_items += read.removed_items

    def note(self, read: ResourceRead) -> None:
        """Keeps how reading a part of a resource ended, and logs it."""
        self.resource_reads.append(read)
        level = logging.WARNING if self._is_missed(read) else logging.INFO
        message = read.message or f"{read.items} items, {read.new_items} new, {read.removed_items} removed"
        fields = msgspec.to_builtins(read)
        log.log(
            level,
            "%s %s: %s",
            read.resource,
            read.subject,
            message,
            extra={"event": "resource_read", "fields": fields},
        )

    def _is_missed(self, read: ResourceRead) -> bool:
        """Whether something that was asked for could not be read."""
        if read.outcome == "not_available":
            return read.resource in self.named and not read.is_extra
        return read.outcome not in ("read", "unchanged")

    def _failures(self) -> str | None:
        """What could not be read, in a sentence or two."""
        record, messages = self.record, []
        if record.failed:
            messages.append(
                f"{record.failed} of {record.playlists} playlists could not be read: see the table playlist_reads."
            )
        missed = [f"{read.subject} ({read.resource})" for read in self.resource_reads if self._is_missed(read)]
        if missed:
            messages.append(f"{', '.join(missed)} could not be read: see the table resource_reads.")
        return " ".join(messages) or None

    def finish(self, client: Client, now: datetime) -> RunRecord:
        """The record of a run that has ended."""
        record, failures = self.record, self._failures()
        if self.error is not None:
            fail(record, self.error, now)
        elif failures:
            record.outcome = "partial"
            record.message = " ".join(filter(None, (failures, record.message)))
        record.exit_code = exit_codes.of_sync(
            self.error.exit_code if self.error is not None else None, is_partial=failures is not None
        )
        ending = nearly_over(client.tokens, now)
        record.message = " ".join(filter(None, (record.message, ending))) or None
        record.finished_at, record.requests = now, client.requests
        self._note_unstored(client)
        level = logging.INFO if record.exit_code == 0 else logging.WARNING
        log.log(level, "%s", record.outcome, extra={"event": "run_finished", "fields": msgspec.to_builtins(record)})
        return record

    def _note_unstored(self, client: Client) -> None:
        """Notes the fields that answers held and no table stores."""
        fields = client.schema_drift.fields
        if not fields:
            return
        self.record.unknown_fields = msgspec.json.encode(fields).decode()
        log.info(
            "%d fields of the answers are not stored, the first: %s",
            len(fields),
            fields[0].place,
            extra={"event": "unknown_fields", "fields": {"unknown_fields": msgspec.to_builtins(fields)}},
        )
