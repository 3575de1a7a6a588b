"""A transport that sends nothing: it answers with what another run has kept."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from sources.errors import ApiError, ConfigurationError, Interrupted, PlaylakeError, SignInError, TryLaterError
from sources.spotify.api.client import Client
from sources.spotify.auth.refresh_tokens import Rotation
from sources.spotify.auth.tokens import SpotifyCredentials, Tokens
from sources.spotify.config import Settings
from sources.spotify.engine.run import Run
from sources.spotify.http.archive import Header, Problem, Recording, request_key
from sources.spotify.http.transport import Answer, Transport
from sources.spotify.models.accounts import Token

_NONE = "none"


class Replay(Transport):
    """Answers from a recording, in the order in which each request was answered then.

    Attributes:
        recording: the kept answers.
        met: errors that stand in the recording, and were raised again.
    """

    def __init__(self, recording: Recording) -> None:
        super().__init__(0.0, now=self._then)
        self.recording = recording
        self.met: list[PlaylakeError] = []
        self._latest = recording.header.started_at

    def send(self, method: str, url: str, **more: Any) -> Answer:
        """The answer that was kept, or the error that came in its place.

        Raises:
            ApiError: there is none in the recording.
            PlaylakeError: what ended the recorded run, or this one.
        """
        self._pace.turn()
        if method != "GET":
            # Tokens are not kept, and open nothing here.
            return Answer(200, msgspec.json.encode(Token(_NONE, 86400.0, scope=self.recording.header.scope)))
        path = request_key(url.removeprefix(self.recording.header.api_url), more.get("params", {}))
        kept = self.recording.take(path)
        if kept is None:
            raise self._again(self.recording.ended) if self.recording.ended else self._missing(path)
        self._latest = max(self._latest, kept.received_at)
        self.sent += kept.requests
        self.sent_here += kept.requests
        if kept.problem is not None:
            raise self._again(kept.problem)
        return Answer(kept.status or 0, kept.content, kept.headers)

    def repeat(self, attempt: int, url: str) -> None:
        """Waits for nothing: the next answer is there already."""

    def stop(self, error: PlaylakeError) -> None:
        """Answers nothing more; what stopped the recorded run does not stop this one, as other threads had more."""
        if error not in self.met:
            super().stop(error)

    def _then(self) -> datetime:
        """When the recorded run had the latest of the answers given so far."""
        return self._latest

    def _again(self, problem: Problem) -> PlaylakeError:
        error = _error(problem)
        self.met.append(error)
        return error

    def _missing(self, path: str) -> ApiError:
        msg = (
            f"{self.recording.path} holds no answer to {path}, or none any more: its run was cut off, or knew more "
            "than this lake. Replay the earlier recordings first, or sync."
        )
        return ApiError(msg)


def replay_run(recording: Recording) -> Run:
    """The recorded run once more, with its times and its id; it needs no network and no credentials.

    Args:
        recording: the kept answers.
    """
    header, transport = recording.header, Replay(recording)
    app = SpotifyCredentials()
    app.client_id, app.client_secret = header.client_id or _NONE, _NONE
    user = Rotation(Path(_NONE), _NONE, works_once=False) if header.is_user else None
    # One after the other: there is no network to wait for, and the times of what is read go on and never back.
    settings = Settings(
        api_url=header.api_url,
        market=header.market,
        audit_after=timedelta(seconds=header.audit_after),
        full=header.full,
        parallel_reads=1,
    )
    tokens = Tokens(app, _NONE, transport, transport.now, user)
    client = Client(header.api_url, tokens, transport, header.market)
    run = Run(client, settings, header.references, transport.now, replayed_until=recording.last_at)
    run.record.run_id = header.run_id
    return run


def header_of(run: Run) -> Header:
    """What a run is to do, for the head of its kept answers."""
    settings, record = run.settings, run.record
    return Header(
        version=record.version,
        run_id=record.run_id,
        started_at=record.started_at,
        client_id=record.client_id,
        is_user=run.client.is_user,
        api_url=settings.api_url,
        references=list(run.references),
        market=settings.market,
        full=settings.full,
        audit_after=settings.audit_after.total_seconds(),
        scope=run.client.tokens.scope,
    )


def _error(problem: Problem) -> PlaylakeError:
    if problem.kind == TryLaterError.__name__:
        return TryLaterError(problem.message, problem.resume_at)
    if problem.kind == SignInError.__name__:
        return SignInError(problem.message)
    if problem.kind == ConfigurationError.__name__:
        return ConfigurationError(problem.message)
    if problem.exit_code is not None:
        return Interrupted(problem.message, problem.exit_code)
    return ApiError(problem.message, problem.status)
