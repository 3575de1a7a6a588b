"""One addition under two names."""

from sources.spotify.models.answers import Entry, Item
from sources.spotify.models.times import seconds
from sources.spotify.resources.playlists.relinking import as_recorded

PLAYED = "spotify:track:played"
ADDED = ("spotify:track:first", "spotify:track:second")
TIMES = ("2020-05-06T07:08:09Z", "2021-05-06T07:08:09Z")


def test_two_tracks_that_one_plays_for_keep_their_names() -> None:
    """Development apps see the same track twice, where an extended app was told which two had been added."""
    recorded = [(uri, seconds(time)) for uri, time in zip(ADDED, TIMES, strict=True)]
    shown = [Entry(added_at=time, item=Item(type="track", id="played", uri=PLAYED)) for time in TIMES]
    assert as_recorded(shown, recorded, {PLAYED: ADDED}) == recorded
    assert [uri for uri, _ in as_recorded(shown, (), {PLAYED: ADDED})] == [PLAYED, PLAYED]
