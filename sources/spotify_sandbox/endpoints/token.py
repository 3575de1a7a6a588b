"""``POST /api/token`` of the accounts service."""

from base64 import b64decode
from binascii import Error
from urllib.parse import parse_qsl

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox import answers
from sources.spotify_sandbox.errors import TokenError
from sources.spotify_sandbox.service import Service
from sources.spotify_sandbox.tokens import CLIENT_ID, CLIENT_SECRET


def token(service: Service, authorization: str | None, body: bytes) -> Response:
    """An access token for an application, or for a user who once agreed."""
    form = dict(parse_qsl(body.decode(errors="replace")))
    grant_type = form.get("grant_type")
    if grant_type == "client_credentials":
        _authenticate(authorization, form, needs_secret=True)
        return _answer(service.tokens.application())
    if grant_type == "refresh_token":
        knows_secret = _authenticate(authorization, form, needs_secret=False)
        if "refresh_token" not in form:
            error, description = "invalid_request", "refresh_token must be supplied"
            raise TokenError(error, description)
        access, scope, following = service.tokens.refresh(form["refresh_token"], rotate=not knows_secret)
        return _answer(access, scope, following)
    error = "unsupported_grant_type"
    missing = "grant_type parameter is missing"
    other = "grant_type must be client_credentials, authorization_code or refresh_token"
    raise TokenError(error, missing if grant_type is None else other)


def _authenticate(authorization: str | None, form: dict[str, str], *, needs_secret: bool) -> bool:
    """Whether the client showed its secret: in a Basic header, or in the body."""
    client_id, secret = form.get("client_id"), form.get("client_secret")
    if authorization is not None:
        client_id, secret = _basic(authorization)
    error = "invalid_client"
    if client_id != CLIENT_ID or (needs_secret and secret is None):
        description = "Invalid client"
        raise TokenError(error, description)
    if secret is not None and secret != CLIENT_SECRET:
        description = "Invalid client secret"
        raise TokenError(error, description)
    return secret is not None


def _basic(authorization: str) -> tuple[str | None, str | None]:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        client_id, _, secret = b64decode(value, validate=True).decode().partition(":")
    except (Error, ValueError):
        return None, None
    return client_id, secret


def _answer(access: str, scope: str | None = None, refresh: str | None = None) -> Response:
    body: dict[str, str | int] = {"access_token": access, "token_type": "Bearer", "expires_in": 3600}
    if refresh is not None:
        body["refresh_token"] = refresh
    if scope is not None:
        body["scope"] = scope
    return answers.token(msgspec.json.encode(body))
