"""The signed-in user and the library."""

from typing import Any

import pytest

from sources.spotify_sandbox import World, generate
from tests.sources.spotify_sandbox.asking import BASE, Api


@pytest.fixture
def world() -> World:
    """A library of 123 playlists, two of which are null."""
    return generate(1, 121, 500, null_playlists=2)


def library(api: Api) -> list[dict[str, Any] | None]:
    """All of a library, by its own links."""
    return list(api.entries(api.get("/me/playlists", limit=50).json))


@pytest.mark.parametrize(
    ("regime", "names"), [("extended", ["tracks"]), ("development", ["items"]), ("transition", ["tracks", "items"])]
)
def test_elements_of_the_library(world: World, regime: str, names: list[str]) -> None:
    """Playlists in a list have no followers and only address and total of their entries."""
    page = Api(world, regime).get("/me/playlists").json
    assert list(page) == ["href", "limit", "next", "offset", "previous", "total", "items"]
    assert (page["limit"], page["total"]) == (20, 123)
    for playlist in filter(None, page["items"]):
        assert "followers" not in playlist
        assert [name for name in playlist if name in {"tracks", "items"}] == names
        for name in names:
            total = len(world.playlist(playlist["id"]))
            assert playlist[name] == {"href": f"{BASE}/playlists/{playlist['id']}/{name}", "total": total}


def test_links_lead_to_the_users_path(world: World) -> None:
    """The pages link to /users/{id}/playlists, which gives the same list, and 403 to development apps."""
    api = Api(world)
    first = api.get("/me/playlists", limit=50).json
    assert first["next"] == f"{BASE}/users/{world.me.id}/playlists?offset=50&limit=50"
    assert [element and element["id"] for element in library(api)] == world.listing
    api.service.api_mode = "development"
    assert api.get(api.get("/me/playlists").json["next"]).json == {"error": {"status": 403, "message": "Forbidden"}}
    offsets = range(0, 123, 50)
    pages = [api.get("/me/playlists", limit=50, offset=offset).json["items"] for offset in offsets]
    assert [element and element["id"] for page in pages for element in page] == world.listing


def test_library_limits(world: World) -> None:
    """More than 50 is refused; 0 is accepted and leads to itself, as it has for years."""
    api = Api(world)
    assert api.get("/me/playlists", limit=51).json["error"]["message"] == "Invalid limit"
    nothing = api.get("/me/playlists", limit=0).json
    assert nothing["items"] == []
    assert nothing["next"] == nothing["href"].replace("/me/", f"/users/{world.me.id}/")


def test_scopes_decide_what_is_listed(world: World) -> None:
    """Private and collaborative playlists are listed only with their scopes."""
    assert any(playlist.public is False for playlist in world.listed())
    seen = list(filter(None, library(Api(world, scope="user-read-private"))))
    assert all(playlist["public"] and not playlist["collaborative"] for playlist in seen)
    shared = list(filter(None, library(Api(world, scope="playlist-read-collaborative"))))
    assert len(shared) > len(seen)


def test_unlisted_and_relisted(world: World) -> None:
    """A playlist leaves the library and comes back to its top."""
    playlist = next(world.listed())
    api = Api(world)
    world.unlist(playlist.id)
    assert playlist.id not in [element and element["id"] for element in library(api)]
    world.relist(playlist.id)
    first = library(api)[0]
    assert first is not None
    assert first["id"] == playlist.id


def test_me(world: World) -> None:
    """The profile loses five keys for development apps, and needs scopes for the private ones."""
    api = Api(world)
    whole = api.get("/me")
    assert whole.headers["cache-control"] == "private, max-age=0"
    assert {"country", "email", "explicit_content", "followers", "product", "account_id"} < set(whole.json)
    assert whole.json["id"] == world.me.id
    api.service.api_mode = "development"
    trimmed = api.get("/me").json
    assert set(whole.json) - set(trimmed) == {"country", "email", "explicit_content", "followers", "product"}
    assert not {"country", "email", "product"} & set(Api(world, scope="").get("/me").json)


@pytest.mark.parametrize("path", ["/me", "/me/playlists"])
def test_client_credentials_have_no_user(world: World, path: str) -> None:
    """What belongs to a user is refused to an application alone."""
    answer = Api(world, user=False).get(path)
    assert answer.json == {"error": {"status": 401, "message": "Valid user authentication required"}}
