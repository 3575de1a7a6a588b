"""A transport that keeps what the Web API answers; what the accounts service answers it does not."""

from collections.abc import Mapping
from datetime import datetime
from threading import local
from typing import Any

from sources.errors import Interrupted, PlaylakeError, TryLaterError
from sources.spotify.config import Settings
from sources.spotify.http.archive import HEADERS, Kept, Problem, RawFile, request_key
from sources.spotify.http.transport import Answer, Transport


class Keeping(Transport):
    """Sends requests as a `Transport` does, and keeps each answer in a file before it is used.

    If that cannot be written, the run ends as by any error of the destination: who asks for the answers to be kept
    relies on the tables being found again from them, and a recording with a hole does not give that.

    Args:
        settings: of the run.
        raw: where answers are kept; needs its header before the first one.
    """

    def __init__(self, settings: Settings, raw: RawFile) -> None:
        super().__init__(settings.max_retry_wait, parallel=settings.parallel_reads)
        self._api_url = settings.api_url
        self._raw = raw
        self._for_tokens = local()
        self._ended = False

    def send(self, method: str, url: str, **more: Any) -> Answer:
        """The answer, as `Transport.send` gives it.

        Raises:
            DestinationError: it cannot be kept.
        """
        before = self.sent_here
        try:
            answer = super().send(method, url, **more)
        except PlaylakeError as error:
            if method == "GET":
                self._keep_problem(self._key(url, more.get("params", {})), self._count(before), error)
            raise
        if method == "GET":
            key = self._key(url, more.get("params", {}))
            self._raw.append(_kept(key, self.now(), answer, requests=self._count(before)))
        else:
            self._for_tokens.sent = getattr(self._for_tokens, "sent", 0) + self.sent_here - before
        return answer

    def _count(self, before: int) -> int:
        """How many requests an answer took, with those for the token that it was asked with."""
        tokens, self._for_tokens.sent = getattr(self._for_tokens, "sent", 0), 0
        return self.sent_here - before + tokens

    def _keep_problem(self, key: str, requests: int, error: PlaylakeError) -> None:
        problem = Problem(
            kind=type(error).__name__,
            message=str(error),
            status=getattr(error, "status", None),
            resume_at=error.resume_at if isinstance(error, TryLaterError) else None,
            exit_code=error.exit_code if isinstance(error, Interrupted) else None,
        )
        if requests:
            self._raw.append(Kept(path=key, received_at=self.now(), requests=requests, problem=problem))
        elif not self._ended:
            self._ended = True
            self._raw.append(Kept(path=None, received_at=self.now(), problem=problem))

    def _refused(self, method: str, url: str, answer: Answer, params: Mapping[str, Any]) -> None:
        """Keeps an answer that leads to repeating."""
        if method == "GET":
            self._raw.append(_kept(self._key(url, params), self.now(), answer))

    def _key(self, url: str, params: Mapping[str, Any]) -> str:
        return request_key(url.removeprefix(self._api_url), params)


def _kept(key: str, now: datetime, answer: Answer, requests: int = 0) -> Kept:
    headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    kept = Kept(path=key, received_at=now, requests=requests, status=answer.status, headers=headers)
    try:
        kept.body = answer.body.decode()
    except UnicodeDecodeError:
        kept.base64 = answer.body
    return kept
