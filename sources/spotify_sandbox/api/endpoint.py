"""What an endpoint declares: its method and path, who may call it, and its status for apps in development mode."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Literal, ParamSpec

from starlette.responses import PlainTextResponse, Response

from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError, forbidden, not_found

Method = Literal["GET", "POST", "PUT", "DELETE"]


Arguments = ParamSpec("Arguments")


def given(
    answer: Callable[Concatenate[Call, Arguments], Response], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Callable[[Call], Response]:
    """A handler with some arguments fixed; it keeps the docstring."""

    @wraps(answer)
    def answering(call: Call) -> Response:
        return answer(call, *arguments, **named)

    return answering


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of the Web API, one entry in the table of endpoints.

    Attributes:
        method: of HTTP.
        path: below ``/v1``, with its parameters in braces.
        answer: writes the answer.
        scopes: of which a token needs one (none: any token will do). Endpoints that only leave fields out without a
            scope, such as ``GET /me``, declare none.
        user: whether only a signed-in user may call it.
        development_status: the HTTP status that apps in development mode get since 2024-11-27 or 2026-02-11; null if
            they may call it. In the other API modes every endpoint is open.
    """

    method: Method
    path: str
    answer: Callable[[Call], Response]
    scopes: tuple[str, ...] = ()
    user: bool = False
    development_status: Literal[403, 404] | None = None

    def __call__(self, call: Call) -> Response:
        """The answer to a call, or the error if the caller may not call it."""
        refusal = call.client.refusal(call.grant.user)
        if refusal is not None:
            return PlainTextResponse(refusal, 403, {"access-control-allow-origin": "*"})
        if call.rules.restricted and self.development_status is not None:
            raise forbidden() if self.development_status == 403 else not_found()
        if self.user:
            call.user_id()
        if self.scopes and not any(map(call.grant.allows, self.scopes)):
            raise ApiError(403, "Insufficient client scope")
        return self.answer(call)
