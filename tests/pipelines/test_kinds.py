"""What an item is, is what the API calls it."""

import json
from collections.abc import Iterator
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

TRACK: Json = {"type": "track", "id": "X", "uri": "spotify:track:X", "name": "Title"}
CHAPTER: Json = {
    "type": "chapter",
    "id": "C",
    "uri": "spotify:episode:C",
    "name": "Chapter 1 \u2013 \U0001f600",
    "chapter_number": 0,
    "audiobook": {"id": "B", "uri": "spotify:show:B", "authors": [{"name": "Somebody"}]},
}


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


def items(lake: Lake, api: Sandbox, answers: Answers, *contents: Json) -> list[tuple[Any, ...]]:
    """The items of a playlist after a sync: type, URI, and ids as a track and as an episode."""
    answers.show(one=list(contents))
    assert sync(lake=lake, **settings(api)).exit_code == 0
    return select(lake, "SELECT item_type, item_uri, track_id, episode_id FROM playlist_items ORDER BY position")


def test_kinds_without_a_table_are_kept_as_they_came(lake: Lake, api: Sandbox, answers: Answers) -> None:
    """A chapter, a kind to come and an item without one are no tracks and no episodes, and nothing of them is lost."""
    concert = {"type": "concert", "id": "K", "uri": "spotify:concert:K", "name": None, "stage": {"doors": "19:30"}}
    unnamed = {"id": "U", "uri": "spotify:episode:U", "name": "What is it?"}
    assert items(lake, api, answers, TRACK, CHAPTER, concert, unnamed) == [
        ("track", "spotify:track:X", "X", None),
        ("chapter", "spotify:episode:C", None, None),
        ("concert", "spotify:concert:K", None, None),
        (None, "spotify:episode:U", None, None),
    ]
    found = select(lake, "SELECT item_uri, item_type, name, body FROM unknown_items ORDER BY item_uri")
    assert [(uri, type_, name, json.loads(body)) for uri, type_, name, body in found] == [
        ("spotify:concert:K", "concert", None, concert),
        ("spotify:episode:C", "chapter", CHAPTER["name"], CHAPTER),
        ("spotify:episode:U", None, "What is it?", unnamed),
    ]
    assert select(lake, "SELECT count(*) FROM unknown_items WHERE first_seen_at IS NOT NULL") == [(3,)]
    assert select(lake, "SELECT track_uri FROM tracks") == [("spotify:track:X",)]
    assert select(lake, "SELECT count(*) FROM episodes") == [(0,)]
    first = select(lake, "SELECT item_uri, first_seen_at FROM unknown_items ORDER BY ALL")
    items(lake, api, answers, TRACK, CHAPTER, concert, unnamed)
    assert select(lake, "SELECT item_uri, first_seen_at FROM unknown_items ORDER BY ALL") == first


def test_kinds_that_no_playlist_has_today_have_their_titles(lake: Lake, api: Sandbox, answers: Answers) -> None:
    """An album, artist, show or audiobook on a playlist is in the view `items` with what it is called, once."""
    kinds = ("album", "artist", "audiobook", "show")
    items(lake, api, answers, *({"type": kind, "uri": f"spotify:{kind}:X", "name": f"The {kind}"} for kind in kinds))
    found = select(lake, "SELECT item_type, title FROM items ORDER BY place")
    assert found == [(kind, f"The {kind}") for kind in kinds]


@pytest.mark.long
@pytest.mark.parametrize("truth", [TRACK, {**TRACK, "type": "episode", "uri": "spotify:episode:X"}])
def test_a_kind_that_was_wrong_once_does_not_stay(lake: Lake, api: Sandbox, answers: Answers, truth: Json) -> None:
    """The URI of a chapter is no other name of a track that has the same id."""
    wrong = {**TRACK, "type": "chapter", "uri": "spotify:chapter:X"}
    assert items(lake, api, answers, wrong) == [("chapter", "spotify:chapter:X", None, None)]
    ids = ("X", None) if truth["type"] == "track" else (None, "X")
    assert items(lake, api, answers, truth) == [(truth["type"], truth["uri"], *ids)]
    assert items(lake, api, answers, truth) == [(truth["type"], truth["uri"], *ids)]


def test_only_tracks_play_for_others(lake: Lake, api: Sandbox, answers: Answers) -> None:
    """What an episode is linked from is not what was added; a track is what was added, not what plays."""
    link = {"linked_from": {"id": "A", "uri": "spotify:track:A"}}
    episode = {**TRACK, "type": "episode", "id": "E", "uri": "spotify:episode:E"}
    wrong = {**TRACK, "id": "W", "uri": "spotify:chapter:W"}
    assert [row[1] for row in items(lake, api, answers, TRACK | link, episode | link, wrong)] == [
        *("spotify:track:A", "spotify:episode:E", "spotify:chapter:W")
    ]
    right = {**wrong, "uri": "spotify:track:W"}
    assert [row[1] for row in items(lake, api, answers, TRACK, episode, right)] == [
        *("spotify:track:A", "spotify:episode:E", "spotify:track:W")
    ]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"track": True, "episode": False}, "track"),
        ({"track": False, "episode": True}, "episode"),
        ({"is_local": True}, "track"),
        ({"type": "", "episode": True}, "episode"),
        ({}, None),
    ],
)
def test_an_answer_without_a_type(lake: Lake, api: Sandbox, answers: Answers, told: Json, kind: str | None) -> None:
    """Its truth values tell the kind, or nothing does; the URI is not asked."""
    [(found, *_)] = items(lake, api, answers, {"id": "X", "uri": "spotify:episode:X", "name": "X"} | told)
    assert found == kind
