"""Parses invalid JSON as plain values, and replaces invalid characters.

Text may hold half a surrogate pair (a name that was cut in the middle of an emoji), bytes that are no UTF-8, or NUL,
which not every database takes; these become U+FFFD, as Unicode recommends
(https://www.unicode.org/faq/utf_bom.html#gen8).
Numbers may be `NaN`, infinite or far too long, and values may be nested too deep for any parser.
"""

import json
import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

import msgspec

DEEPEST = 100
"""Maximum depth of nested values; answers have ten levels."""

LONGEST = 4000
"""Maximum digits of a whole number; Python's own limit is 4,300."""

FEW = 100
"""Backslashes that are examined one by one before the rest is searched at once."""

REPLACED = "invalid characters were replaced"
UNREADABLE = "not a number, or nested too deep"

Step = str | int
Found = tuple[tuple[Step, ...], str]
"""A place in a document, and what was found there."""

_BROKEN = re.compile("[\\ud800-\\udfff\\0]")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)


UNREAD = object()
"""Stands for a value that cannot be read."""


def holds_nul(body: bytes) -> bool:
    """Whether a text in JSON may hold NUL, which a decoder that skips parts does not look at."""
    at = -1
    # Searching one byte is ten times as fast as searching six, and answers have few backslashes.
    for _ in range(FEW):
        at = body.find(b"\\", at + 1)
        if at < 0:
            return False
        if body.startswith(b"u0000", at + 1):
            return True
    return body.find(b"\\u0000", at) >= 0


def is_utf8(body: bytes) -> bool:
    """Whether all bytes are UTF-8, as those of JSON must be."""
    try:
        return body.isascii() or bool(body.decode())
    except UnicodeDecodeError:
        return False


def plain(body: bytes) -> tuple[Any, list[Found]]:
    """A document as plain values, and the places of those that were replaced or cannot be read.

    What cannot be read is `UNREAD`; what is replaced holds U+FFFD.

    Raises:
        msgspec.DecodeError: the document is not JSON.
    """
    encoding = json.detect_encoding(body)
    try:
        text = body.decode(encoding, "surrogateescape" if encoding.startswith("utf-8") else "replace")
        value = json.loads(
            "".join(_shallow(text)),
            # Line breaks and other control characters are no reason to lose a text.
            strict=False,
            parse_constant=lambda _: UNREAD,
            parse_int=_whole,
            parse_float=_fraction,
        )
    except ValueError as error:
        raise msgspec.DecodeError(str(error)) from None
    found: list[Found] = []
    return _replaced(value, (), found), found


def _shallow(text: str) -> Iterator[str]:
    """The text without what is nested too deep, so that parsing it does not overflow the stack."""
    depth = kept = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            depth += 1
            if depth == DEEPEST + 1:
                yield text[kept : token.start()]
        elif sign in "]}":
            depth -= 1
            if depth == DEEPEST:
                kept = token.end()
                yield "NaN"
    if depth <= DEEPEST:
        yield text[kept:]


def _whole(digits: str) -> Any:
    return int(digits) if len(digits) <= LONGEST else UNREAD


def _fraction(digits: str) -> Any:
    return number if isfinite(number := float(digits)) else UNREAD


def _replaced(value: Any, steps: tuple[Step, ...], found: list[Found]) -> Any:
    """The value with U+FFFD in place of invalid characters, in the names of fields too."""
    if isinstance(value, str):
        replaced = _BROKEN.sub("\ufffd", value)
        if replaced != value:
            found.append((steps, REPLACED))
        return replaced
    if isinstance(value, list):
        return [_replaced(inner, (*steps, place), found) for place, inner in enumerate(value)]
    if isinstance(value, dict):
        fields: dict[str, Any] = {}
        for sent, inner in value.items():
            name = _BROKEN.sub("\ufffd", sent)
            while name in fields:
                name += "\ufffd"
            fields[name] = _replaced(inner, (*steps, name), found)
        return fields
    if value is UNREAD:
        found.append((steps, UNREADABLE))
    return value
