"""Columns in a compact form for the page: numbers as differences, repeated texts once, deflated and in base64."""

import zlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

MOST_AT_ONCE = 9
"""zlib's compression level: high, since the page is written once and kept."""


def steps(values: Iterable[int | None]) -> list[int | None]:
    """The difference of each number to the one before it, which takes fewer digits; null stays null and is skipped."""
    found: list[int | None] = []
    before = 0
    for value in values:
        found.append(None if value is None else value - before)
        before = before if value is None else value
    return found


def dictionary(values: Sequence[str]) -> tuple[list[str], list[int]]:
    """The distinct texts, the most frequent first, and for each value the index of its text."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    words = sorted(counts, key=lambda word: (-counts[word], word))
    places = {word: place for place, word in enumerate(words)}
    return words, [places[value] for value in values]


def packed(columns: dict[str, Any]) -> str:
    """The columns as JSON, deflated with a zlib header, which a browser's DecompressionStream("deflate") undoes.

    https://developer.mozilla.org/en-US/docs/Web/API/DecompressionStream
    """
    return b64encode(zlib.compress(msgspec.json.encode(columns), MOST_AT_ONCE)).decode()
