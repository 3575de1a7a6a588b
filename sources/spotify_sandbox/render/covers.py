"""URLs of covers: addresses of this sandbox in place of Spotify's, which expire like them.

The addresses of a playlist's images are valid for less than a day
(https://developer.spotify.com/documentation/web-api/reference/get-playlist-cover): here for 12 to 24 hours.
"""

import re
from datetime import datetime
from hashlib import blake2b

_WINDOW = 12 * 3_600
_ADDRESS = re.compile(rb'"https://([a-z0-9.-]+)/([^"/]+)/([^"]+)"')
_SIGNED = re.compile(r"(.+)-([0-9a-f]{8})")

# Prefixes of the names of Spotify's images, by what they show, with the width.
_SIZES = {
    "ab67616d0000b273": 640,
    "ab67616d00001e02": 300,
    "ab67616d00004851": 64,
    "ab6765630000ba8a": 640,
    "ab67656300005f1f": 300,
    "ab6765630000f68d": 64,
    "ab676663000022a8": 640,
    "ab6766630000db5b": 300,
    "ab6766630000703b": 64,
    "ab6761610000e5eb": 640,
    "ab67616100005174": 320,
    "ab6761610000f178": 160,
    "ab6775700000ee85": 300,
    "ab67757000003b82": 64,
}
_OTHER = 300


def addressed(images: bytes, origin: str, moment: datetime) -> bytes:
    """The JSON of a playlist's images, with expiring addresses of this sandbox instead of Spotify's hosts."""

    def here(found: re.Match[bytes]) -> bytes:
        host, folder, rest = (part.decode() for part in found.groups())
        name = rest.replace("/", "~")
        return f'"{origin}/images/{host}/{folder}/{name}-{_signature(name, _window(moment))}"'.encode()

    return _ADDRESS.sub(here, images)


def _window(moment: datetime) -> int:
    return int(moment.timestamp()) // _WINDOW


def _signature(name: str, window: int) -> str:
    return blake2b(f"{window}/{name}".encode(), digest_size=4).hexdigest()


def current(host: str, name: str, moment: datetime) -> str | None:
    """The name of an image without its time of expiry; None once it has expired.

    Images of albums, artists, shows and users stay where they are.
    """
    signed = _SIGNED.fullmatch(name)
    if signed is None:
        return name if host == "i.scdn.co" and name[:16] in _SIZES else None
    window = _window(moment)
    return signed[1] if signed[2] in {_signature(signed[1], window), _signature(signed[1], window - 1)} else None


def size(folder: str, name: str) -> int:
    """How wide and high an image is, in pixels."""
    return int(folder) if folder in {"640", "300", "60"} else _SIZES.get(name[:16], _OTHER)


def subject(name: str) -> str:
    """The part of an image's name that is the same for every size; of a mosaic, its four covers."""
    parts = [name[start + 16 : start + 40] for start in range(0, len(name), 40)]
    return "".join(parts) if len(parts) == 4 else parts[0] or name
