"""The query of a search is understood as the reference says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.spotify_sandbox.world.search_query import folded, parse

QUERIES: list[tuple[str, list[str], dict[str, list[str]]]] = [
    ("remaster track:Doxy artist:Miles Davis", ["remaster"], {"track": ["doxy"], "artist": ["miles", "davis"]}),
    ('album:"Kind of Blue" year:1955-1960', [], {"album": ["kind of blue"], "year": ["1955-1960"]}),
    ("tag:new", [], {"tag": ["new"]}),
    ("artist: Björk", [], {"artist": ["bjork"]}),
    ('"Never Gonna" give', ["never gonna", "give"], {}),
    ("re:stacks", ["re", "stacks"], {}),
    ('"unfinished business', ["unfinished business"], {}),
    ("ÆON Ÿ", ["æon", "y"], {}),
]


@pytest.mark.parametrize(("text", "words", "filters"), QUERIES)
def test_parse(text: str, words: list[str], filters: dict[str, list[str]]) -> None:
    """Words stand alone, quotes hold them together, a filter takes all words up to the next one."""
    query = parse(text)
    assert (query.words, query.filters) == (words, filters)


@given(st.text())
def test_anything_is_a_query(text: str) -> None:
    """Whatever is typed is understood somehow."""
    parse(text)


@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    """A text that was folded stays as it is."""
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("years", "date", "found"),
    [
        ("1957", "1957-03-01", True),
        ("1957", "1958", False),
        ("1955-1960", "1960-12-31", True),
        ("1955-1960", "1961", False),
        ("lately", "2020", False),
        ("1957", None, False),
    ],
)
def test_years(years: str, date: str | None, found: bool) -> None:
    """One year or a range of years can be asked for."""
    assert parse(f"year:{years}").in_year(date) is found
