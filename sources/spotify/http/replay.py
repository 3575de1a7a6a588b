"""Lowest transport layer of a replay: sends nothing, and answers from a recording."""

from datetime import datetime

import msgspec

from sources.errors import ApiError, Interrupted, PlaylakeError
from sources.spotify.http.archive import Recording
from sources.spotify.http.archive_format import request_key
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.counter import RequestCounter
from sources.spotify.http.transport import Answer, Request, Service


class ReplayTransport:
    """Answers from a recording, in the order in which each request was answered then.

    Args:
        recording: the run.
        cancellation: aborts this run (not what aborted the recorded one).
        counter: counts requests as they were counted then.
    """

    def __init__(self, recording: Recording, cancellation: Cancellation, counter: RequestCounter) -> None:
        self._recording = recording
        self._cancellation = cancellation
        self._counter = counter
        self._latest = recording.header.started_at

    def now(self) -> datetime:
        """When the recorded run had the latest of the answers given so far."""
        return self._latest

    def send(self, request: Request) -> Answer:
        """The recorded answer to the next attempt of the request.

        Raises:
            NoAnswerError: the attempt got no answer.
            ApiError: the recording does not hold the request.
            PlaylakeError: the recorded error that was not retried, or what aborted the recorded run or this one.
        """
        self._cancellation.check()
        if request.service is Service.ACCOUNTS:
            # Tokens are not recorded, and open nothing here.
            token = {"access_token": "none", "expires_in": 86400, "scope": self._recording.header.scope}
            return Answer(200, msgspec.json.encode(token), received_at=self._latest)
        url = request.url.removeprefix(self._recording.header.api_url)
        path = request_key(url, request.params, request.method)
        attempt = self._recording.take(path)
        if attempt is None:
            raise self._recording.aborted or self._missing(path)
        self._latest = max(self._latest, attempt.received_at)
        self._counter.add(attempt.requests)
        return attempt.answer()

    def _missing(self, path: str) -> ApiError:
        msg = (
            f"{self._recording.path} holds no answer to {path}, or none any more: its run was cut off, or knew more "
            "than this lake. Replay the earlier recordings first, or sync."
        )
        return ApiError(msg)


class ReplayCancellation(Cancellation):
    """A cancellation that only somebody who interrupts the replay sets off.

    What aborted the recorded run does not abort its replay: other threads of that run had answers after that. There is
    nothing to wait for, either.

    Args:
        recording: the run.
    """

    def __init__(self, recording: Recording) -> None:
        super().__init__(sleep=lambda _seconds: None)
        self._recording = recording

    def abort(self, error: PlaylakeError) -> PlaylakeError:
        """Aborts the replay for an interruption of its own.

        Returns:
            The error to raise: what aborted the recorded run, if something did, or this one.
        """
        if isinstance(error, Interrupted) and error is not self._recording.aborted:
            return super().abort(error)
        first = self._recording.aborted or error
        self._recording.messages.add(str(first))
        return first
