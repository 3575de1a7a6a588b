"""The examples of ``fields`` in Spotify's reference work as they stand."""

import re
from typing import Any

import pytest

from sources.spotify_sandbox import World, generate
from tests.sources.spotify_sandbox.asking import Api
from tests.sources.spotify_sandbox.openapi import document, resolved

PLAYLIST, ITEMS = "/playlists/{playlist_id}", "/playlists/{playlist_id}/items"

TRACK = {"track": {"name": None, "href": None, "album": {"name": None, "href": None}}}
ALBUM = [
    "album_type",
    "artists",
    "available_markets",
    "external_urls",
    "href",
    "id",
    "images",
    "name",
    "release_date",
    "release_date_precision",
    "total_tracks",
    "type",
    "uri",
]


def album(*without: str) -> dict[str, Any]:
    """An entry of whose track only the album was asked for, but for some of its members."""
    return {"track": {"album": {name: None for name in ALBUM if name not in without}}}


EXAMPLES: dict[tuple[str, str], Any] = {
    (PLAYLIST, "description,uri"): {"description": None, "uri": None},
    (PLAYLIST, "tracks.items(added_at,added_by.id)"): {
        "tracks": {"items": [{"added_at": None, "added_by": {"id": None}}]}
    },
    (PLAYLIST, "tracks.items(track(name,href,album(name,href)))"): {"tracks": {"items": [TRACK]}},
    (PLAYLIST, "tracks.items(track(name,href,album(!name,href)))"): {
        "tracks": {"items": [{"track": {"name": None, "href": None} | album("name", "href")["track"]}]}
    },
    # The contents of a playlist were renamed after this example was written for /tracks.
    (PLAYLIST, "items(added_by.id,track(name,href,album(name,href)))"): {},
    (ITEMS, "total,limit"): {"total": None, "limit": None},
    (ITEMS, "items(added_at,added_by.id)"): {"items": [{"added_at": None, "added_by": {"id": None}}]},
    (ITEMS, "items(track(name,href,album(name,href)))"): {"items": [TRACK]},
    (ITEMS, "items.track.album(!external_urls,images)"): {"items": [album("external_urls", "images")]},
    (ITEMS, "items(added_by.id,track(name,href,album(name,href)))"): {"items": [{"added_by": {"id": None}} | TRACK]},
}


def names(value: Any, known: Any) -> Any:
    """A value without what is in it: of objects the names, of lists the first element, as deep as ``known`` goes."""
    if isinstance(known, dict) and isinstance(value, dict):
        return {name: names(part, known.get(name)) for name, part in value.items()}
    if isinstance(known, list) and isinstance(value, list):
        return [names(value[0], known[0])]
    return None


@pytest.fixture(scope="module")
def world() -> World:
    """A world whose first playlist begins with a track."""
    world = generate(seed=1, playlists=1, items=0)
    next(world.listed()).insert(0, [world.catalogue.uri(3), world.catalogue.uri(4)])
    return world


@pytest.mark.parametrize(("path", "fields"), EXAMPLES)
def test_examples(world: World, path: str, fields: str) -> None:
    """An example gives what the text beside it says, and nothing else."""
    expected = EXAMPLES[path, fields]
    answer = Api(world).get(path.format(playlist_id=world.listing[0]), fields=fields)
    assert names(answer.json, expected) == expected


def test_examples_are_those_of_the_reference() -> None:
    """The table holds every example that the OpenAPI document gives for the two operations."""
    found = set()
    for path in (PLAYLIST, ITEMS):
        (parameter,) = (
            each for each in map(resolved, document()["paths"][path]["get"]["parameters"]) if each["name"] == "fields"
        )
        schema = parameter["schema"]
        texts = [schema["example"], *re.findall(r"`fields=([^`]*)`", schema["description"])]
        found |= {(path, text) for text in texts}
    assert found == EXAMPLES.keys()
