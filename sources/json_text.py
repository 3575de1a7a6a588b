"""JSON that every parser reads alike, JavaScript's too (https://www.rfc-editor.org/rfc/rfc8259#section-6)."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

import msgspec

from sources.safe_text import escaped_json

LARGEST = 2**53
"""Whole numbers beyond it are rounded by readers that keep numbers as floating point."""


def json_text(value: Any, *, indent: int = 0) -> str:
    """A value as JSON: whole numbers beyond 2^53 are text, what is no number null, times ISO 8601, bytes base64.

    What is no plain text stands in its strings as an escape, so that it can be shown on a terminal.

    Args:
        value: anything that the tables hold, in lists and mappings of any depth.
        indent: spaces a level; none for a single line.
    """
    text = msgspec.json.encode(_safe(msgspec.to_builtins(_keyed(value), enc_hook=str)))
    return escaped_json((msgspec.json.format(text, indent=indent) if indent else text).decode())


def _keyed(value: Any) -> Any:
    """With text as the key of each mapping, and what msgspec does not take as something that it does."""
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else str(key): _keyed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_keyed(inner) for inner in value]
    return value


def _safe(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _safe(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_safe(inner) for inner in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST:
        return str(value)
    return value
