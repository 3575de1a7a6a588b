"""Items of kinds without a table keep their JSON wherever they play."""

import json

from sources.spotify.models.answers import Item, UnknownItem
from sources.spotify.models.player import PlayerState, Queue
from sources.spotify.models.unknown_kinds import keep_unknown

CHAPTER = {"type": "chapter", "uri": "spotify:episode:1", "name": "One", "pages": [1, 2]}
TRACK = {"type": "track", "uri": "spotify:track:1", "name": "Two"}


def test_a_chapter_that_plays_or_comes_next() -> None:
    """An item with a table is unchanged, one without is kept with all its fields, and nulls stay null."""
    state = PlayerState(item=Item(type="chapter", uri="spotify:episode:1"))
    keep_unknown(state, json.dumps({"item": CHAPTER}).encode())
    assert isinstance(state.item, UnknownItem)
    assert json.loads(state.item.body) == CHAPTER
    queue = Queue([Item(type="track"), None, Item(type="chapter", name="One")])
    keep_unknown(queue, json.dumps({"queue": [TRACK, None, CHAPTER]}).encode())
    track, gap, chapter = queue.queue or [None] * 3
    assert (type(track), gap) == (Item, None)
    assert isinstance(chapter, UnknownItem)
    assert (chapter.name, json.loads(chapter.body)) == ("One", CHAPTER)
    silent = PlayerState()
    keep_unknown(silent, b"")
    assert silent == PlayerState()
