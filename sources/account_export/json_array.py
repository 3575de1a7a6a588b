"""Streams the elements of a JSON array of any length in constant memory."""

import re
from collections.abc import Iterator
from typing import IO, TypeVar

import msgspec

from sources.errors import ConfigurationError

T = TypeVar("T")

CHUNK = 1 << 20
"""Bytes that are read at a time."""
LONGEST = 8 << 20
"""Bytes in which an element must end."""
TRIES = 64
"""Closing braces that may stand in the texts of one element, at the end of what was read."""
BOM = b"\xef\xbb\xbf"
NUL = b"\\u0000"
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""What stands behind a backslash: two halves of a character, a group of what is none, or anything else."""


def elements(stream: IO[bytes], decoder: "msgspec.json.Decoder[list[T]]", name: str) -> Iterator[list[T]]:
    """The objects of an array, some at a time.

    What was read is cut behind a closing brace. Should that stand within a text, what is before it is no JSON, and the
    brace before it is tried: what is JSON up to a brace ends with an element, whatever comes after.

    Args:
        stream: the file.
        decoder: decodes a list of the objects.
        name: the name of the file, for messages.

    Raises:
        ConfigurationError: the text is not a JSON array of objects, or it ends before the array does.
    """
    rest, lead, count = stream.read(len(BOM)).removeprefix(BOM), b"[", 0
    while True:
        data = stream.read(CHUNK)
        # Of elements that were cut off before, the comma stands where the bracket stood.
        rest = (rest + data).lstrip()
        if rest and not rest.startswith((lead, b"]") if count else lead):
            raise _no_history(name, count)
        found, end = _longest(_legible(rest) if NUL in rest else rest, decoder, name, count)
        if not found and b"\\u" in rest:
            found, end = _longest(_legible(rest), decoder, name, count)
        if found:
            yield found
            count, rest, lead = count + len(found), rest[end:], b","
        elif len(rest) > LONGEST:
            raise _no_history(name, count)
        if not data:
            break
    if (b"[" + rest if count else rest).translate(None, b" \t\r\n") != b"[]":
        raise _no_history(name, count)


def _longest(text: bytes, decoder: "msgspec.json.Decoder[list[T]]", name: str, count: int) -> tuple[list[T], int]:
    """The complete elements at the start of a text, and the position where the last one ends."""
    end = len(text)
    for _ in range(TRIES):
        end = text.rfind(b"}", 0, end)
        if end < 0:
            break
        try:
            return decoder.decode(b"".join((b"[", memoryview(text)[1 : end + 1], b"]"))), end + 1
        except msgspec.ValidationError as error:
            msg = f"{name} is not a streaming history of Spotify's account data: {error}, after {count:,} entries."
            raise ConfigurationError(msg) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return [], 0


def _legible(text: bytes) -> bytes:
    """As many bytes, with U+FFFD for what is written like a character and is none: half an emoji, or NUL.

    Names are cut in the middle of an emoji now and then, and not every database takes NUL.
    """
    return _ESCAPE.sub(lambda found: found[0] if found[1] is None else b"\\ufffd", text)


def _no_history(name: str, count: int) -> ConfigurationError:
    msg = f"{name} is not a streaming history of Spotify's account data: it is not a JSON array of plays."
    if count:
        msg = f"{name} is cut off or damaged after {count:,} entries: copy or download it again. Nothing was stored."
    return ConfigurationError(msg)
