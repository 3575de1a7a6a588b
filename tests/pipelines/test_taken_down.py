"""Values that Spotify empties when it takes something down count as not sent, and erase nothing."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox
from tests.pipelines.answering import Answers, Json
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

IMAGES = [{"url": "https://i.scdn.co/image/1", "height": 640, "width": 640}]
TRACK: Json = {
    "type": "track",
    "id": "t",
    "uri": "spotify:track:t",
    "name": "Title",
    "duration_ms": 200_000,
    "disc_number": 1,
    "track_number": 2,
    "is_local": False,
    "is_playable": True,
    "explicit": True,
    "popularity": 50,
    "external_ids": {"isrc": "SEABC1100001"},
    "artists": [{"id": "a", "name": "One"}, {"id": "b", "name": "Two"}],
    "album": {
        "id": "l",
        "name": "Album",
        "album_type": "album",
        "release_date": "1981-12-15",
        "release_date_precision": "day",
        "total_tracks": 10,
        "artists": [{"id": "a", "name": "One"}],
        "images": IMAGES,
    },
}
TAKEN_TRACK: Json = TRACK | {
    "name": "",
    "duration_ms": 0,
    "disc_number": 0,
    "track_number": 0,
    "external_ids": {"isrc": ""},
    "artists": [{"id": "a", "name": ""}, {"id": "b", "name": ""}],
    "album": {
        "id": "l",
        "name": "",
        "release_date": "0000",
        "release_date_precision": "year",
        "total_tracks": 0,
        "artists": [{"id": "a", "name": ""}],
        "images": [],
    },
}
RECORDED_TRACK: Json = TAKEN_TRACK | {
    "disc_number": 1,
    "track_number": 1,
    "external_ids": {},
    "explicit": False,
    "popularity": 0,
    "available_markets": [],
    "artists": [{"id": "v", "name": ""}],
    "album": {
        "id": "l",
        "name": "",
        "album_type": "single",
        "release_date": "0000",
        "release_date_precision": "year",
        "total_tracks": 1,
        "artists": [{"id": "v", "name": "Various Artists"}],
        "images": [],
    },
}
"""As recorded in 2024: what was taken down has values that look like others."""
EPISODE: Json = {
    "type": "episode",
    "id": "e",
    "uri": "spotify:episode:e",
    "name": "Pilot",
    "description": "Said.",
    "html_description": "<p>Said.</p>",
    "duration_ms": 900_000,
    "explicit": True,
    "language": "sv",
    "languages": ["sv"],
    "release_date": "2020-01",
    "release_date_precision": "month",
    "images": IMAGES,
    "show": {
        "id": "s",
        "name": "Show",
        "publisher": "Publisher",
        "description": "About.",
        "explicit": True,
        "total_episodes": 40,
        "languages": ["sv"],
        "images": IMAGES,
        "copyrights": [{"text": "All of it", "type": "C"}],
    },
}
TAKEN_EPISODE: Json = EPISODE | {
    "name": "",
    "description": "",
    "html_description": "",
    "duration_ms": 0,
    "language": "",
    "languages": [],
    "release_date": "0000",
    "release_date_precision": "day",
    "images": None,
    "show": {
        "id": "s",
        "name": "",
        "publisher": "",
        "description": "",
        "languages": [],
        "images": [],
        "copyrights": [{"text": "", "type": "C"}],
    },
}
MISLEADING_EPISODE: Json = TAKEN_EPISODE | {
    "explicit": False,
    "language": "en",
    "languages": ["en"],
    "images": [IMAGES[0] | {"url": "https://i.scdn.co/image/none"}],
    "show": {
        "id": "s",
        "name": "",
        "publisher": "Nobody",
        "description": "Not available",
        "explicit": False,
        "total_episodes": 1,
        "languages": ["en"],
        "images": [IMAGES[0] | {"url": "https://i.scdn.co/image/none"}],
        "copyrights": [{"text": "Nobody", "type": "P"}],
    },
}
"""An episode with other values in place of its own, as tracks have them."""
WHOLE, TAKEN = [TRACK, EPISODE], [TAKEN_TRACK, TAKEN_EPISODE]
BLANKED = pytest.mark.parametrize("taken", [TAKEN, [RECORDED_TRACK, MISLEADING_EPISODE]], ids=["emptied", "as others"])

COLUMNS = {
    "tracks": "name, album_id, album_name, disc_number, track_number, duration_ms, isrc, explicit, popularity",
    "albums": "name, album_type, release_date, release_date_precision, released_on, total_tracks",
    "artists": "artist_id, name",
    "track_artists": "position, artist_id, artist_name",
    "album_artists": "position, artist_id, artist_name",
    "album_images": "position, url, height, width",
    "episodes": "name, explicit, description, html_description, duration_ms, language, languages, release_date, "
    "release_date_precision, released_on",
    "episode_images": "position, url, height, width",
    "shows": "name, publisher, description, explicit, total_episodes, languages",
    "show_images": "position, url, height, width",
    "show_copyrights": "position, text, type",
}
TAKEN_DOWN = "SELECT taken_down_at FROM {} ORDER BY ALL"


@pytest.fixture(params=["duckdb", "parquet"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One of each."""
    return Lake(request.param, str(tmp_path / "lake"))


@pytest.fixture
def answers() -> Answers:
    """What is there to be read."""
    return Answers()


@pytest.fixture
def api(answers: Answers) -> Iterator[Sandbox]:
    """Where from."""
    with answers.served() as served:
        yield served


def told(lake: Lake, api: Sandbox, answers: Answers, **playlists: list[Json]) -> dict[str, list[Any]]:
    """What the tables say after a sync of some playlists."""
    answers.show(**deepcopy(playlists))
    assert sync(lake=lake, **settings(api)).exit_code == 0
    found = {name: select(lake, f"SELECT {columns} FROM {name} ORDER BY ALL") for name, columns in COLUMNS.items()}
    # An artist whom only an object names that was taken down is an artist too.
    return found | {"artists": [row for row in found["artists"] if row[0] != "v"]}


def taken_down(lake: Lake) -> list[Any]:
    """Since when the track, the album and the episode are taken down."""
    return [row[0] for name in ("tracks", "albums", "episodes") for row in select(lake, TAKEN_DOWN.format(name))]


@BLANKED
@pytest.mark.long
def test_what_was_known_stays_when_it_is_taken_down(
    lake: Lake, api: Sandbox, answers: Answers, taken: list[Json]
) -> None:
    """Titles, lengths, dates, credits and images stay; since when is noted, and no longer once they are back."""
    whole = told(lake, api, answers, one=WHOLE)
    assert taken_down(lake) == [None] * 3
    assert whole["tracks"] == [("Title", "l", "Album", 1, 2, 200_000, "SEABC1100001", True, 50)]
    assert told(lake, api, answers, one=taken) == whole
    since = taken_down(lake)
    assert None not in since
    assert told(lake, api, answers, one=taken) == whole
    assert taken_down(lake) == since
    assert told(lake, api, answers, one=WHOLE) == whole
    assert taken_down(lake) == [None] * 3


def test_what_was_never_known_is_stored_as_sent(lake: Lake, api: Sandbox, answers: Answers) -> None:
    """An empty title is all there is then; what comes later takes its place."""
    found = told(lake, api, answers, one=TAKEN)
    assert found["tracks"] == [("", "l", "", 0, 0, 0, "", True, 50)]
    assert found["albums"] == [("", None, "0000", "year", None, 0)]
    assert found["track_artists"] == [(0, "a", ""), (1, "b", "")]
    assert found["show_copyrights"] == [(0, "", "C")]
    assert (found["album_images"], found["episode_images"]) == ([], [])
    assert None not in taken_down(lake)
    again = told(lake, api, answers, one=TAKEN)
    assert again == found
    whole = told(lake, api, answers, one=WHOLE)
    assert (whole["albums"][0][2:4], whole["track_artists"][0]) == (("1981-12-15", "day"), (0, "a", "One"))
    assert taken_down(lake) == [None] * 3


def test_what_stood_for_it_gives_way_to_what_it_is(lake: Lake, api: Sandbox, answers: Answers) -> None:
    """Values and lists that came with a blanked object are stored as sent, and only until the object has a name."""
    found = told(lake, api, answers, one=[RECORDED_TRACK, MISLEADING_EPISODE])
    assert found["album_artists"] == [(0, "v", "Various Artists")]
    assert found["albums"] == [("", "single", "0000", "year", None, 1)]
    assert found["shows"] == [("", "Nobody", "Not available", False, 1, '["en"]')]
    assert told(lake, api, answers, one=[RECORDED_TRACK, MISLEADING_EPISODE]) == found
    whole = told(lake, api, answers, one=WHOLE)
    assert whole["album_artists"] == [(0, "a", "One")]
    assert (whole["albums"][0][1], whole["albums"][0][-1], whole["shows"][0][1]) == ("album", 10, "Publisher")
    assert told(lake, api, answers, one=WHOLE) == whole


SILENT = [TRACK | {"popularity": None}, EPISODE | {"show": EPISODE["show"] | {"copyrights": [], "explicit": None}}]
"""With a name, but without some values and a list."""


@pytest.mark.parametrize("order", [[0, 1], [1, 0]], ids=["first", "last"])
def test_what_is_not_said_stays_unsaid(lake: Lake, api: Sandbox, answers: Answers, order: list[int]) -> None:
    """A blanked object fills neither the values that one with a name lacks nor, in the same sync, its empty list."""
    contents = [[RECORDED_TRACK, MISLEADING_EPISODE], SILENT]
    expected = ("Title", None, "Show", None)
    sql = "SELECT tracks.name, popularity, shows.name, shows.explicit FROM tracks, shows"
    found = told(lake, api, answers, one=contents[order[0]], two=contents[order[1]])
    assert (select(lake, sql), found["show_copyrights"], taken_down(lake)) == ([expected], [], [None] * 3)
    told(lake, api, answers, one=contents[0])
    assert select(lake, sql) == [expected]


def test_values_of_a_blanked_object_go_with_it(lake: Lake, api: Sandbox, answers: Answers) -> None:
    """What it said is gone once it has a name, also where the named one says nothing, as in development mode."""
    told(lake, api, answers, one=[RECORDED_TRACK | {"is_playable": False}, MISLEADING_EPISODE])
    without = {key: value for key, value in TRACK.items() if key not in ("is_playable", "popularity")}
    told(lake, api, answers, one=[without, EPISODE])
    assert select(lake, "SELECT name, popularity, is_playable, available_markets FROM tracks") == [
        ("Title", None, None, None)
    ]


@BLANKED
@pytest.mark.long
@pytest.mark.parametrize("order", [[0, 1], [1, 0], [0, 1, 0]], ids=["first", "last", "both"])
def test_taken_down_in_one_playlist_and_complete_in_another(
    lake: Lake, api: Sandbox, answers: Answers, order: list[int], taken: list[Json]
) -> None:
    """In one sync the whole one counts, whichever is read first."""
    contents = [[taken, WHOLE][each] for each in order]
    found = told(lake, api, answers, **dict(zip(("one", "two", "three"), contents, strict=False)))
    assert taken_down(lake) == [None] * 3
    assert found["tracks"] == [("Title", "l", "Album", 1, 2, 200_000, "SEABC1100001", True, 50)]
    assert found["artists"] == [("a", "One"), ("b", "Two")]
    assert [len(found[name]) for name in ("track_artists", "album_images", "episode_images", "show_copyrights")] == [
        *(2, 1, 1, 1)
    ]
    assert found["track_artists"][1] == (1, "b", "Two")
    assert told(lake, api, answers, one=WHOLE) == found


def test_one_empty_name_among_others(lake: Lake, api: Sandbox, answers: Answers) -> None:
    """It stays with the artist that had it, and goes with another."""
    told(lake, api, answers, one=[TRACK])
    credited = [{"id": "a", "name": ""}, {"id": "b", "name": "Two and a half"}]
    found = told(lake, api, answers, one=[TRACK | {"artists": credited}])
    assert found["track_artists"] == [(0, "a", "One"), (1, "b", "Two and a half")]
    found = told(lake, api, answers, one=[TRACK | {"artists": [{"id": "c", "name": ""}, credited[1]]}])
    assert found["track_artists"] == [(0, "c", ""), (1, "b", "Two and a half")]


def test_a_local_file_without_a_title_is_not_taken_down(lake: Lake, api: Sandbox, answers: Answers) -> None:
    """A local file without a title never had one."""
    told(lake, api, answers, one=[{"type": "track", "uri": "spotify:local::::0", "name": "", "is_local": True}])
    assert select(lake, "SELECT name, taken_down_at FROM tracks") == [("", None)]
