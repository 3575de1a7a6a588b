"""Search finds what it should, and says what is wrong with a request."""

from typing import Any

import pytest

from sources.spotify_sandbox import World, generate
from sources.spotify_sandbox.world.contents import Release
from tests.sources.spotify_sandbox.asking import Api

TYPES = "track,album,artist,playlist,show,episode,audiobook"


@pytest.fixture(scope="module")
def world() -> World:
    """A small world."""
    return generate(seed=8, playlists=20, items=1_500)


def found(api: Api, kind: str, query: str, **more: object) -> list[Any]:
    """The results of one type, all on one page."""
    answer = api.get("/search", **({"q": query, "type": kind, "limit": 50} | more))
    assert answer.status == 200, answer.body
    items: list[Any] = answer.json[f"{kind}s"]["items"]
    return items


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"type": "track"}, "No search query"),
        ({"q": " ", "type": "track"}, "No search query"),
        ({"q": "a"}, "Missing parameter type"),
        ({"q": "a", "type": "track,user"}, "Bad search type field user"),
        ({"q": "a", "type": "track", "offset": 990, "limit": 20}, "Invalid offset"),
    ],
)
def test_wrong_requests(world: World, query: dict[str, object], message: str) -> None:
    """A request that cannot be answered is 400 with a message that says why."""
    assert Api(world).get("/search", **query).json == {"error": {"status": 400, "message": message}}


def test_every_type(world: World) -> None:
    """Each type that is asked for has a page of its own, whose links name that type only."""
    body = Api(world).get("/search", q="the", type=TYPES, limit=2).json
    assert list(body) == [f"{kind}s" for kind in TYPES.split(",")]
    for kind in TYPES.split(","):
        assert f"&query=the&type={kind}" in body[f"{kind}s"]["href"]
        assert all(each["type"] == kind for each in body[f"{kind}s"]["items"])


def test_names(world: World) -> None:
    """Everything is found by its name, in front of what merely holds the words."""
    works, api = world.catalogue.works, Api(world, user=False)
    track = next(works.track(number) for number in works.every_track() if works.track(number).name)
    albums = (release.album for release in works.every_release())
    names = {
        "track": track.name,
        "album": next(albums).name,
        "artist": track.artists[0].name,
        "show": next(works.every_show()).name,
        "episode": works.episode(works.every_episode()[0]).name,
        "audiobook": next(works.every_audiobook()).name,
        "playlist": next(playlist.name for playlist in world.listed() if playlist.public),
    }
    for kind, name in names.items():
        quoted = name.replace('"', " ")
        results = found(api, kind, f'"{quoted}"' if quoted == name else quoted, market="US")
        assert name in [each["name"] for each in results], kind


def test_filters(world: World) -> None:
    """Filters look into their own fields: codes find one thing, years and names only what has them."""
    works, api = world.catalogue.works, Api(world, user=False)
    track = next(each for each in map(works.track, works.every_track()) if each.isrc and each.album.artists)
    assert [each["id"] for each in found(api, "track", f"isrc:{track.isrc}")] == [track.id]
    release = next(each for each in works.every_release() if each.upc)
    assert [each["id"] for each in found(api, "album", f"upc:{release.upc}")] == [release.album.id]
    assert found(api, "track", f"upc:{release.upc}") == []
    by = found(api, "track", f'artist:"{track.artists[0].name}"')
    assert by
    assert all(track.artists[0].name in {artist["name"] for artist in each["artists"]} for each in by)
    years = found(api, "album", "year:2015-2016")
    assert years
    assert {each["release_date"][:4] for each in years} <= {"2015", "2016"}
    genre = next(performer.genres[0] for performer in works.every_performer() if performer.genres)
    assert all(genre in each["genres"] for each in found(api, "artist", f'genre:"{genre}"'))


def test_tags(world: World) -> None:
    """``tag:new`` finds albums of the last two weeks, ``tag:hipster`` the least popular."""
    works, api = world.catalogue.works, Api(world, user=False)

    def popularity(album: Any) -> int:
        release = works.release(album["id"])
        assert isinstance(release, Release)
        return release.popularity

    hidden = found(api, "album", "tag:hipster")
    assert hidden
    assert max(map(popularity, hidden)) < 8
    assert all(each["release_date"] >= "2026-11-08" for each in found(api, "album", "tag:new"))


def test_markets(world: World) -> None:
    """With a market only what can be played there is found; a user hears of both, whether and where."""
    app, user = Api(world, user=False), Api(world)
    everywhere, there = found(app, "track", "the"), found(app, "track", "the", market="DE")
    assert everywhere
    assert there
    assert all(each["is_playable"] and "available_markets" not in each for each in there)
    mine = found(user, "track", "the")
    assert all(each["is_playable"] and each["album"].keys() >= {"is_playable", "available_markets"} for each in mine)


def test_without_a_market_and_a_user(world: World) -> None:
    """Without market and user, podcasts and episodes are null elements, and audiobooks not found."""
    app = Api(world, user=False)
    for kind in ("show", "episode"):
        assert set(map(bool, found(app, kind, "a"))) == {False}
        assert all(found(app, kind, "a", market="SE"))
    assert found(app, "audiobook", "a") == []


def test_playlists(world: World) -> None:
    """Public playlists are found, ``public`` null; to development apps Spotify's own are null elements."""
    owners = [each["owner"]["id"] for each in found(Api(world), "playlist", "hits")]
    assert set(owners) == {"spotify"}
    assert found(Api(world, "development"), "playlist", "hits", limit=10) == [None] * len(owners)
    private = next(playlist for playlist in world.listed() if playlist.public is False)
    assert private.id not in {each["id"] for each in found(Api(world), "playlist", private.name)}


def test_no_link_leads_too_far(world: World) -> None:
    """However one pages, ``next`` ends before the results that cannot be reached."""
    api = Api(world, user=False)
    link, pages = "/search?q=a&type=track&limit=50&offset=7", 0
    while link:
        page = api.get(link).json["tracks"]
        link, pages = page["next"], pages + 1
    assert pages > 5
    assert page["offset"] + page["limit"] <= 1000
