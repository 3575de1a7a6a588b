"""Settings that are lists, in the forms that people write them in."""

from collections.abc import Callable
from typing import Any

import pytest

from sources.errors import ConfigurationError
from sources.spotify.list_settings import SEARCH_TYPES, queries, search_types, seeds

ARTIST = "0OdUWJ0sBjDrqHygGUXeCF"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, ()),
        ("", ()),
        ("one, two;  three   words ", ("one, two", "three words")),
        ('["a;b", "a;b", " "]', ("a;b",)),
        (["tag:new", "artist:x"], ("tag:new", "artist:x")),
    ],
)
def test_queries(given: Any, read: tuple[str, ...]) -> None:
    """A list, JSON, or texts between semicolons: a query may hold commas and blanks. Each counts once."""
    assert queries(given) == read


def test_kinds_of_results() -> None:
    """All of them, or those named, always in one order."""
    assert search_types(None) == SEARCH_TYPES
    assert search_types("track album") == ("album", "track")


def test_seeds() -> None:
    """URIs, links and names of genres."""
    link = f"https://open.spotify.com/intl-de/artist/{ARTIST}?si=1"
    assert seeds(f"spotify:track:{ARTIST}, {link} drum-and-bass") == (
        f"track:{ARTIST}",
        f"artist:{ARTIST}",
        "genre:drum-and-bass",
    )


@pytest.mark.parametrize(
    ("read", "given", "said"),
    [
        (queries, ["a\0b"], "cannot be searched for"),
        (queries, [1], "not a list of queries"),
        (search_types, "song", "search_types = 'song'"),
        (seeds, "spotify:album:1", "recommendation_seeds = 'spotify:album:1'"),
        (seeds, "a b c d e f", "takes 5 at most"),
    ],
)
def test_what_is_none(read: Callable[[Any], tuple[str, ...]], given: Any, said: str) -> None:
    """What cannot be meant is refused with the setting's name."""
    with pytest.raises(ConfigurationError, match=said):
        read(given)
