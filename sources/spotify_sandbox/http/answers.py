"""Answers with the headers of recorded ones."""

from starlette.responses import Response

from sources.spotify_sandbox.errors import ApiError

_ALWAYS = {
    "content-type": "application/json; charset=utf-8",
    "x-robots-tag": "noindex, nofollow",
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "Accept, App-Platform, Authorization, Content-Type, Origin, Retry-After, "
    "Spotify-App-Version, X-Cloud-Trace-Context, client-token, content-access-token",
    "access-control-allow-methods": "GET, POST, OPTIONS, PUT, DELETE, PATCH",
    "access-control-allow-credentials": "true",
    "access-control-max-age": "604800",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "server": "envoy",
    "via": "HTTP/2 edgeproxy, 1.1 google",
}
_PUBLIC = _ALWAYS | {"cache-control": "public, max-age=0", "vary": "Accept-Encoding"}
_PRIVATE = _ALWAYS | {"cache-control": "private, max-age=0", "vary": "Authorization, Accept-Encoding"}
_DONE = {key: value for key, value in _PRIVATE.items() if key not in {"content-type", "vary"}}
_TOKEN = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
    "server": "envoy",
}


def public(body: bytes) -> Response:
    """An answer of the catalogue, or a playlist."""
    return Response(body, headers=_PUBLIC)


def private(body: bytes, status: int = 200) -> Response:
    """An answer about the signed-in user."""
    return Response(body, status, headers=_PRIVATE)


def done(status: int = 200) -> Response:
    """An answer without a body, to a request that changed something."""
    return Response(status_code=status, headers=_DONE)


def token(body: bytes) -> Response:
    """An answer of the accounts service."""
    return Response(body, headers=_TOKEN)


def preflight() -> Response:
    """The answer to a CORS preflight request: methods and headers, valid for a week."""
    return Response(status_code=204, headers=_DONE)


def failed(error: ApiError) -> Response:
    """An error answer."""
    headers = _PRIVATE | {"vary": "Accept-Encoding"}
    if error.authenticate is not None:
        headers["www-authenticate"] = error.authenticate
    return Response(error.body(), error.status, headers=headers)
