"""Recorded answers about single objects, and lists of them, decode whole and become rows, with the odd ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas import TABLES
from sources.spotify.api import endpoints as of
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.api.schema_drift import SchemaDrift
from sources.spotify.engine.batches import Rows
from sources.spotify.models.lenient_decode import decode_leniently

PAGES: dict[str, Endpoint[Any]] = {
    "album_tracks": of.ALBUM_TRACKS,
    "artist_albums": of.ARTIST_ALBUMS,
    "show_episodes": of.SHOW_EPISODES,
    "audiobook_chapters": of.AUDIOBOOK_CHAPTERS,
    "artist_top_tracks": of.ARTIST_TOP_TRACKS,
    "artist_related_artists": of.RELATED_ARTISTS,
}
BY_TYPE: dict[str, Endpoint[Any]] = {
    "track": of.TRACK,
    "album": of.ALBUM,
    "artist": of.ARTIST,
    "show": of.SHOW,
    "episode": of.EPISODE,
    "audiobook": of.AUDIOBOOK,
}
SEVERAL: dict[str, Endpoint[Any]] = {
    "tracks": of.TRACKS,
    "albums": of.ALBUMS,
    "artists": of.ARTISTS,
    "shows": of.SHOWS,
    "episodes": of.EPISODES,
    "audiobooks": of.AUDIOBOOKS,
}
Recorded = list[tuple[str, Endpoint[Any], str, dict[str, Any]]]


@pytest.fixture(scope="module")
def recorded(shared: Path) -> Recorded:
    """The recordings: a name, the endpoint, the table of its objects and the answer."""
    found: Recorded = []
    for file in sorted((shared / "recordings").rglob("*.json")):
        answer = json.loads(file.read_text())
        if isinstance(answer, dict) and "body" in answer and "status" in answer:
            answer = answer["body"]
        if not isinstance(answer, dict):
            continue
        kind, [only, *more] = str(answer.get("type")), [*answer, ""]
        if kind in BY_TYPE and "href" in answer and answer.get("name") is not None and not _is_thin(answer):
            found.append((file.name, BY_TYPE[kind], f"{kind}s", answer))
        elif only in SEVERAL and more == [""] and isinstance(answer[only], list):
            found.append((file.name, SEVERAL[only], only, answer))
    return found


def _is_thin(answer: dict[str, Any]) -> bool:
    return answer["type"] == "artist" and "genres" not in answer


def test_each_becomes_rows(recorded: Recorded) -> None:
    """Every object that is there is a row of its table with its name."""
    checked = 0
    for name, endpoint, table, answer in recorded:
        value, left_out = decode_leniently(json.dumps(answer).encode(), endpoint.answer)
        # Some of 2014 have dates that are objects.
        assert {each.place for each in left_out} <= {"release_date"}, name
        sent = answer[table] if endpoint in SEVERAL.values() else [answer]
        objects = getattr(value, table) if endpoint in SEVERAL.values() else [value]
        assert [each is None for each in objects] == [each is None for each in sent], name
        rows = Rows(TABLES)
        for each in objects:
            if each is not None:
                rows.add(table, each)
        got = {batch.table.name: batch.rows.to_pylist() for batch in rows.flush(everything=True)}
        named = {each["uri"]: each["name"] for each in reversed(sent) if each is not None}
        uri = "track_uri" if table == "tracks" else "uri"
        rows_of_kind = {row[uri]: row["name"] for row in got.get(table, [])}
        assert named.items() <= rows_of_kind.items(), name
        checked += len(named)
    assert checked > 100


def test_their_fields_are_stored_or_left_aside(recorded: Recorded) -> None:
    """No answer holds a field that is neither read nor declared with a reason."""
    for name, endpoint, _, answer in recorded:
        looks = SchemaDrift()
        looks.look(endpoint, json.dumps(answer).encode())
        assert looks.fields == [], name


@pytest.mark.parametrize("name", PAGES)
def test_lists_decode_whole(name: str, shared: Path) -> None:
    """Every recorded list of an object's has all of its elements, and no field that is unknown."""
    files = sorted((shared / "recordings").rglob(f"{name}.json"))
    for file in files:
        answer = json.loads(file.read_text())
        answer = answer["body"] if "body" in answer and "status" in answer else answer
        value, left_out = decode_leniently(json.dumps(answer).encode(), PAGES[name].answer)
        looks = SchemaDrift()
        looks.look(PAGES[name], json.dumps(answer).encode())
        attribute = next(key for key in ("items", "tracks", "artists") if isinstance(answer.get(key), list))
        assert len(getattr(value, attribute)) == len(answer[attribute])
        assert (left_out, looks.fields) == ([], [])
    assert files
