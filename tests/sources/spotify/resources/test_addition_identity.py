"""An addition is the same one as long as its item, as it was added, and its time are."""

from typing import Any

import msgspec
import pytest

from sources.spotify.models.answers import Entry
from sources.spotify.models.times import seconds
from sources.spotify.resources.addition_identity import identity
from sources.spotify.resources.collection_reading import Saved

ADDED = "2015-01-15T12:39:22Z"
WHEN = seconds(ADDED)
TRACK = {"type": "track", "uri": "spotify:track:1"}
EPISODE = {"type": "episode", "uri": "spotify:episode:1"}
ORIGINAL = {"uri": "spotify:track:original", "id": None}


def entry(item: dict[str, Any] | None, **more: Any) -> Entry:
    """An entry of a playlist as the API sends it."""
    return msgspec.convert({"added_at": ADDED, "item": item} | more, Entry)


@pytest.mark.parametrize(
    ("item", "uri"),
    [
        (TRACK, "spotify:track:1"),
        (TRACK | {"linked_from": ORIGINAL}, "spotify:track:original"),
        (TRACK | {"linked_from": {"uri": None}}, "spotify:track:1"),
        (EPISODE | {"linked_from": ORIGINAL}, "spotify:episode:1"),
        (TRACK | {"uri": ""}, None),
        (None, None),
    ],
)
def test_the_item_is_what_was_added(item: dict[str, Any] | None, uri: str | None) -> None:
    """The URI is that of `linked_from`, so that a track that plays for another does not look new."""
    assert identity(entry(item)) == (uri, WHEN)
    if item != EPISODE | {"linked_from": ORIGINAL}:
        assert Saved(ADDED, entry(item).content).identity == (uri, WHEN)


def test_nobody_who_added_it_counts() -> None:
    """Spotify leaves out at times who added something."""
    found = [identity(entry(TRACK, added_by=who)) for who in (None, {"id": ""}, {"id": "somebody"})]
    assert found == [("spotify:track:1", WHEN)] * 3


def test_without_a_time() -> None:
    """An entry has an identity all the same; of saved items one that says nothing has none."""
    assert identity(entry(TRACK, added_at=None)) == ("spotify:track:1", None)
    assert identity(entry(None, added_at=None)) == (None, None)
    assert Saved(None, None).identity is None
