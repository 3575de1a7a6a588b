"""What all look-ups in the catalogue have in common: ids, batches, paging, markets, and what development apps lost."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sources.spotify_sandbox import World, generate
from sources.spotify_sandbox.world.contents import Episode, Track
from tests.sources.spotify_sandbox.api.endpoints.catalogue_examples import Examples, one_of_each
from tests.sources.spotify_sandbox.asking import Answer, Api

UNKNOWN = "7" * 22
OBJECTS = ("albums", "artists", "tracks", "shows", "episodes", "audiobooks", "chapters", "audio-features")
MOST = {"albums": 20, "audio-features": 100}
"""Ids in one call; 50 of everything else."""


@pytest.fixture(scope="module")
def examples() -> Examples:
    """A small world, and one of each of what it holds."""
    return one_of_each()


def only(answer: Answer) -> Any:
    """The elements of a batch, which has one key."""
    assert answer.status == 200, answer.body
    [elements] = answer.json.values()
    return elements


@pytest.mark.parametrize("kind", OBJECTS)
def test_batch(examples: Examples, kind: str) -> None:
    """A batch answers in the order of its ids, repetitions and all, with null for what is unknown."""
    api, known = Api(examples.world), examples.ids[kind]
    elements = only(api.get(f"/{kind}", ids=f"{UNKNOWN},{known},{known}"))
    assert [element and element["id"] for element in elements] == [None, known, known]


@pytest.mark.parametrize("kind", OBJECTS)
def test_batch_is_bounded(examples: Examples, kind: str) -> None:
    """As many ids as documented are answered, one more is an error, and so are none and malformed ones."""
    api, most = Api(examples.world), MOST.get(kind, 50)
    assert len(only(api.get(f"/{kind}", ids=",".join([UNKNOWN] * most)))) == most
    wrong = {
        ",".join([UNKNOWN] * (most + 1)): "too many ids requested",
        "hi,dad": "invalid id",
        f"{examples.ids[kind]},": "invalid id",
        "": "invalid id",
    }
    for ids, message in wrong.items():
        answer = api.get(f"/{kind}", ids=ids)
        assert answer.json == {"error": {"status": 400, "message": message}}
    assert api.get(f"/{kind}").status == 400


@pytest.mark.parametrize("kind", [*OBJECTS, "audio-analysis"])
def test_one(examples: Examples, kind: str) -> None:
    """A known id is answered, an unknown one is 404, a malformed one 400."""
    api = Api(examples.world)
    assert api.get(f"/{kind}/{examples.ids[kind]}").status == 200
    missing = api.get(f"/{kind}/{UNKNOWN}")
    audio = kind.startswith("audio-")
    assert missing.json == {
        "error": {"status": 404, "message": "analysis not found" if audio else "Resource not found"}
    }
    assert api.get(f"/{kind}/nonexistant").json == {"error": {"status": 400, "message": "Invalid base62 id"}}


PAGES = {
    "/albums/{id}/tracks": (20, 50),
    "/artists/{id}/albums": (20, 50),
    "/shows/{id}/episodes": (20, 50),
    "/audiobooks/{id}/chapters": (20, 50),
    "/browse/new-releases": (20, 50),
    "/browse/categories": (20, 50),
    "/browse/categories/pop/playlists": (20, 50),
    "/browse/featured-playlists": (20, 50),
    "/search?q=a&type=track": (20, 50),
}
"""Default and highest limit in extended quota mode."""

CUT = {"/artists/{id}/albums": (5, 10), "/search?q=a&type=track": (5, 10)}
"""The same for development apps, where it is another."""

DEVELOPMENT = {
    template: CUT.get(template, limits) for template, limits in PAGES.items() if not template.startswith("/browse")
}


def page(answer: Answer) -> Any:
    """The page of an answer, which may be wrapped in an object."""
    assert answer.status == 200, answer.body
    body = answer.json
    return body if "items" in body else next(part for part in body.values() if isinstance(part, dict))


@pytest.mark.parametrize(
    ("regime", "template", "limits"),
    [
        *(("extended", template, limits) for template, limits in PAGES.items()),
        *(("development", template, limits) for template, limits in DEVELOPMENT.items()),
    ],
)
def test_limits(examples: Examples, regime: str, template: str, limits: tuple[int, int]) -> None:
    """Each page has its own default and highest limit; anything else is ``Invalid limit``."""
    api, address = Api(examples.world, regime), examples.path(template)
    default, highest = limits
    assert page(api.get(address))["limit"] == default
    assert page(api.get(address, limit=highest))["limit"] == highest
    for wrong in (0, highest + 1, -1, "ten"):
        answer = api.get(address, limit=wrong)
        assert answer.json == {"error": {"status": 400, "message": "Invalid limit"}}
    assert api.get(address, offset=-1).json == {"error": {"status": 400, "message": "Invalid offset"}}


def walked(api: Api, first: Any) -> Iterator[Any]:
    """The elements of a page and of all behind it, which are checked to lead back."""
    here = first
    while True:
        assert len(here["items"]) == min(here["limit"], here["total"] - here["offset"])
        yield from here["items"]
        if here["next"] is None:
            return
        following = page(api.get(here["next"]))
        assert following["offset"] == here["offset"] + here["limit"]
        assert parse_qs(urlsplit(following["previous"]).query) == parse_qs(urlsplit(here["href"]).query)
        here = following


@pytest.mark.parametrize("template", PAGES)
def test_pages_lead_on(examples: Examples, template: str) -> None:
    """``next`` leads through all elements, each once, and ``previous`` back."""
    api = Api(examples.world)
    first = page(api.get(examples.path(template), limit=3 if "search" not in template else 50))
    ids = [element["id"] for element in walked(api, first)]
    assert len(ids) == len(set(ids)) == first["total"]


GONE = {
    403: [
        *(f"/{kind}?ids={UNKNOWN}" for kind in OBJECTS),
        "/artists/{id}/top-tracks",
        "/browse/new-releases",
        "/browse/categories",
        "/browse/categories/pop",
        "/markets",
        "/recommendations?seed_genres=pop",
        "/audio-features/{id}",
        "/audio-analysis/{id}",
        "/users/thilda.ek",
    ],
    404: [
        "/artists/{id}/related-artists",
        "/browse/featured-playlists",
        "/browse/categories/pop/playlists",
        "/recommendations/available-genre-seeds",
    ],
}


@pytest.mark.parametrize(("status", "template"), [(status, path) for status, paths in GONE.items() for path in paths])
def test_gone(examples: Examples, status: int, template: str) -> None:
    """What was closed in 2024 or removed in 2026 is gone for development apps and there for all others."""
    address = examples.path(template)
    answer = Api(examples.world, "development").get(address)
    assert answer.json["error"] == {"status": status, "message": "Forbidden" if status == 403 else "Resource not found"}
    for regime in ("extended", "transition"):
        assert Api(examples.world, regime).get(address).status == 200


LOST = {
    "tracks": {"available_markets", "popularity"},
    "albums": {"available_markets", "label", "popularity"},
    "artists": {"followers", "popularity"},
    "shows": {"available_markets", "publisher"},
    "audiobooks": {"available_markets", "publisher"},
    "chapters": {"available_markets"},
}
EVERYWHERE_LOST = {"available_markets", "linked_from", "album_group", "publisher"}


def keys(value: Any) -> Iterator[str]:
    """All keys inside a JSON value."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from keys(part)
    elif isinstance(value, list):
        for part in value:
            yield from keys(part)


@pytest.mark.parametrize("kind", LOST)
def test_fields_of_development_apps(examples: Examples, kind: str) -> None:
    """Development apps see every object without the fields removed in 2026, also inside others, and else the same."""
    address = f"/{kind}/{examples.ids[kind]}"
    whole = Api(examples.world).get(address).json
    cut = Api(examples.world, "development").get(address).json
    assert whole.keys() - cut.keys() == LOST[kind]
    assert not EVERYWHERE_LOST & set(keys(cut))
    alike = whole.keys() - LOST[kind] - {"album", "tracks", "episodes", "chapters", "audiobook"}
    assert {key: cut[key] for key in alike} == {key: whole[key] for key in alike}
    if kind in {"tracks", "albums"}:
        assert "external_ids" in cut


def track_like(world: World, wanted: Any) -> Track:
    """The first track that is as wanted."""
    works = world.catalogue.works
    return next(track for track in map(works.track, works.every_track()) if wanted(track))


def test_market(examples: Examples) -> None:
    """A market decides whether a track plays, is relinked or restricted; a user's country wins over it."""
    world = examples.world
    app, user = Api(world, user=False), Api(world)
    played = track_like(world, lambda track: {"DE", "SE"} <= track.markets.codes)
    assert set(app.get(f"/tracks/{played.id}").json) & {"is_playable", "available_markets"} == {"available_markets"}
    in_germany = app.get(f"/tracks/{played.id}", market="DE").json
    assert in_germany["is_playable"] is True
    assert "available_markets" not in set(keys(in_germany))
    assert "restrictions" not in in_germany

    relinked = track_like(world, lambda track: track.replacement and "SE" not in track.markets.codes)
    answer = app.get(f"/tracks/{relinked.id}", market="SE").json
    assert (answer["id"], answer["linked_from"]["id"]) == (relinked.replacement, relinked.id)
    assert answer["is_playable"] is True
    other = app.get(f"/tracks/{relinked.replacement}", market="SE").json
    assert "linked_from" not in other
    assert {**answer, "linked_from": None} == {**other, "linked_from": None}
    in_germany = app.get(f"/tracks/{relinked.id}", market="DE").json
    assert in_germany["id"] == relinked.id
    assert user.get(f"/tracks/{relinked.id}", market="DE").json["id"] == relinked.replacement
    trimmed = Api(world, "development").get(f"/tracks/{relinked.id}", market="SE").json
    assert trimmed["id"] == relinked.replacement
    assert "linked_from" not in trimmed

    silent = track_like(world, lambda track: not track.markets.codes and not track.replacement)
    answer = app.get(f"/tracks/{silent.id}", market="SE").json
    assert (answer["is_playable"], answer["restrictions"]) == (False, {"reason": "market"})

    assert app.get(f"/tracks/{played.id}", market="XX").json["error"]["message"] == "Invalid market code"
    assert app.get(f"/tracks/{played.id}", market="from_token").status == 403


@pytest.mark.parametrize("kind", ["shows", "episodes", "audiobooks", "chapters"])
def test_without_a_market_and_a_user(examples: Examples, kind: str) -> None:
    """Without market and without user, podcasts and audiobooks are not there: 404, and null in a batch."""
    app, known = Api(examples.world, user=False), examples.ids[kind]
    assert app.get(f"/{kind}/{known}").status == 404
    assert only(app.get(f"/{kind}", ids=known)) == [None]
    assert app.get(f"/{kind}/{known}", market="US").status == 200
    assert only(app.get(f"/{kind}", ids=known, market="US"))[0]["id"] == known


def test_audiobooks_that_are_not_sold(examples: Examples) -> None:
    """An audiobook is found only in markets where it is sold."""
    book = next(book for book in examples.world.catalogue.works.every_audiobook() if "SE" not in book.markets.codes)
    app, user = Api(examples.world, user=False), Api(examples.world)
    assert app.get(f"/audiobooks/{book.id}", market="US").json["name"] == book.name
    assert app.get(f"/audiobooks/{book.id}/chapters", market="SE").status == 404
    assert user.get(f"/audiobooks/{book.id}", market="US").status == 404
    assert only(user.get("/audiobooks", ids=book.id)) == [None]


def test_resume_point(examples: Examples) -> None:
    """How far an episode was heard is told to a user's token with the scope only."""
    address = f"/episodes/{examples.ids['episodes']}"
    with_scope = Api(examples.world, scope="user-read-playback-position").get(address).json
    without = Api(examples.world, scope="user-read-private").get(address).json
    assert with_scope.keys() - without.keys() == {"resume_point"}


def test_edits(examples: Examples) -> None:
    """A track or an episode that was edited is answered as it is now."""
    world = generate(seed=3, playlists=12, items=1_500)
    track, episode = examples.ids["tracks"], examples.ids["episodes"]
    world.rename_track(f"spotify:track:{track}", "Another name")
    world.rename_track(f"spotify:episode:{episode}", "Another episode")
    world.restrict_track(f"spotify:track:{track}", ("DE",))
    api = Api(world)
    answer = api.get(f"/tracks/{track}").json
    assert (answer["name"], answer["available_markets"]) == ("Another name", ["DE"])
    assert api.get(f"/episodes/{episode}").json["name"] == "Another episode"
    album = api.get(f"/albums/{examples.ids['albums']}").json
    assert album["tracks"]["items"][0]["name"] == "Another name"
    found = api.get("/search", q="track:another", type="track").json["tracks"]["items"]
    assert track not in {each["id"] for each in found}, "it is not sold where the user lives"
    found = Api(world, user=False).get("/search", q='track:"another name"', type="track").json["tracks"]["items"]
    assert track in {each["id"] for each in found}


def test_discography(examples: Examples) -> None:
    """Groups can be chosen, come in their order with the latest first, and the links name them unescaped."""
    api, path = Api(examples.world), examples.path("/artists/{id}/albums")
    whole = page(api.get(path, limit=50))
    groups = [album["album_group"] for album in whole["items"]]
    assert groups == sorted(groups, key=["album", "single", "compilation", "appears_on"].index)
    dates = [(album["album_group"], album["release_date"]) for album in whole["items"]]
    assert all(one[0] != other[0] or one[1] >= other[1] for one, other in pairwise(dates))
    assert whole["href"].endswith("?offset=0&limit=50&include_groups=album,single,compilation,appears_on")
    some = page(api.get(path, include_groups="single,appears_on", limit=50))
    assert some["items"] == [each for each in whole["items"] if each["album_group"] in {"single", "appears_on"}]
    assert some["href"].endswith("&include_groups=single,appears_on")
    assert api.get(path, include_groups="mixtape").status == 400


def test_top_tracks(examples: Examples) -> None:
    """The ten most popular tracks on which the artist plays, the most popular first."""
    artist = examples.ids["artists"]
    tracks = only(Api(examples.world).get(f"/artists/{artist}/top-tracks"))
    assert 0 < len(tracks) <= 10
    assert all(artist in {each["id"] for each in track["artists"]} for track in tracks)
    popularity = [track["popularity"] for track in tracks]
    assert popularity == sorted(popularity, reverse=True)


def test_categories(examples: Examples) -> None:
    """Each category is found by its id, and Spotify's playlists stand in some with ``public`` null."""
    api = Api(examples.world)
    listed = list(walked(api, page(api.get("/browse/categories"))))
    assert [api.get(f"/browse/categories/{each['id']}").json for each in listed] == listed
    assert all(api.fetch(each["icons"][0]["url"]).status == 200 for each in listed[:3])
    for address in ("/browse/categories/pop/playlists", "/browse/categories/rock/playlists"):
        assert api.get(address.replace("pop", "nothing")).status == (404 if "pop" in address else 200)
    featured = page(api.get("/browse/featured-playlists"))["items"]
    assert featured
    assert {(each["owner"]["id"], each["public"]) for each in featured} == {("spotify", None)}


def test_new_releases(examples: Examples) -> None:
    """New albums come the latest first."""
    dates = [each["release_date"] for each in page(Api(examples.world).get("/browse/new-releases"))["items"]]
    assert dates == sorted(dates, reverse=True)


def test_markets(examples: Examples) -> None:
    """The markets are 185, by the alphabet."""
    codes = only(Api(examples.world).get("/markets"))
    assert len(set(codes)) == 185
    assert codes == sorted(codes)


@pytest.mark.parametrize("user_id", ["thilda.ek", "marcel%23spotify", "whytho%3F"])
def test_profiles(examples: Examples, user_id: str) -> None:
    """A user's profile is at its own ``href``, whatever the id is made of."""
    answer = Api(examples.world).get(f"/users/{user_id}")
    assert answer.json["href"].endswith(f"/users/{user_id}")
    assert Api(examples.world).get("/users/nobody.knows").status == 404


def test_everything_is_what_it_says(examples: Examples) -> None:
    """Contents by number are of the kind that was asked for, or an error."""
    works = examples.world.catalogue.works
    track, episode = works.every_track()[0], works.every_episode()[0]
    assert isinstance(works.track(track), Track)
    assert isinstance(works.episode(episode), Episode)
    with pytest.raises(KeyError):
        works.track(episode)
    with pytest.raises(KeyError):
        works.episode(track)
