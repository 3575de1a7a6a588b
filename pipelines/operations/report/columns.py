"""Columns as a page can carry them: numbers as steps, repeated words once, all of it deflated and in base64."""

import zlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

MOST_AT_ONCE = 9
"""How hard zlib tries; the page is written once and kept."""


def steps(values: Iterable[int | None]) -> list[int | None]:
    """Each number less the one before it, which takes fewer digits; null stays null and is no step."""
    found: list[int | None] = []
    before = 0
    for value in values:
        found.append(None if value is None else value - before)
        before = before if value is None else value
    return found


def dictionary(values: Sequence[str]) -> tuple[list[str], list[int]]:
    """The different words, those that come most often first, and for each value which of them it is."""
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
