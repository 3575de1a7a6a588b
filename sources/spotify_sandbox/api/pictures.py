"""Generates small cover pictures: baseline JPEG files in which each 8 by 8 block has one colour.

With one colour a block has a DC coefficient and nothing else, so that an encoder fits on a page (ITU-T T.81,
https://www.w3.org/Graphics/JPEG/itu-t81.pdf).
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b

Colour = tuple[int, int, int]
"""Y, Cb and Cr, each 0 to 255."""

# Table K.3 of the standard: the code of each magnitude of a DC difference.
_DC_COUNTS = bytes((0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0))
_DC_CODES = ("00", "010", "011", "100", "101", "110", "1110", "11110", "111110")
_END_OF_BLOCK = "0"
_CELLS = 8


@lru_cache(maxsize=64)
def cover(name: str, size: int) -> bytes:
    """A square picture generated from a name; from four names of 24 characters, a mosaic of their pictures."""
    faces = [_face(name[place : place + 24]) for place in range(0, 96, 24)] if len(name) == 96 else [_face(name)]
    across = 2 if len(faces) == 4 else 1
    blocks = -(-size // 8)

    def colour(x: int, y: int) -> Colour:
        column, row = x * across * _CELLS // blocks, y * across * _CELLS // blocks
        face = faces[row // _CELLS * across + column // _CELLS]
        return face(column % _CELLS, row % _CELLS)

    return jpeg(size, colour)


def _face(name: str) -> Callable[[int, int], Colour]:
    """A pattern of two colours, the left half mirrored on the right."""
    draw = blake2b(name.encode(), digest_size=16).digest()
    ground, figure = (60 + draw[0] % 60, draw[1], draw[2]), (150 + draw[3] % 90, draw[4], draw[5])

    def colour(x: int, y: int) -> Colour:
        return figure if draw[8 + y] >> min(x, _CELLS - 1 - x) & 1 else ground

    return colour


def jpeg(size: int, colour: Callable[[int, int], Colour]) -> bytes:
    """A square JPEG of ``size`` pixels whose block in column x and row y has one colour."""
    blocks = -(-size // 8)
    bits: list[str] = []
    before = (128, 128, 128)
    for y in range(blocks):
        for x in range(blocks):
            now = colour(x, y)
            bits += [_difference(new - old) + _END_OF_BLOCK for new, old in zip(now, before, strict=True)]
            before = now
    return _HEAD + _frame(size) + _SCAN + _packed("".join(bits)) + b"\xff\xd9"


def _difference(value: int) -> str:
    magnitude = abs(value).bit_length()
    if magnitude == 0:
        return _DC_CODES[0]
    # Negative differences are written as the ones' complement of what is positive.
    rest = value if value > 0 else value + (1 << magnitude) - 1
    return _DC_CODES[magnitude] + f"{rest:0{magnitude}b}"


def _packed(bits: str) -> bytes:
    filled = bits + "1" * (-len(bits) % 8)
    # A byte 0xFF in the data is followed by 0, so that it is no marker.
    return int(filled, 2).to_bytes(len(filled) // 8, "big").replace(b"\xff", b"\xff\x00")


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def _frame(size: int) -> bytes:
    side = size.to_bytes(2, "big")
    return _segment(0xC0, b"\x08" + side + side + b"\x03" + b"".join(bytes((n, 0x11, 0)) for n in (1, 2, 3)))


# Quantised by 8, the coefficient of a block of one colour is that colour less 128.
_HEAD = (
    b"\xff\xd8"
    + _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    + _segment(0xDB, b"\x00" + bytes((8,)) * 64)
    + _segment(0xC4, b"\x00" + _DC_COUNTS + bytes(range(12)))
    + _segment(0xC4, b"\x10" + bytes((1, *(0,) * 15)) + b"\x00")
)
_SCAN = _segment(0xDA, b"\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00")
