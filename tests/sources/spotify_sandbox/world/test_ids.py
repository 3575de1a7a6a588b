"""Ids are Spotify's 22 characters and generated ones can be read back."""

from hypothesis import given
from hypothesis import strategies as st

from sources.spotify_sandbox.world import ids


@given(st.integers(0, 2**128 - 1))
def test_base62_both_ways(number: int) -> None:
    """Every number of 128 bits has an id of 22 characters that is read as that number."""
    text = ids.encode(number)
    assert ids.is_id(text)
    assert ids.decode(text) == number


@given(st.integers(-(2**31), 2**31), st.integers(0, 2**31))
def test_generated_ids_are_read_back(seed: int, index: int) -> None:
    """The index of a generated object is found in its id, by the same seed and kind only."""
    text = ids.make(seed, "track", index)
    assert ids.read(seed, "track", text) == index
    assert ids.read(seed, "album", text) is None
    assert ids.read(seed + 1, "track", text) is None


def test_what_is_no_id() -> None:
    """Wrong lengths and characters outside base62 are refused."""
    for text in ("", "x", "37i9dQZF1DX1R3yDogYrb", "37i9dQZF1DX1R3yDogYrboo", "37i9dQZF1DX1R3yDogYr-o"):
        assert not ids.is_id(text)
        assert ids.read(1, "track", text) is None
