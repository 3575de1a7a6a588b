"""What happens on a 401: the first renews the access token, the second is final.

The second 401 is returned like any other answer; `api/refusals.py` turns it into a `SignInError`,
which ends the run (`resources/outcome.py`).
"""

from collections.abc import Callable
from dataclasses import replace

from sources.spotify.auth.bearer_auth import BearerAuth
from sources.spotify.auth.tokens import Tokens
from sources.spotify.http.transport import Answer, Request


def send_authorised(send: Callable[[Request], Answer], tokens: Tokens, request: Request) -> tuple[Answer, BearerAuth]:
    """Sends a request with an access token. A 401 renews the token, and the request is sent once more.

    Valid tokens are refused now and then, so the first 401 says little. Writes are sent again, too: a request that was
    refused was not carried out.

    Args:
        send: sends a request, with its own retries on 429 and 5xx.
        tokens: the access tokens.
        request: without authorisation.

    Returns:
        The answer, and the token that it was sent with.

    Raises:
        PlaylakeError: there is no token, or no answer.
    """
    bearer = tokens.bearer()
    answer = send(replace(request, auth=bearer))
    if answer.status == 401:
        bearer = tokens.bearer(refused=bearer)
        answer = send(replace(request, auth=bearer))
    return answer, bearer
