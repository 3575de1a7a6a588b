"""The pictures are JPEG files whose blocks have the colours that were asked for."""

import itertools
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sources.spotify_sandbox.api.pictures import Colour, jpeg

CODES = {"00": 0, "010": 1, "011": 2, "100": 3, "101": 4, "110": 5, "1110": 6, "11110": 7, "111110": 8}


def decoded(picture: bytes, blocks: int) -> list[Colour]:
    """The colours of a picture's blocks, read as the standard says: segments, codes of differences, stuffed bytes."""
    at, quantisation = 2, 0
    while picture[at + 1] != 0xDA:
        length = int.from_bytes(picture[at + 2 : at + 4], "big")
        if picture[at + 1] == 0xDB:
            quantisation = picture[at + 5]
        at += 2 + length
    data = picture[at + 2 + int.from_bytes(picture[at + 2 : at + 4], "big") : -2].replace(b"\xff\x00", b"\xff")
    bits = iter("".join(f"{byte:08b}" for byte in data))

    def difference() -> int:
        code = ""
        while code not in CODES:
            code += next(bits)
        size = CODES[code]
        value = int("0" + "".join(itertools.islice(bits, size)), 2)
        assert next(bits) == "0", "no end of block"
        return value if not size or value >> (size - 1) else value - (1 << size) + 1

    coefficients, colours = [0, 0, 0], []
    for _ in range(blocks * blocks):
        coefficients = [coefficient + difference() for coefficient in coefficients]
        y, cb, cr = (coefficient * quantisation // 8 + 128 for coefficient in coefficients)
        colours.append((y, cb, cr))
    return colours


@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_colours_come_back(size: int, random: Random) -> None:
    """Every block of every picture decodes to its colour."""
    blocks = -(-size // 8)
    colours = [(random.randrange(256), random.randrange(256), random.randrange(256)) for _ in range(blocks * blocks)]
    assert decoded(jpeg(size, lambda x, y: colours[y * blocks + x]), blocks) == colours
