"""Post-processing of responses: ETag and 304, gzip, HEAD.

ETags are documented (https://developer.spotify.com/documentation/web-api/concepts/api-calls) and were on every answer
recorded up to 2025: ``"MC-<base64>"``, where the base64 encodes 32 hexadecimal digits in quotation marks.
"""

import zlib
from base64 import b64encode
from hashlib import sha1

from starlette.responses import Response

from sources.spotify_sandbox.http.exchange import Exchange

LEVEL = 1
"""The gzip level: a tenth of the size, several times as fast as the default level."""

SMALLEST = 512
"""Minimum size in bytes of an answer that is compressed."""

_BODILY = {b"content-length", b"content-type"}
"""Headers that are removed from an answer without a body."""


def delivered(exchange: Exchange, response: Response) -> Response:
    """The answer for this client: 304 if it has it already, compressed if it accepts that."""
    if response.status_code == 200 and exchange.method in {"GET", "HEAD"} and _is_json(response):
        tag = etag(response.body)
        response.raw_headers.append((b"etag", tag.encode()))
        if _matches(exchange.headers.get("if-none-match"), tag):
            return _not_modified(response)
    if len(response.body) >= SMALLEST and _is_json(response) and _accepts_gzip(exchange):
        _compress(response)
    return response


def etag(body: bytes | memoryview) -> str:
    """The tag of a body. The digits are those of a truncated SHA-1, since MD5, as Spotify uses, costs twice as much."""
    digits = sha1(body, usedforsecurity=False).hexdigest()[:32]
    return '"MC-' + b64encode(b'"%b"' % digits.encode()).decode() + '"'


def _is_json(response: Response) -> bool:
    return (b"content-type", b"application/json; charset=utf-8") in response.raw_headers


def _matches(asked: str | None, tag: str) -> bool:
    """Whether a client has this tag: alone, in a list, as a weak tag, or as ``*``."""
    if asked is None:
        return False
    return asked.strip() == "*" or tag in [known.strip().removeprefix("W/") for known in asked.split(",")]


def _not_modified(response: Response) -> Response:
    answer = Response(status_code=304)
    answer.raw_headers = [pair for pair in response.raw_headers if pair[0] not in _BODILY]
    return answer


def _accepts_gzip(exchange: Exchange) -> bool:
    for coding in exchange.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = coding.replace(" ", "").partition(";q=")
        if name == "gzip":
            return weight.strip("0.") != "" or not weight
    return False


def _compress(response: Response) -> None:
    response.body = zlib.compress(response.body, LEVEL, wbits=31)
    kept = [pair for pair in response.raw_headers if pair[0] != b"content-length"]
    length = str(len(response.body)).encode()
    response.raw_headers = [*kept, (b"content-encoding", b"gzip"), (b"content-length", length)]
