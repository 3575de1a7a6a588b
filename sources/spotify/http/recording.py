"""Transport layer: records every attempt of a request to the Web API."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import local

from sources.errors import DestinationError, PlaylakeError
from sources.spotify.http.archive import RecordingFile
from sources.spotify.http.archive_format import Exchange, Failure, NoAnswer, exchange, request_key
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.transport import Answer, NoAnswerError, Request, Service, Transport, utc_now


@dataclass(slots=True)
class RecordingTransport:
    """Writes each attempt and its result to a file before it is used; requests for tokens are only counted.

    If that cannot be written, the run ends as by any error of the destination: who asks for the answers to be kept
    relies on the tables being found again from them, and a recording with a hole does not give that.

    Attributes:
        inner: sends the requests.
        archive: the file; needs its header before the first attempt.
        api_url: root of the Web API.
        cancellation: knows what aborted the run, which ends the recording.
        now: the clock.
    """

    inner: Transport
    archive: RecordingFile
    api_url: str
    cancellation: Cancellation
    now: Callable[[], datetime] = utc_now
    _here: local = field(default_factory=local)
    _is_over: bool = False

    def send(self, request: Request) -> Answer:
        """The answer of the layer below; its errors pass.

        Raises:
            DestinationError: the answer cannot be recorded.
        """
        try:
            answer = self.inner.send(request)
        except NoAnswerError as error:
            self._record(request, Exchange(received_at=self.now(), no_answer=NoAnswer.of(error)))
            raise
        except PlaylakeError as error:
            if error is self.cancellation.error:
                self._end(error)
            else:
                self._record(request, Exchange(received_at=self.now(), failure=Failure.of(error)))
            raise
        self._record(request, exchange(answer))
        return answer

    def _record(self, request: Request, line: Exchange) -> None:
        """Adds a line for an attempt, which stands for the calling thread's requests for a token before it, too."""
        requests = getattr(self._here, "unrecorded", 0) + 1
        if request.service is not Service.WEB_API:
            self._here.unrecorded = requests
            return
        self._here.unrecorded = 0
        path = request.url.removeprefix(self.api_url)
        line.path, line.requests = request_key(path, request.params, request.method), requests
        self.archive.append(line)

    def _end(self, error: PlaylakeError) -> None:
        """Adds, once, what aborted the run. Nothing of this request was sent."""
        if not self._is_over:
            self._is_over = True
            # What cannot be written is an error already, and perhaps this one.
            with suppress(DestinationError):
                self.archive.append(Exchange(received_at=self.now(), failure=Failure.of(error)))
