"""``POST /api/token`` of the accounts service.

https://developer.spotify.com/documentation/web-api/tutorials/code-flow and related pages.
"""

from base64 import b64decode
from binascii import Error
from collections.abc import Callable
from urllib.parse import parse_qsl

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox.accounts import refusals
from sources.spotify_sandbox.accounts.clients import Client, Clients
from sources.spotify_sandbox.accounts.tokens import Issued, Tokens
from sources.spotify_sandbox.api.service import Service
from sources.spotify_sandbox.errors import TokenError
from sources.spotify_sandbox.http import answers

Form = dict[str, str]


def token(service: Service, authorization: str | None, body: bytes) -> Response:
    """The tokens for a code or a refresh token, or an access token for an application alone.

    Raises:
        TokenError: One of OAuth's errors, with the description that clients report from Spotify.
    """
    form = dict(parse_qsl(body.decode(errors="replace")))
    grant_type = form.get("grant_type")
    if grant_type is None:
        raise TokenError(*refusals.NO_GRANT_TYPE)
    if grant_type not in _GRANTS:
        raise TokenError(*refusals.GRANT_TYPE)
    client, secret = _authenticated(service.clients, authorization, form)
    return _answer(_GRANTS[grant_type](service.tokens, client, form, secret))


def _client_credentials(tokens: Tokens, client: Client, _form: Form, secret: bool) -> Issued:
    if not secret:
        raise TokenError(*refusals.CLIENT)
    return tokens.application(client.client_id)


def _authorization_code(tokens: Tokens, client: Client, form: Form, secret: bool) -> Issued:
    code = _supplied(form, "code")
    redirect_uri = _supplied(form, "redirect_uri")
    return tokens.exchange(code, client.client_id, redirect_uri, form.get("code_verifier"), secret=secret)


def _refresh_token(tokens: Tokens, client: Client, form: Form, secret: bool) -> Issued:
    return tokens.refresh(_supplied(form, "refresh_token"), client.client_id, secret=secret)


_GRANTS: dict[str, Callable[[Tokens, Client, Form, bool], Issued]] = {
    "client_credentials": _client_credentials,
    "authorization_code": _authorization_code,
    "refresh_token": _refresh_token,
}


def _supplied(form: Form, name: str) -> str:
    if name not in form:
        raise TokenError(*refusals.missing(name))
    return form[name]


def _authenticated(clients: Clients, authorization: str | None, form: Form) -> tuple[Client, bool]:
    """The client, and whether it sent its secret, in a Basic header or in the body."""
    client_id, secret = form.get("client_id"), form.get("client_secret")
    if authorization is not None:
        client_id, secret = _basic(authorization)
    client = clients.get(client_id or "")
    if client is None:
        raise TokenError(*refusals.CLIENT)
    if secret is not None and secret != client.client_secret:
        raise TokenError(*refusals.SECRET)
    return client, secret is not None


def _basic(authorization: str) -> tuple[str | None, str | None]:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        client_id, _, secret = b64decode(value, validate=True).decode().partition(":")
    except (Error, ValueError):
        return None, None
    return client_id, secret


def _answer(issued: Issued) -> Response:
    body: dict[str, str | int] = {"access_token": issued.access_token, "token_type": "Bearer", "expires_in": 3600}
    if issued.refresh_token is not None:
        body["refresh_token"] = issued.refresh_token
    if issued.scope is not None:
        body["scope"] = issued.scope
    return answers.token(msgspec.json.encode(body))
