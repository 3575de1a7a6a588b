"""Covers: ``/playlists/{id}/images``, and the pictures behind the addresses of all images."""

from base64 import b64decode
from binascii import Error
from hashlib import blake2b

from starlette.responses import Response

from sources.spotify_sandbox.api import pictures
from sources.spotify_sandbox.api.address import Address
from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import owned, playlist_of
from sources.spotify_sandbox.api.endpoints.bodies import scoped
from sources.spotify_sandbox.api.service import Call, Service
from sources.spotify_sandbox.errors import ApiError, bad_request
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.http.exchange import Exchange
from sources.spotify_sandbox.render import covers
from sources.spotify_sandbox.render.json import image

MOST = 256 * 1024
"""Maximum bytes of an upload, as base64 (reference; https://github.com/spotipy-dev/spotipy/issues/633)."""

_CUSTOM = "ab67706c0000da84"
_HEADERS = {"content-type": "image/jpeg", "access-control-allow-origin": "*", "server": "envoy"}


def images(call: Call) -> Response:
    """The cover of a playlist: a bare array, empty without one."""
    found = playlist_of(call)
    written = b"[]" if found.images == b"null" else found.images
    return answers.public(covers.addressed(written, call.base.removesuffix("/v1"), found.moment))


def upload(call: Call) -> Response:
    """Upload a cover, a JPEG in base64."""
    scoped(call, "ugc-image-upload")
    found = owned(call)
    if len(call.body) > MOST:
        message = "Payload too large"
        raise ApiError(413, message)
    try:
        picture = b64decode(call.body, validate=True)
    except Error:
        picture = b""
    if not (picture.startswith(b"\xff\xd8\xff") and picture.endswith(b"\xff\xd9")):
        message = "Bad request."
        raise bad_request(message)
    name = _CUSTOM + blake2b(picture, digest_size=12).hexdigest()
    call.world.pictures[name] = picture
    found.set_images(f"[{image(f'https://image-cdn-ak.spotifycdn.com/image/{name}', None)}]".encode())
    return answers.done(202)


def picture(service: Service, asked: Exchange) -> Response:
    """A picture: an uploaded one, or one generated from its address. 403 once the address has expired."""
    host, folder = asked.params["host"], asked.params["folder"]
    name = covers.current(host, asked.params["name"], service.world.clock())
    if name is None:
        return Response(status_code=403, headers=_HEADERS)
    uploaded = service.world.pictures.get(name)
    drawn = uploaded or pictures.cover(covers.subject(name), covers.size(folder, name))
    return Response(drawn, headers=_HEADERS | {"cache-control": "public, max-age=3600"})


ENDPOINTS = (
    Endpoint("GET", "/playlists/{id}/images", images),
    Endpoint(
        "PUT",
        "/playlists/{id}/images",
        upload,
        ("ugc-image-upload", "playlist-modify-public", "playlist-modify-private"),
        user=True,
    ),
)

ADDRESSES = (Address("GET", "/images/{host}/{folder}/{name}", picture),)
