"""The errors for responses with a status other than success."""

from typing import Any

import msgspec

from sources.errors import ApiError, ConfigurationError, ForbiddenError, NotFoundError, ScopeError, SignInError
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.auth.bearer_auth import BearerAuth
from sources.spotify.http.transport import Answer
from sources.spotify.models.lenient_decode import decode_leniently
from sources.spotify.models.refusals import Refusal

MESSAGE = 200
"""Maximum number of characters of the API's message that an error quotes."""


def refusal(endpoint: Endpoint[Any], answer: Answer, url: str, bearer: BearerAuth) -> Exception:
    """The error for a response that is not a success."""
    reason = _message(answer, bearer)
    if answer.status == 404:
        return NotFoundError(f"{url} is not there ({reason}): deleted, or hidden from this app.", 404)
    if answer.status == 401:
        return SignInError(f"{url} does not accept the access token ({reason}): sign in again.")
    if answer.status == 403:
        return _forbidden(endpoint, reason, url)
    if 300 <= answer.status < 400:
        return ApiError(f"{url} redirects elsewhere (HTTP {answer.status}): check api_url.", answer.status)
    return ApiError(f"{url} answered HTTP {answer.status} ({reason}).", answer.status)


def not_consented(endpoint: Endpoint[Any], url: str, reason: str) -> ScopeError:
    """The scope where one is known; then whoever knows the resource says how to sign in for it."""
    remedy = (
        f"It needs the scope {' or '.join(endpoint.scopes)}." if endpoint.scopes else "Sign in again: playlake login."
    )
    return ScopeError(f"{url}: the consent does not cover this ({reason}). {remedy}")


def _forbidden(endpoint: Endpoint[Any], reason: str, url: str) -> Exception:
    """403 has several meanings, which only the message distinguishes."""
    words = reason.lower()
    if "scope" in words:
        return not_consented(endpoint, url, reason)
    if "premium subscription required" in words:
        return ConfigurationError(f"{url}: {reason} Apps in development mode stop when their owner has no Premium.")
    if "not registered" in words or "not be registered" in words or "not approved" in words:
        return ConfigurationError(f"{url}: {reason} Add the user to the app on the dashboard.")
    return ForbiddenError(f"{url} is not for this app or user ({reason}).", 403)


def _message(answer: Answer, bearer: BearerAuth) -> str:
    """The API's message on one line: `error.message` of its JSON, else the beginning of the text."""
    try:
        problem = decode_leniently(answer.body, Refusal)[0].error
    except msgspec.DecodeError:
        problem = None
    message = problem.message if problem is not None else None
    # Before it is cut: a part of a token is still a part of a token.
    text = " ".join(bearer.redact_in(message or answer.body.decode(errors="replace")).split())
    return text[:MESSAGE] or f"HTTP {answer.status}"
