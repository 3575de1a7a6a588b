"""Creating, changing and following playlists over HTTP."""

from typing import Any

import pytest

from sources.spotify_sandbox import Playlist, World, generate
from sources.spotify_sandbox.world import snapshot_ids
from sources.spotify_sandbox.world.users import User
from tests.sources.spotify_sandbox.asking import BASE, Api

EDIT = "playlist-modify-public playlist-modify-private playlist-read-private playlist-read-collaborative"


@pytest.fixture
def world() -> World:
    """A library of a few playlists."""
    return generate(seed=3, playlists=9, items=300)


@pytest.fixture
def mine(world: World) -> Playlist:
    """A new playlist of the signed-in user."""
    return world.create_playlist("Mine")


@pytest.fixture
def theirs(world: World) -> Playlist:
    """A public playlist of somebody else, which the signed-in user does not follow."""
    playlist = world.create_playlist("Theirs", owner="marcel#spotify")
    world.unlist(playlist.id)
    return playlist


@pytest.mark.parametrize(("regime", "name"), [("extended", "tracks"), ("development", "items")])
def test_create(world: World, regime: str, name: str) -> None:
    """A new playlist is empty, stands on top of the library, and is answered as recorded, its owner without a name."""
    api = Api(world, regime, scope=EDIT)
    answer = api.send("POST", "/me/playlists", {"name": "Näv", "description": 'a/b & "c"', "public": False})
    assert answer.status == 201
    playlist_id = answer.json["id"]
    address = f"{BASE}/playlists/{playlist_id}"
    assert answer.json == {
        "collaborative": False,
        "description": "a&#x2F;b &amp; &quot;c&quot;",
        "external_urls": {"spotify": f"https://open.spotify.com/playlist/{playlist_id}"},
        "followers": {"href": None, "total": 0},
        "href": address,
        "id": playlist_id,
        "images": [],
        "primary_color": None,
        "name": "Näv",
        "type": "playlist",
        "uri": f"spotify:playlist:{playlist_id}",
        "owner": {
            "href": f"{BASE}/users/{world.me.id}",
            "id": world.me.id,
            "type": "user",
            "uri": f"spotify:user:{world.me.id}",
            "display_name": None,
            "external_urls": {"spotify": f"https://open.spotify.com/user/{world.me.id}"},
        },
        "public": False,
        "snapshot_id": world.playlist(playlist_id).snapshot_id,
        name: {
            "limit": 100,
            "next": None,
            "offset": 0,
            "previous": None,
            "href": f"{address}/{name}",
            "total": 0,
            "items": [],
        },
    }
    again = api.get(f"/playlists/{playlist_id}").json
    assert {key: again[key] for key in answer.json.keys() - {"owner", name}} == {
        key: answer.json[key] for key in answer.json.keys() - {"owner", name}
    }
    assert again["owner"]["display_name"] == world.me.display_name
    assert api.get("/me/playlists").json["items"][0]["id"] == playlist_id


def test_create_for_a_user(world: World) -> None:
    """The older address makes playlists for the signed-in user alone, and is gone for development apps."""
    api = Api(world, scope=EDIT)
    assert api.send("POST", f"/users/{world.me.id}/playlists", {"name": "Old"}).status == 201
    assert api.send("POST", "/users/marcel%23spotify/playlists", {"name": "Old"}).status == 403
    api.service.api_mode = "development"
    assert api.send("POST", f"/users/{world.me.id}/playlists", {"name": "Old"}).json["error"]["message"] == "Forbidden"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Missing required field: name"),
        ({"name": ""}, "Missing required field: name"),
        ({"name": 7}, "JSON body doesn't conform to specification"),
        ({"name": "x", "public": "yes"}, "JSON body doesn't conform to specification"),
        ({"name": "x", "collaborative": True}, "Collaborative playlists can only be private"),
    ],
)
def test_no_playlist(world: World, body: Any, message: str) -> None:
    """A playlist needs a name, and is collaborative only if it is not public."""
    before = [*world.listing]
    answer = Api(world, scope=EDIT).send("POST", "/me/playlists", body)
    assert answer.json == {"error": {"status": 400, "message": message}}
    assert world.listing == before


def test_a_second_user(world: World) -> None:
    """What another user creates is in that user's library, and in nobody else's."""
    world.users.add(User("other", "Other"))
    before = [*world.listing]
    personal = world.personal("other")
    playlist = personal.create("Elsewhere")
    assert personal.listing == [playlist.id]
    assert world.listing == before
    assert playlist.owner == "other"


def test_change(world: World, mine: Playlist) -> None:
    """Each detail that changes moves the snapshot id by one; what is said again moves nothing."""
    api = Api(world, scope=EDIT)
    body = {"name": "New", "description": "<3", "public": False, "collaborative": True}
    for _ in range(2):
        answer = api.send("PUT", f"/playlists/{mine.id}", body)
        assert (answer.status, answer.body) == (200, b"")
    shown = api.get(f"/playlists/{mine.id}").json
    assert {key: shown[key] for key in body} == body | {"description": "&lt;3"}
    assert snapshot_ids.revision(mine.snapshot_id) == 1 + 4
    assert api.send("PUT", f"/playlists/{mine.id}", {}).status == 200
    assert snapshot_ids.revision(mine.snapshot_id) == 1 + 4


def test_change_refused(world: World, mine: Playlist, theirs: Playlist) -> None:
    """Others' playlists stay as they are, and a public one does not become collaborative."""
    api = Api(world, scope=EDIT)
    assert api.send("PUT", f"/playlists/{theirs.id}", {"name": "x"}).status == 403
    assert api.send("PUT", f"/playlists/{mine.id}", {"collaborative": True}).status == 400
    assert api.send("PUT", "/playlists/short", {}).status == 400
    assert api.send("PUT", f"/playlists/{'7' * 22}", {}).status == 404
    assert (
        Api(world, scope="playlist-modify-public").send("PUT", f"/playlists/{mine.id}", {"public": False}).status == 403
    )
    assert (theirs.name, mine.collaborative, mine.public) == ("Theirs", False, True)


@pytest.mark.parametrize("way", ["followers", "library"])
def test_follow(world: World, theirs: Playlist, way: str) -> None:
    """A followed playlist is on top of the library and has one follower more, however often it is followed."""
    api, uri = Api(world, scope=EDIT + " user-library-read"), f"spotify:playlist:{theirs.id}"

    def ask(method: str) -> int:
        if way == "followers":
            return api.send(method, f"/playlists/{theirs.id}/followers").status
        return api.send(method, "/me/library", uris=uri).status

    def known() -> list[Any]:
        return [
            api.get(f"/playlists/{theirs.id}/followers/contains").json,
            api.get(f"/playlists/{theirs.id}/followers/contains", ids=world.me.id).json,
            api.get("/me/library/contains", uris=uri).json,
        ]

    before, followers = [*world.listing], theirs.followers
    assert known() == [[False]] * 3
    for _ in range(2):
        assert ask("PUT") == 200
        assert world.listing == [theirs.id, *before]
        assert api.get(f"/playlists/{theirs.id}").json["followers"]["total"] == followers + 1
    assert known() == [[True]] * 3
    for _ in range(2):
        assert ask("DELETE") == 200
        assert (world.listing, theirs.followers) == (before, followers)


def test_unfollowing_ones_own(world: World, mine: Playlist) -> None:
    """Without its owner's library a playlist is no longer listed, and is still there by its id."""
    api = Api(world, scope=EDIT)
    assert api.send("DELETE", f"/playlists/{mine.id}/followers").status == 200
    assert mine.id not in world.listing
    assert api.get(f"/playlists/{mine.id}").status == 200


def test_following_is_gone_for_development_apps(world: World, theirs: Playlist) -> None:
    """A development app follows by way of the library."""
    api = Api(world, "development", scope=EDIT)
    for method, rest in (("PUT", ""), ("DELETE", ""), ("GET", "/contains")):
        answer = api.send(method, f"/playlists/{theirs.id}/followers{rest}")
        assert answer.json == {"error": {"status": 403, "message": "Forbidden"}}
    assert api.send("PUT", "/me/library", uris=f"spotify:playlist:{theirs.id}").status == 200
    assert theirs.id in world.listing


def test_followers_of_several(world: World, mine: Playlist) -> None:
    """One user is asked about at a time; somebody unknown follows nothing."""
    path = f"/playlists/{mine.id}/followers/contains"
    assert Api(world).get(path, ids="nobody").json == [False]
    assert Api(world).get(path, ids="a,b").status == 400
    assert not any(user.id == "nobody" for user in world.users)
