"""The fields parameter keeps what it names."""

import pytest

from sources.spotify_sandbox.fields import parse

PLAYLIST = {
    "name": "n",
    "owner": {"id": "o", "uri": "u"},
    "images": [{"url": 1, "width": 2}, {"url": 3, "width": 4}],
    "tracks": {
        "total": 1,
        "items": [
            {"added_at": "t", "track": {"uri": "x", "name": "y", "album": {"name": "a", "href": "h", "id": "i"}}}
        ],
        "next": None,
    },
    "gone": None,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name", {"name": "n"}),
        (" name , owner.id ", {"name": "n", "owner": {"id": "o"}}),
        ("owner(id,uri)", {"owner": {"id": "o", "uri": "u"}}),
        ("images.url", {"images": [{"url": 1}, {"url": 3}]}),
        ("tracks(total)", {"tracks": {"total": 1}}),
        ("tracks.items.track.uri,tracks.next", {"tracks": {"items": [{"track": {"uri": "x"}}], "next": None}}),
        (
            "tracks.items(added_at,track(name,album(!name,href)))",
            {"tracks": {"items": [{"added_at": "t", "track": {"name": "y", "album": {"id": "i"}}}]}},
        ),
        ("tracks.items(track(album.id))", {"tracks": {"items": [{"track": {"album": {"id": "i"}}}]}}),
        ("!tracks,images,owner", {"name": "n", "gone": None}),
        ("gone(anything)", {"gone": None}),
        ("unknown", {}),
        ("owner(unknown),name", {"owner": {}, "name": "n"}),
        ("owner(id", {"owner": {"id": "o"}}),
        ("", PLAYLIST),
    ],
)
def test_selection(text: str, expected: object) -> None:
    """The documented grammar selects, excludes and nests; unknown names and loose ends do no harm."""
    assert parse(text).apply(PLAYLIST) == expected
