"""The file format of recordings: a header, and a line per attempt of a request with its result."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from msgspec import Meta, Struct

from sources.errors import ApiError, ConfigurationError, Interrupted, PlaylakeError, SignInError, TryLaterError
from sources.spotify.http.transport import Answer, NoAnswerError

FORMAT = 1

HEADERS = ("Content-Type", "Date", "ETag", "Cache-Control", "Retry-After")
"""The headers of a response that are recorded."""

Moment = Annotated[datetime, Meta(tz=True)]
"""A time that says in which zone it is, as all kept ones do."""

LONGEST_AUDIT = 8.6e13
"""Seconds that `audit_after` may have: as many as Python counts."""

_INTERRUPTED = 128
"""Exit codes from here on are those of signals."""


class Header(Struct, kw_only=True):
    """The recorded run, and its settings.

    Attributes:
        playlake_raw: the format's number.
        version: the version of playlake.
        run_id: as in `runs`.
        started_at: when the run began.
        client_id: the app's client id.
        is_user: whether a user was signed in.
        api_url: root of the Web API.
        resources: names of the selected resources.
        references: ids of the playlists to sync; none for all of the user's.
        market: the requested country.
        full: whether it was a full sync.
        audit_after: how old a complete read might be, in seconds.
        max_retry_wait: how long Spotify might ask to wait, in seconds.
        users: other users whose lists were read, too.
        searches: the search queries.
        search_types: which kinds of results.
        recommendation_seeds: what recommendations were to start from.
        describe_after: after what time a description was an old one, in seconds.
        catalogue_requests: maximum number of requests for catalogue resources.
        audio_analysis: whether the analysis of tracks was read.
        scope: the scopes of the access token, if the response named them.
    """

    playlake_raw: int = FORMAT
    version: str
    run_id: str
    started_at: Moment
    client_id: str | None
    is_user: bool
    api_url: str
    resources: list[str]
    references: list[str]
    market: str | None
    full: bool
    audit_after: Annotated[float, Meta(ge=0, le=LONGEST_AUDIT)]
    max_retry_wait: Annotated[float, Meta(ge=0, le=LONGEST_AUDIT)]
    users: list[str] = []
    searches: list[str] = []
    search_types: list[str] = []
    recommendation_seeds: list[str] = []
    describe_after: Annotated[float, Meta(ge=0, le=LONGEST_AUDIT)] = 2_592_000.0
    catalogue_requests: Annotated[int, Meta(ge=0)] = 200
    audio_analysis: bool = False
    scope: str | None = None


class Failure(Struct, kw_only=True, omit_defaults=True):
    """An error that no other attempt can change, or that aborted the run; its exit code says of which kind it is."""

    exit_code: int
    message: str
    status: int | None = None
    resume_at: Moment | None = None

    @staticmethod
    def of(error: PlaylakeError) -> "Failure":
        """The error as a value."""
        return Failure(
            exit_code=error.exit_code,
            message=str(error),
            status=error.status if isinstance(error, ApiError) else None,
            resume_at=error.resume_at if isinstance(error, TryLaterError) else None,
        )

    def error(self) -> PlaylakeError:
        """The value as an error."""
        if self.exit_code == TryLaterError.exit_code:
            return TryLaterError(self.message, self.resume_at)
        if self.exit_code == SignInError.exit_code:
            return SignInError(self.message)
        if self.exit_code == ConfigurationError.exit_code:
            return ConfigurationError(self.message)
        if self.exit_code >= _INTERRUPTED:
            return Interrupted(self.message, self.exit_code)
        return ApiError(self.message, self.status)


class NoAnswer(Struct, kw_only=True):
    """Why an attempt got no answer: `NoAnswerError` as a value."""

    reason: str
    advice: str
    is_unsent: bool

    @staticmethod
    def of(error: NoAnswerError) -> "NoAnswer":
        """The error as a value."""
        return NoAnswer(reason=error.reason, advice=error.advice, is_unsent=error.is_unsent)

    def error(self) -> NoAnswerError:
        """The value as an error."""
        return NoAnswerError(self.reason, self.advice, is_unsent=self.is_unsent)


class Exchange(Struct, kw_only=True, omit_defaults=True):
    """An attempt of a request and its result; or, without a path, the error that aborted the run.

    Attributes:
        path: path and query below the API's root, after the method if that is not GET.
        received_at: when the answer was there, or it was known that there is none.
        requests: how many requests this stands for: itself, and those for a token since the attempt before.
        status: the HTTP status.
        headers: a few of the answer's headers.
        body: the body of the answer, as text.
        base64: the body of the answer if it is not valid UTF-8.
        no_answer: why there was no answer, if another attempt might have got one.
        failure: why there was none, if not.
    """

    path: str | None = None
    received_at: Moment
    requests: int = 0
    status: int | None = None
    headers: dict[str, str] = {}
    body: str | None = None
    base64: bytes | None = None
    no_answer: NoAnswer | None = None
    failure: Failure | None = None

    @property
    def content(self) -> bytes:
        """The body as it was received."""
        return self.body.encode() if self.body is not None else self.base64 or b""

    def answer(self) -> Answer:
        """The recorded answer.

        Raises:
            NoAnswerError: the attempt got no answer; another attempt may have.
            PlaylakeError: the attempt failed, and was not repeated.
        """
        if self.no_answer is not None:
            raise self.no_answer.error()
        if self.failure is not None:
            raise self.failure.error()
        return Answer(self.status or 0, self.content, self.headers, self.received_at)


def exchange(answer: Answer) -> Exchange:
    """An attempt that was answered."""
    kept = Exchange(received_at=answer.received_at, status=answer.status)
    kept.headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    try:
        kept.body = answer.body.decode()
    except UnicodeDecodeError:
        kept.base64 = answer.body
    return kept


def request_key(path: str, params: Mapping[str, Any], method: str = "GET") -> str:
    """The identity of a request: the method, the path, and the parameters in alphabetical order."""
    asked = f"{path}?{urlencode(sorted(params.items()))}" if params else path
    return asked if method == "GET" else f"{method} {asked}"
