"""Limits are checked, not corrected, and links carry what the request said."""

import pytest

from sources.spotify_sandbox.errors import ApiError
from sources.spotify_sandbox.render import paging
from sources.spotify_sandbox.render.paging import Page


@pytest.mark.parametrize("text", ["0", "51", "-1", "ten", "", "1.5", "٣"])
def test_limit_out_of_range(text: str) -> None:
    """A limit that is no number from 1 to the maximum is an error."""
    with pytest.raises(ApiError, match="Invalid limit"):
        paging.limit({"limit": text}, default=20, maximum=50)


def test_limit_default() -> None:
    """Without a limit the default applies."""
    assert paging.limit({}, default=20, maximum=50) == 20
    assert paging.offset({}) == 0


def test_offset_out_of_range() -> None:
    """Offsets go from 0 to 100,000."""
    assert paging.offset({"offset": "100000"}) == 100_000
    with pytest.raises(ApiError, match="Invalid offset"):
        paging.offset({"offset": "100001"})


def test_links() -> None:
    """Links name offset and limit first, and end at both ends."""
    page = Page("http://h/x", 100, 50, "&market=ES")
    assert page.href == "http://h/x?offset=100&limit=50&market=ES"
    assert page.next(151) == "http://h/x?offset=150&limit=50&market=ES"
    assert page.next(150) is None
    assert page.previous() == "http://h/x?offset=50&limit=50&market=ES"
    assert Page("http://h/x", 0, 50).previous() is None
    assert Page("http://h/x", 20, 50).previous() == "http://h/x?offset=0&limit=50"


def test_echo_of_a_request() -> None:
    """Additional types come back as track, a language as locale, fields and market as they were."""
    query = {"additional_types": "track,episode", "fields": "items(track.uri),next", "market": "ES", "limit": "7"}
    assert (
        paging.echo(query, "en-US,en;q=0.5")
        == "&market=ES&additional_types=track&fields=items(track.uri),next&locale=en-US,en;q%3D0.5"
    )
