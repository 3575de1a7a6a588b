"""The Web API client: requests with a token, statuses as errors, answers as typed objects.

What a 401 does is in `auth/unauthorized.py`; retries on 429 and 5xx are in `http/retry_transport.py`, how
long they wait in `http/retry_policy.py`.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from sources.errors import ApiError, ConfigurationError
from sources.spotify.api.endpoints import ME, Endpoint
from sources.spotify.api.refusals import not_consented, refusal
from sources.spotify.api.schema_drift import SchemaDrift
from sources.spotify.auth.bearer_auth import BearerAuth
from sources.spotify.auth.tokens import Tokens
from sources.spotify.auth.unauthorized import send_authorised
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.prefetch import Prefetcher
from sources.spotify.http.server_clock import check
from sources.spotify.http.stack import HttpStack
from sources.spotify.http.transport import Answer, Request
from sources.spotify.models.answers import User
from sources.spotify.models.json_repair import is_utf8
from sources.spotify.models.lenient_decode import LeftOut, decode_leniently
from sources.spotify.models.unknown_kinds import keep_unknown

T = TypeVar("T")
J = TypeVar("J")

BROKEN_ANSWERS = 3
"""Attempts if the response is not JSON."""


class Client:
    """The Web API, as one user or app.

    Attributes:
        parallel: maximum number of concurrent requests.
        tokens: the access tokens.
        user_id: the id of the signed-in user, once a response has contained it.
        left_out: values of a wrong type that were left out, by the id of the playlist; empty for the list of them.
        schema_drift: looks for fields that no table stores.
        market: the country whose tracks are asked for, if one is set.
    """

    def __init__(
        self, api_url: str, tokens: Tokens, http: HttpStack, market: str | None = None, parallel: int = 1
    ) -> None:
        self.parallel = parallel
        self.user_id: str | None = None
        self.left_out: dict[str, list[LeftOut]] = {}
        self.schema_drift = SchemaDrift()
        self._api_url = api_url
        self.tokens = tokens
        self._http = http
        self.market = market
        self._me: User | None = None

    def without_market(self) -> "Client":
        """The same for no country: playlists have the tracks that were added, and not others that play for them."""
        other = Client(self._api_url, self.tokens, self._http, None, self.parallel)
        other.user_id = self.user_id
        return other

    @property
    def cancellation(self) -> Cancellation:
        """Aborts all requests of this client, pending ones too."""
        return self._http.cancellation

    @property
    def client_id(self) -> str | None:
        """The client id of the app."""
        return self.tokens.client_id

    @property
    def is_user(self) -> bool:
        """Whether a user is signed in, who has a list of playlists."""
        return self.tokens.is_user

    @property
    def lacking_scopes(self) -> tuple[str, ...]:
        """Scopes that were not granted, without which the list of playlists has gaps; known after a request."""
        return self.tokens.lacking_scopes

    @property
    def requests(self) -> int:
        """Number of requests sent so far, including retries and token requests."""
        return self._http.counter.total

    @property
    def requests_here(self) -> int:
        """Number of requests sent by the calling thread, or by others on its behalf."""
        return self._http.counter.here

    def whoami(self) -> str:
        """The id of the signed-in user, requested if no answer has contained it yet.

        Raises:
            ConfigurationError: the token belongs to the app and not to a user.
            PlaylakeError: the request failed.
        """
        if not self.is_user:
            msg = "An app without a user has no library: sign in, or set sources.spotify.credentials.refresh_token."
            raise ConfigurationError(msg)
        if self.user_id is None:
            self.user_id = self.me().id
        if not self.user_id:
            msg = f"{self.url(ME)} does not return who is signed in: check api_url, or report this."
            raise ApiError(msg, 200)
        return self.user_id

    def me(self) -> User:
        """The signed-in user, requested once.

        Raises:
            PlaylakeError: the request failed.
        """
        if self._me is None:
            self._me = self.get(ME)
        return self._me

    def check_clock(self) -> None:
        """Compares this machine's clock with the times in the answers so far.

        Raises:
            WrongClockError: this machine's clock is wrong.
        """
        check(self._http.clock_difference)

    def take_left_out(self, playlist_id: str = "") -> list[LeftOut]:
        """Invalid values that were left out of the answers about a playlist, since the last call."""
        return self.left_out.pop(playlist_id, [])

    def prefetch(self, ask: Callable[[J], T], jobs: Sequence[J]) -> Generator[T, None, None]:
        """Prefetches answers in other threads, and yields them in the order of the jobs.

        Args:
            ask: asks one.
            jobs: what to ask it for.
        """

        def counted(job: J) -> tuple[T, int]:
            before = self._http.counter.here
            return ask(job), self._http.counter.here - before

        threads = min(self.parallel, len(jobs))
        if threads <= 1:
            yield from map(ask, jobs)
            return
        for answer, sent in Prefetcher(counted, threads, lambda _: 1, 2 * threads, self.cancellation).results(jobs):
            self._http.counter.attribute(sent)
            yield answer

    def url(self, endpoint: Endpoint[Any], playlist_id: str = "") -> str:
        """The address of an endpoint, for requests and messages."""
        return self._api_url + endpoint.path.format(id=quote(playlist_id, safe=""))

    def get(self, endpoint: Endpoint[T], playlist_id: str = "", **params: Any) -> T:
        """One answer, decoded.

        Raises:
            NotFoundError: 404.
            ForbiddenError: 403.
            ScopeError: the user's consent does not cover the endpoint; where that is known, no request is sent.
            SignInError: the token is not accepted.
            TryLaterError: rate limit or quota.
            ApiError: any other answer that is not the expected one.
        """
        url = self.url(endpoint, playlist_id)
        self._check_consent(endpoint, url)
        params |= {"market": self.market} if self.market and endpoint.takes_market else {}
        for attempt in range(BROKEN_ANSWERS):
            answer, bearer = self._authorised(endpoint, url, params)
            if _says_nothing(endpoint, answer):
                return endpoint.answer()
            if answer.status != 200:
                raise refusal(endpoint, answer, url, bearer)
            is_valid = is_utf8(answer.body)
            if attempt == 0 and not is_valid:
                # Perhaps only this answer was damaged; if it is always so, its text is repaired.
                self._http.retry.back_off(attempt, url)
                continue
            try:
                value, left_out = decode_leniently(answer.body, endpoint.answer, is_valid=is_valid)
            except msgspec.ValidationError as error:
                msg = f"{url} answered JSON of an unknown shape ({error}): report this, please."
                raise ApiError(msg, 200) from None
            except msgspec.DecodeError:
                if attempt + 1 < BROKEN_ANSWERS:
                    self._http.retry.back_off(attempt, url)
            else:
                if left_out:
                    # In one step: other threads do the same for other playlists.
                    self.left_out.setdefault(playlist_id, []).extend(left_out)
                self.schema_drift.look(endpoint, answer.body)
                keep_unknown(value, answer.body)
                return value
        msg = f"{url} answered something that is not JSON, {BROKEN_ANSWERS} times: check api_url, or try again later."
        raise ApiError(msg, 200)

    def change(
        self,
        endpoint: Endpoint[T],
        id: str = "",  # noqa: A002 (the name of the place in the path)
        body: object = None,
        *,
        content_type: str = "application/json",
        **params: Any,
    ) -> T:
        """Sends a write request. It is retried only if it was certainly not executed, or is idempotent.

        Args:
            endpoint: the endpoint.
            id: the id in its path.
            body: bytes, or what becomes JSON; none for a request without one.
            content_type: what bytes are.
            **params: parameters of the address.

        Returns:
            What the API says of it; an answer without a body says nothing.

        Raises:
            ApiError: without a status, with one from 500 on or with 200: perhaps it was done, and perhaps it was not.
                With another status, as of the classes below, it was not.
            NotFoundError: 404.
            ForbiddenError: 403.
            ScopeError: the consent does not cover it.
            SignInError: the token is not accepted.
            TryLaterError: rate limit or quota.
        """
        url = self.url(endpoint, id)
        content = body if isinstance(body, bytes | None) else msgspec.json.encode(body)
        answer, bearer = self._authorised(endpoint, url, params, content, content_type)
        if not 200 <= answer.status < 300:
            raise refusal(endpoint, answer, url, bearer)
        if not answer.body.strip():
            return endpoint.answer()
        try:
            return decode_leniently(answer.body, endpoint.answer)[0]
        except msgspec.DecodeError:
            msg = f"{url} answered something that is not JSON: check api_url, or try again later."
            raise ApiError(msg, 200) from None

    def _check_consent(self, endpoint: Endpoint[Any], url: str) -> None:
        """Refuses requests for which the granted scopes do not suffice, without sending them.

        Raises:
            ScopeError: the consent is known, and does not cover it.
        """
        if endpoint.scopes and self.is_user:
            # Only an answer that brings a token says what it may.
            self.tokens.bearer()
            granted = (self.tokens.scope or "").split()
            if granted and not set(granted) & set(endpoint.scopes):
                raise not_consented(endpoint, url, "it was not asked")

    def _authorised(
        self,
        endpoint: Endpoint[Any],
        url: str,
        params: dict[str, Any],
        content: bytes | None = None,
        content_type: str = "application/json",
    ) -> tuple[Answer, BearerAuth]:
        """Sends with an access token, renewed if it is refused."""
        request = Request(
            method=endpoint.method,
            url=url,
            idempotent=endpoint.idempotent,
            params=params,
            content=content,
            content_type=content_type,
        )
        return send_authorised(self._http.send, self.tokens, request)


def _says_nothing(endpoint: Endpoint[Any], answer: Answer) -> bool:
    return endpoint.may_be_empty and answer.status in (200, 204) and not answer.body.strip()
