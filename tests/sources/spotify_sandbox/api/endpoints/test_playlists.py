"""Playlists, their covers, and who may see them."""

from collections.abc import Callable
from typing import Any

import pytest

from sources.spotify_sandbox import generate
from tests.sources.spotify_sandbox.asking import BASE, Api


def test_fields_of_a_playlist() -> None:
    """Filters reach the playlist, its owner and its page."""
    world = generate(1, 3, 400)
    playlist = max(world.playlists.values(), key=len)
    api = Api(world)
    path = f"/playlists/{playlist.id}"
    assert api.get(path, fields="snapshot_id").json == {"snapshot_id": playlist.snapshot_id}
    assert api.get(path, fields="snapshot_id,owner.id").json == {
        "owner": {"id": playlist.owner},
        "snapshot_id": playlist.snapshot_id,
    }
    assert api.get(path, fields="tracks(total)").json == {"tracks": {"total": len(playlist)}}
    assert api.get(path, fields="tracks.items(added_at)").json["tracks"]["items"][0] == {
        "added_at": playlist.entries[0].added_at
    }
    assert api.get(path, fields="nothing").json == {}
    api.service.api_mode = "development"
    assert api.get(path, fields="items(total),tracks(total)").json == {"items": {"total": len(playlist)}}


def pick(value: Any, *names: str) -> dict[str, Any]:
    """Some keys of an object."""
    return {name: value[name] for name in value if name in names}


TRACK: dict[str, Callable[[Any], Any]] = {
    "tracks.items(track(name,href,album(name,href)))": lambda album: pick(album, "name", "href"),
    "tracks.items(track(name,href,album(!name,href)))": lambda album: pick(album, *album.keys() - {"name", "href"}),
}


def test_documented_fields_of_a_playlist() -> None:
    """The examples of the reference of GET /playlists/{id} do what it says, word for word."""
    world = generate(1, 3, 400)
    playlist = next(world.listed())
    playlist.insert(0, [world.catalogue.uri(number) for number in range(3)])
    api = Api(world)
    whole = api.get(f"/playlists/{playlist.id}").json

    def asked(fields: str) -> Any:
        return api.get(f"/playlists/{playlist.id}", fields=fields).json

    assert asked("description,uri") == pick(whole, "description", "uri")
    entries = whole["tracks"]["items"]
    assert asked("tracks.items(added_at,added_by.id)")["tracks"] == {
        "items": [pick(entry, "added_at") | {"added_by": pick(entry["added_by"], "id")} for entry in entries]
    }
    for fields, of_album in TRACK.items():
        assert asked(fields)["tracks"]["items"][0] == {
            "track": pick(entries[0]["track"], "name", "href") | {"album": of_album(entries[0]["track"]["album"])}
        }
    assert asked("items(added_by.id,track(name,href,album(name,href)))") == {}


def test_owner_with_an_odd_id() -> None:
    """An owner's id stays as it is and is percent-encoded in links and uri."""
    world = generate(1, 1, 0)
    playlist = world.create_playlist("Odd", owner="marcel#spotify")
    owner = Api(world).get(f"/playlists/{playlist.id}").json["owner"]
    assert owner["id"] == "marcel#spotify"
    assert owner["href"] == f"{BASE}/users/marcel%23spotify"
    assert owner["uri"] == "spotify:user:marcel%23spotify"


@pytest.mark.parametrize("regime", ["extended", "development", "transition"])
def test_private_playlists(regime: str) -> None:
    """A private playlist is there for its owner with the scope, and for nobody else."""
    world = generate(1, 1, 0)
    playlist = world.create_playlist("Secret", public=False)
    path = f"/playlists/{playlist.id}"
    assert Api(world, regime).get(path).status == 200
    for stranger in (Api(world, regime, user=False), Api(world, regime, scope="user-read-private")):
        assert stranger.get(path).json == {"error": {"status": 404, "message": "Resource not found"}}


def test_client_credentials() -> None:
    """Without a user an extended app reads public contents, a development app none."""
    world = generate(1, 1, 0)
    playlist = world.create_playlist("Open")
    path = f"/playlists/{playlist.id}"
    api = Api(world, user=False)
    assert api.get(path).json["tracks"]["total"] == 0
    api.service.api_mode = "development"
    assert "items" not in api.get(path).json
    refused = api.get(path + "/items")
    assert (refused.status, refused.json["error"]["message"]) == (401, "Valid user authentication required")


def test_ids() -> None:
    """An id that is none is a bad request, an unknown or deleted one is not found."""
    world = generate(1, 1, 0)
    playlist = world.create_playlist("Going")
    api = Api(world)
    for rest in ("", "/items", "/tracks", "/images"):
        assert api.get(f"/playlists/short{rest}").json == {"error": {"status": 400, "message": "Invalid base62 id"}}
        assert api.get(f"/playlists/{'7' * 22}{rest}").json["error"]["message"] == "Resource not found"
    world.unlist(playlist.id)
    assert api.get(f"/playlists/{playlist.id}").status == 200
    world.delete_playlist(playlist.id)
    assert api.get(f"/playlists/{playlist.id}").status == 404


def test_images() -> None:
    """The covers are a bare array as in the playlist, empty where the playlist says null."""
    world = generate(1, 80, 100)
    api = Api(world)
    kinds = set()
    for playlist in world.playlists.values():
        inside = api.get(f"/playlists/{playlist.id}", fields="images").json["images"]
        alone = api.get(f"/playlists/{playlist.id}/images").json
        assert alone == (inside or [])
        kinds.add(None if inside is None else tuple((image["height"], image["width"]) for image in inside))
    assert {None, (), ((None, None),), ((640, 640), (300, 300), (60, 60))} <= kinds
