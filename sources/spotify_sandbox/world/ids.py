"""Spotify's ids: 128 bits written as 22 base62 digits.

The ids of generated objects contain their index, so that a world of a million tracks needs no table from id to track:
the upper half is a hash of seed, kind and index, the lower half the index, obfuscated.
"""

import re
from hashlib import blake2b

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PAIRS = [high + low for high in DIGITS for low in DIGITS]
_VALUES = {digit: value for value, digit in enumerate(DIGITS)}
_TEN_DIGITS = 62**10
_HALF = (1 << 64) - 1
_ODD = 0x9E3779B97F4A7C15
_PATTERN = re.compile(r"[0-9A-Za-z]{22}")


def is_id(text: str) -> bool:
    """Whether an id is well formed; for any other Spotify answers ``Invalid base62 id``."""
    return _PATTERN.fullmatch(text) is not None


def encode(number: int) -> str:
    """A 128-bit number in 22 digits."""
    # Three machine words first: dividing those is several times faster than dividing the whole.
    number, low = divmod(number, _TEN_DIGITS)
    high, middle = divmod(number, _TEN_DIGITS)
    middle, e = divmod(middle, 3844)
    middle, d = divmod(middle, 3844)
    middle, c = divmod(middle, 3844)
    a, b = divmod(middle, 3844)
    low, j = divmod(low, 3844)
    low, i = divmod(low, 3844)
    low, h = divmod(low, 3844)
    f, g = divmod(low, 3844)
    two = _PAIRS
    return f"{two[high]}{two[a]}{two[b]}{two[c]}{two[d]}{two[e]}{two[f]}{two[g]}{two[h]}{two[i]}{two[j]}"


def decode(text: str) -> int:
    """The number in 22 digits."""
    number = 0
    for digit in text:
        number = number * 62 + _VALUES[digit]
    return number


def make(seed: int, kind: str, index: int) -> str:
    """The id of the generated object ``kind`` number ``index``."""
    high = _hash(seed, kind, index)
    return encode(high << 64 | (index ^ (high * _ODD & _HALF)))


def read(seed: int, kind: str, text: str) -> int | None:
    """The index inside an id made by ``make``, or None if it was not made so."""
    if not is_id(text):
        return None
    high, low = divmod(decode(text), 1 << 64)
    index = low ^ (high * _ODD & _HALF)
    return index if _hash(seed, kind, index) == high else None


def derive(*parts: object) -> str:
    """An id derived from some parts, for objects that are not looked up by index."""
    text = "\x1f".join(map(str, parts)).encode()
    return encode(int.from_bytes(blake2b(text, digest_size=16).digest(), "big"))


def _hash(seed: int, kind: str, index: int) -> int:
    text = b"%d/%b/%d" % (seed, kind.encode(), index)
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
