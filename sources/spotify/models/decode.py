"""Decodes JSON to typed objects, in any thread."""

from threading import Lock
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

BUILDING = Lock()
"""Held while a decoder is made. msgspec 0.22 stores its description of a class in the class before it is complete;
another thread that decodes with it then reads a null pointer, and the process crashes."""

_DECODERS: dict[tuple[Any, bool], msgspec.json.Decoder[Any]] = {}


def decode(body: bytes, type_: type[T], *, strict: bool = True) -> T:
    """An answer's JSON as an object.

    Args:
        body: the JSON.
        type_: the type of the object.
        strict: whether numbers and booleans as text (`"5"`), and whole numbers with a decimal point (`5.0`), are
            errors.

    Raises:
        msgspec.ValidationError: the text is JSON, but not of this shape.
        msgspec.DecodeError: the text is not JSON, not UTF-8, holds half a surrogate pair or is nested too deep.
    """
    try:
        return _decoder(type_, strict=strict).decode(body)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from None


def _decoder(type_: type[T], *, strict: bool) -> msgspec.json.Decoder[T]:
    decoder = _DECODERS.get((type_, strict))
    if decoder is None:
        with BUILDING:
            decoder = _DECODERS[type_, strict] = msgspec.json.Decoder(type_, strict=strict)
    return decoder
