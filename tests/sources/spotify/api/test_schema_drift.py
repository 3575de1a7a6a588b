"""Fields that no table stores are found in a sample of the answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from sources.spotify.api import schema_drift
from sources.spotify.api.endpoints import ME_PLAYLISTS, PLAYLIST, PLAYLIST_ITEMS, PLAYLIST_TRACKS, Endpoint
from sources.spotify.api.schema_drift import EVERY, LEFT_ASIDE, MOST, SchemaDrift, UnstoredField, is_stored
from sources.spotify.models.answers import Item
from tests.sources.spotify.recordings import recordings
from tests.sources.spotify.stand_in import Reply, client, in_turn

ENDPOINTS: dict[str, Endpoint[Any]] = {"playlist": PLAYLIST, "entries": PLAYLIST_TRACKS, "playlists": ME_PLAYLISTS}


def found(endpoint: Endpoint[Any], *answers: object) -> list[UnstoredField]:
    """What is found in some answers of an endpoint, each of which is looked through."""
    looks = SchemaDrift()
    for answer in answers:
        looks.look(endpoint, json.dumps(answer).encode())
    return looks.fields


def test_every_recorded_field_is_stored_or_left_aside(shared: Path) -> None:
    """No recorded answer holds a field that is neither read nor declared with a reason."""
    checked = 0
    for recording in recordings(shared / "recordings"):
        assert found(ENDPOINTS[recording.kind], recording.body) == [], recording.name
        checked += 1
    assert checked > 40


def test_what_is_left_aside_is_not_stored() -> None:
    """The list holds no field that an object of ours has, and gives each a reason."""
    for kind, fields in LEFT_ASIDE.items():
        assert fields.keys().isdisjoint(kind.__struct_fields__)
        assert all(fields.values())


def test_a_field_is_reported_with_its_place_and_type() -> None:
    """A field is reported once for all places of its object, by the place seen first, with types in place of values."""
    track = {"type": "track", "mood": "SECRET", "artists": [{"id": "A", "born": 1960}, None]}
    playlist = {"id": "P", "items": {"items": [{"item": track}, {"item": track | {"mood": None}}, None]}}
    page = {"items": [{"track": track | {"mood": ["SECRET"]}}], "total": 1}
    looks = SchemaDrift()
    looks.look(PLAYLIST, json.dumps(playlist).encode())
    looks.look(PLAYLIST_ITEMS, json.dumps(page).encode())
    assert looks.fields == [
        UnstoredField("Artist", "born", "items.items[].item.artists[].born", "/playlists/{id}", "number", 3),
        UnstoredField("Item", "mood", "items.items[].item.mood", "/playlists/{id}", "array|null|string", 3),
    ]


def test_a_sample_of_each_endpoint_is_looked_through() -> None:
    """Of each endpoint the first answers are looked at often, later ones now and then, so that the cost stays small."""
    looks, seen = SchemaDrift(), []
    for number in range(1, 3 * EVERY + 1):
        looks.look(PLAYLIST_ITEMS, b'{"items": [{"new_%d": 1}]}' % number)
        seen += [number] if any(field.field == f"new_{number}" for field in looks.fields) else []
    assert seen == [1, 2, 4, 8, 16, 32, 64, 128, 192]
    looks.look(PLAYLIST, b'{"new": 1}')
    assert any(field.object == "Playlist" for field in looks.fields)


def test_the_list_stays_short() -> None:
    """Names of any number and length, with any signs, make a list that can be shown and stored."""
    fields = found(ME_PLAYLISTS, {f"{number}\n{'x' * 10_000}": None for number in range(10 * MOST)})
    assert len(fields) == MOST
    assert all(len(field.field) < 100 and field.field.isprintable() for field in fields)


@pytest.mark.parametrize("number", ["1e999", "9" * 5000])
def test_answers_that_only_pass_are_passed_over(number: str) -> None:
    """An answer whose unread parts fit no type is read as ever, and looking through it ends nothing."""
    server = in_turn(Reply(body=b'{"id": "P", "new": %s}' % number.encode()))
    assert client(server).get(PLAYLIST, "P").id == "P"


def test_what_a_later_version_stores_is_no_longer_unknown() -> None:
    """Fields of objects, and those left aside, are known; others are not."""
    assert is_stored("Item", Item.__struct_fields__[0])
    assert is_stored("Image", "url")
    assert is_stored("Item", "episode")
    assert not is_stored("Item", "mood")
    assert not is_stored("Token", "scope")


def test_an_array_of_plain_values_has_no_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """An endpoint may answer with an array of plain values: no field is found in it, and others are still known."""
    contains = Endpoint("/me/library/contains", list[bool | None])
    monkeypatch.setattr(schema_drift, "ENDPOINTS", (contains, PLAYLIST))
    assert found(contains, [True, None]) == []
    assert is_stored("Image", "url")
    assert not is_stored("Image", "mood")
