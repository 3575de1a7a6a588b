"""Pictures told by their bytes."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sources.spotify.resources.image_format import picture
from sources.spotify_sandbox.api.pictures import cover

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 300, 200) + b"rest"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (cover("a" * 24, 300), ("image/jpeg", 300, 300)),
        (PNG, ("image/png", 300, 200)),
        (b"GIF89a" + struct.pack("<HH", 3, 2), ("image/gif", 3, 2)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", ("image/webp", None, None)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x0b\x08\x00\x05\x00\x06\x01", ("image/jpeg", 6, 5)),
        (b"\xff\xd8\xff\xe0\x00\x00", ("image/jpeg", None, None)),
    ],
)
def test_kinds_and_sizes(data: bytes, expected: tuple[object, ...]) -> None:
    """Kind, width and height are in the first bytes of each format; a broken JPEG is one of unknown size."""
    found = picture(data)
    assert found is not None
    assert (found.content_type, found.width, found.height) == expected


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"RIFFxxxxWAVE"]
)
def test_other_formats_are_refused(data: bytes) -> None:
    """An HTML error page, an SVG (which may contain scripts) and audio are no pictures."""
    assert picture(data) is None


@given(st.sampled_from([b"\xff\xd8\xff", PNG[:8], b"GIF89a", b"RIFF"]), st.binary(max_size=60))
@example(b"\xff\xd8\xff", b"\xff" * 60)
@example(b"\xff\xd8\xff", b"\xc0")
def test_no_bytes_break_it(start: bytes, rest: bytes) -> None:
    """Whatever follows the first bytes, there is an answer."""
    found = picture(start + rest)
    assert found is None or found.data == start + rest
