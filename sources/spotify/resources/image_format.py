"""Detects the format and size of an image from its bytes, since servers' content types are unreliable.

JPEG: https://www.w3.org/Graphics/JPEG/itu-t81.pdf (B.1.1.3, B.2.2); PNG: https://www.w3.org/TR/png-3/#11IHDR;
GIF: https://www.w3.org/Graphics/GIF/spec-gif89a.txt; WebP: https://developers.google.com/speed/webp/docs/riff_container
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

Size = tuple[int, int] | tuple[None, None]

_NO_SIZE: Size = (None, None)
# The markers for a start of frame; three in this range mean something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; width and height in pixels, null where they are not known."""

    data: bytes
    content_type: str
    width: int | None
    height: int | None

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hexadecimal digits."""
        return sha256(self.data).hexdigest()


def picture(data: bytes) -> Picture | None:
    """The picture in some bytes; null if they are not in a format that every browser shows."""
    if data.startswith(b"\xff\xd8\xff"):
        return Picture(data, "image/jpeg", *_jpeg_size(data))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Picture(data, "image/png", *_size(data[16:20], data[20:24], "big"))
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Picture(data, "image/gif", *_size(data[6:8], data[8:10], "little"))
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Picture(data, "image/webp", *_NO_SIZE)
    return None


def _size(width: bytes, height: bytes, order: Literal["big", "little"]) -> Size:
    if not (width and height):
        return _NO_SIZE
    return int.from_bytes(width, order), int.from_bytes(height, order)


def _jpeg_size(data: bytes) -> Size:
    """The size in the first start of frame; segments before it are skipped."""
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _FRAMES:
            return _size(data[place + 7 : place + 9], data[place + 5 : place + 7], "big")
        else:
            place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return _NO_SIZE
