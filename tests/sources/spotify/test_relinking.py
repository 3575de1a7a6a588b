"""One addition under two names."""

from sources.spotify.keys import item_keys
from sources.spotify.objects import Entry, Item, User
from sources.spotify.relinking import as_recorded

PLAYED = "spotify:track:played"
ADDED = ("spotify:track:first", "spotify:track:second")
ONCE = "2020-05-06T07:08:09Z"


def test_two_tracks_that_one_plays_for_keep_their_names() -> None:
    """Development apps see the same track twice, where an extended app was told which two had been added."""
    recorded = [(ADDED[0], ONCE, "me"), (ADDED[1], "2021-05-06T07:08:09Z", "me")]
    shown = [
        Entry(added_at=added_at, added_by=User(id="me"), item=Item(id="played", uri=PLAYED))
        for _, added_at, _ in recorded
    ]
    had = set(item_keys(recorded))
    assert as_recorded(shown, had, {PLAYED: ADDED}) == recorded
    assert [uri for uri, *_ in as_recorded(shown, (), {PLAYED: ADDED})] == [PLAYED, PLAYED]
