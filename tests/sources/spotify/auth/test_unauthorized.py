"""What a 401 does."""

import pytest
import requests

from sources.spotify.auth.bearer_auth import BearerAuth
from sources.spotify.auth.tokens import Tokens
from sources.spotify.auth.unauthorized import send_authorised
from sources.spotify.http.transport import Answer, Request
from tests.sources.spotify.stand_in import ACCOUNTS, API, Clock, credentials, get, in_turn, post, reply, transport


def header(auth: object) -> str:
    """The header that a token becomes."""
    assert isinstance(auth, BearerAuth)
    return str(auth(requests.Request("GET", API).prepare()).headers["Authorization"])


@pytest.mark.parametrize("request_", [get(f"{API}/me"), post(f"{API}/me")])
@pytest.mark.parametrize("statuses", [[200], [403], [401, 200], [401, 401]])
def test_the_first_401_renews_the_token_and_the_second_is_the_answer(request_: Request, statuses: list[int]) -> None:
    """Only a 401 is repeated, once and with another token, be it a read or a write."""
    clock, left = Clock(), list(statuses)
    answers = (
        reply({"access_token": text, "token_type": "Bearer", "expires_in": 3600}) for text in ("FIRST", "SECOND")
    )
    tokens = Tokens(credentials(), ACCOUNTS, transport(in_turn(*answers), clock), clock.now)
    headers = []

    def send(request: Request) -> Answer:
        headers.append(header(request.auth))
        return Answer(left.pop(0), b"{}")

    answer, bearer = send_authorised(send, tokens, request_)
    assert headers == ["Bearer FIRST", "Bearer SECOND"][: len(statuses)]
    assert (answer.status, header(bearer)) == (statuses[-1], headers[-1])
