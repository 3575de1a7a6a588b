"""Decodes JSON to typed objects."""

from typing import TypeVar

import msgspec

T = TypeVar("T")


def decode(body: bytes, type_: type[T], *, strict: bool = True) -> T:
    """An answer's JSON as an object.

    Args:
        body: the JSON.
        type_: the type of the object.
        strict: whether numbers and truth values must not come as text, or with a point and nothing behind it.

    Raises:
        msgspec.ValidationError: the text is JSON, but not of this shape.
        msgspec.DecodeError: the text is not JSON, not UTF-8, holds half a surrogate pair or nests without end.
    """
    try:
        return msgspec.json.decode(body, type=type_, strict=strict)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from None
