"""Followed artists and users, and the user's favourites."""

from typing import Any

import pytest

from sources.spotify_sandbox import World, generate
from sources.spotify_sandbox.world.users import User
from tests.sources.spotify_sandbox.asking import BASE, Api

ALL = "user-follow-read user-follow-modify user-top-read"


@pytest.fixture
def world() -> World:
    """A world whose user follows a few dozen artists."""
    return generate(seed=5, playlists=20, items=3_000)


def followed(api: Api, limit: int) -> list[str]:
    """The ids of all followed artists, by the links of the pages."""
    page = api.get("/me/following", type="artist", limit=limit).json["artists"]
    ids = [artist["id"] for artist in page["items"]]
    while page["next"]:
        assert page["cursors"]["after"] == ids[-1]
        assert page["next"] == f"{BASE}/me/following?type=artist&limit={limit}&after={ids[-1]}"
        page = api.get(page["next"]).json["artists"]
        ids += [artist["id"] for artist in page["items"]]
    assert page["cursors"] == {"after": None}
    return ids


@pytest.mark.parametrize("limit", [1, 7, 45, 50])
def test_pages_by_cursor(world: World, limit: int) -> None:
    """Pages of any size give every followed artist once, and the number of all."""
    api = Api(world, scope=ALL)
    ids = followed(api, limit)
    assert ids == [artist_id for artist_id, _ in world.library.listed("artist")]
    assert len(set(ids)) == len(ids) == api.get("/me/following", type="artist").json["artists"]["total"] == 90


def test_a_cursor_from_nowhere(world: World) -> None:
    """Behind an artist who is not followed there is nothing."""
    page = Api(world, scope=ALL).get("/me/following", type="artist", after="7" * 22).json["artists"]
    assert (page["items"], page["next"], page["total"]) == ([], None, 90)


@pytest.mark.parametrize(("kind", "known"), [("artist", None), ("user", "marcel#spotify")])
@pytest.mark.parametrize("by", ["query", "body"])
def test_follow(world: World, kind: str, known: str | None, by: str) -> None:
    """Who is followed is contained, and no longer when unfollowed; who is unknown never is."""
    api = Api(world, scope=ALL)
    one = known or next(
        each.artist.id
        for each in world.catalogue.works.every_performer()
        if not world.library.contains("artist", each.artist.id)
    )
    api.send("DELETE", "/me/following", {"ids": [one]}, type=kind)
    asked = [one, "7" * 22]

    def send(method: str) -> tuple[int, bytes]:
        if by == "query":
            answer = api.send(method, "/me/following", type=kind, ids=",".join(asked))
        else:
            answer = api.send(method, "/me/following", {"ids": asked}, type=kind)
        return answer.status, answer.body

    def contained() -> Any:
        return api.get("/me/following/contains", type=kind, ids=",".join(asked)).json

    assert contained() == [False, False]
    assert send("PUT") == (204, b"")
    assert contained() == [True, False]
    if kind == "artist":
        assert followed(api, 50)[0] == one
    assert send("DELETE") == (204, b"")
    assert contained() == [False, False]


@pytest.mark.parametrize(
    "query", [{}, {"type": "user"}, {"type": "artist", "limit": 51}, {"type": "artist", "limit": 0}]
)
def test_bad_requests(world: World, query: dict[str, object]) -> None:
    """Only artists are listed, 50 at most."""
    assert Api(world, scope=ALL).get("/me/following", **query).status == 400


def test_too_many(world: World) -> None:
    """50 at once, of artists by ids of 22 digits."""
    api = Api(world, scope=ALL)
    for query in (
        {"type": "artist", "ids": "x"},
        {"type": "artist", "ids": ",".join(["7" * 22] * 51)},
        {"type": "band"},
    ):
        assert api.get("/me/following/contains", **query).status == 400
        assert api.send("PUT", "/me/following", **query).status == 400


def test_development_apps(world: World) -> None:
    """A development app lists whom the user follows, and changes that by way of the library."""
    api = Api(world, "development", scope=ALL)
    artist = api.get("/me/following", type="artist").json["artists"]["items"][0]
    assert not {"followers", "popularity"} & artist.keys()
    for answer in (api.send("PUT", "/me/following"), api.get("/me/following/contains")):
        assert answer.json == {"error": {"status": 403, "message": "Forbidden"}}
    uri = artist["uri"]
    assert api.send("DELETE", "/me/library", uris=uri).status == 200
    assert api.get("/me/library/contains", uris=uri).json == [False]


@pytest.mark.parametrize("kind", ["artists", "tracks"])
def test_favourites(world: World, kind: str) -> None:
    """Favourites come by pages, each once, another order for each range of time, and the same every time."""
    api = Api(world, scope=ALL)
    orders = {}
    for time_range in ("short_term", "medium_term", "long_term"):
        page = api.get(f"/me/top/{kind}", time_range=time_range, limit=9).json
        assert page["href"] == f"{BASE}/me/top/{kind}?limit=9&time_range={time_range}"
        assert page["next"] == f"{BASE}/me/top/{kind}?offset=9&limit=9&time_range={time_range}"
        rows = list(api.entries(page))
        orders[time_range] = [row.get("linked_from", row)["id"] for row in rows]
        assert len(set(orders[time_range])) == page["total"] == len(rows) > 20
    assert len(set(map(tuple, orders.values()))) == 3
    assert [row.get("linked_from", row)["id"] for row in api.entries(api.get(f"/me/top/{kind}").json)] == orders[
        "medium_term"
    ]
    again = Api(generate(seed=5, playlists=20, items=3_000), scope=ALL)
    assert again.get(f"/me/top/{kind}").json == api.get(f"/me/top/{kind}").json
    assert api.get(f"/me/top/{kind}").json["href"] == f"{BASE}/me/top/{kind}"
    last = api.get(f"/me/top/{kind}", offset=5, limit=3).json
    assert last["previous"] == f"{BASE}/me/top/{kind}?offset=2&limit=3"


def test_no_favourites(world: World) -> None:
    """Only artists and tracks are liked, over three ranges of time, 50 at most."""
    api = Api(world, scope=ALL)
    assert api.get("/me/top/albums").status == 404
    assert api.get("/me/top/tracks", time_range="yesterday").status == 400
    assert api.get("/me/top/tracks", limit=51).status == 400


def test_a_user_is_followed_by_the_uri_that_the_sandbox_shows(world: World) -> None:
    """The id of a user may have characters that a URI has in their encoded form."""
    world.users.add(User("a#b", "Sharp"))
    api = Api(world, scope=ALL)
    uris = "spotify:user:a%23b,spotify:user:other"
    assert api.send("PUT", "/me/library", uris="spotify:user:a%23b").status == 200
    assert api.get("/me/library/contains", uris=uris).json == [True, False]
    assert api.get("/me/following/contains", type="user", ids="a#b,other").json == [True, False]
