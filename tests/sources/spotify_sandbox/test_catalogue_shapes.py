"""Answers of the catalogue have the keys of recorded ones, in their order, and values of the same types.

Links, which need the recordings themselves, are compared where these are.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sources.spotify_sandbox import World, generate
from sources.spotify_sandbox.world.contents import Track
from tests.sources.spotify_sandbox.asking import Api, shared
from tests.sources.spotify_sandbox.shapes import HEAD, problems, recorded

CASSETTES = "_decoded_cassettes"
OLD = "spotify-web-api-java/main/data"
RSPOTIFY = "guilhermesad_rspotify_vcr__"
SPOTDL = "spotDL_cassettes__test_"


IMAGE = {"url", "height", "width"}
"""The keys of an image: their order is another in each answer, and in the same answer over the years."""

IMAGES_IN_ANOTHER_ORDER = {"search.json"}
"""What was recorded in 2026 with images in an order that is not imitated."""


def without_order(value: Any) -> Any:
    """A JSON value in which the keys of images have an order of their own."""
    if isinstance(value, list):
        return [without_order(part) for part in value]
    if not isinstance(value, dict):
        return value
    keys = sorted(value) if value.keys() == IMAGE else value
    return {key: without_order(value[key]) for key in keys}


@pytest.fixture(scope="module")
def world() -> World:
    """A small world."""
    return generate(seed=4, playlists=12, items=2_000)


@dataclass(frozen=True)
class Found:
    """Ids of the world that suit the recordings."""

    world: World

    def track(self, wanted: Callable[[Track], object] = lambda track: track.isrc and track.markets.codes) -> Track:
        """The first track that is as wanted."""
        works = self.world.catalogue.works
        return next(track for track in map(works.track, works.every_track()) if wanted(track))

    @property
    def album(self) -> str:
        """An album with a UPC."""
        releases = self.world.catalogue.works.every_release()
        return next(release.album.id for release in releases if release.upc and len(release.tracks) > 5)

    @property
    def artist(self) -> str:
        """An artist with albums, genres and pictures."""
        performers = self.world.catalogue.works.every_performer()
        return next(each.artist.id for each in performers if each.genres and each.picture)

    @property
    def show(self) -> str:
        """A podcast."""
        return next(self.world.catalogue.works.every_show()).id

    @property
    def episode(self) -> str:
        """An episode."""
        works = self.world.catalogue.works
        return works.episode(works.every_episode()[0]).id

    @property
    def audiobook(self) -> str:
        """An audiobook."""
        return next(self.world.catalogue.works.every_audiobook()).id

    @property
    def chapter(self) -> str:
        """A chapter."""
        works = self.world.catalogue.works
        return works.chapters(next(works.every_audiobook()))[1].id


USERS: list[tuple[str, Callable[[Found], str]]] = [
    ("get_album.json", lambda found: f"/albums/{found.album}"),
    ("album_tracks.json", lambda found: f"/albums/{found.album}/tracks"),
    ("artist.json", lambda found: f"/artists/{found.artist}"),
    ("artist_albums.json", lambda found: f"/artists/{found.artist}/albums"),
    ("show.json", lambda found: f"/shows/{found.show}"),
    ("show_episodes.json", lambda found: f"/shows/{found.show}/episodes"),
    ("episode.json", lambda found: f"/episodes/{found.episode}"),
    ("audiobook.json", lambda found: f"/audiobooks/{found.audiobook}"),
    ("audiobook_chapters.json", lambda found: f"/audiobooks/{found.audiobook}/chapters"),
    ("chapter.json", lambda found: f"/chapters/{found.chapter}"),
    ("search.json", lambda found: f"/search?q=isrc:{found.track().isrc}&type=track"),
    ("audio_features.json", lambda found: f"/audio-features/{found.track().id}"),
]
"""Recorded in 2023 to 2026 with the token of a user."""

APPS: list[tuple[str, str, Callable[[Found], str]]] = [
    (CASSETTES, f"{SPOTDL}artist_from_url_018.json", lambda found: f"/tracks/{found.track().id}"),
    (CASSETTES, f"{SPOTDL}artist_from_url_001.json", lambda found: f"/artists/{found.artist}"),
    (CASSETTES, f"{SPOTDL}artist_from_url_005.json", lambda found: f"/albums/{found.album}"),
    (CASSETTES, f"{SPOTDL}artist_from_url_026.json", lambda found: f"/artists/{found.artist}/albums"),
    (
        CASSETTES,
        f"{RSPOTIFY}show_find_many_5CfCWKI5pZ28U0uOzXkDHe_5as3aKmN2k11yfDDDSrvaZ_001.json",
        lambda found: f"/shows?ids={found.show}",
    ),
    (OLD, "artists/GetArtistsRelatedArtistsRequest.json", lambda found: f"/artists/{found.artist}/related-artists"),
    (OLD, "browse/GetCategoryRequest.json", lambda _: "/browse/categories/party"),
    (OLD, "browse/GetListOfCategoriesRequest.json", lambda _: "/browse/categories"),
    (
        OLD,
        "browse/miscellaneous/GetAvailableGenreSeedsRequest.json",
        lambda _: "/recommendations/available-genre-seeds",
    ),
    (OLD, "users_profile/GetUsersProfileRequest.json", lambda _: "/users/thilda.ek"),
]
"""Recorded or documented for apps alone; shows and episodes there without a market, which here would be null."""


@pytest.mark.parametrize(("name", "address"), USERS, ids=[name for name, _ in USERS])
def test_users(world: World, name: str, address: Callable[[Found], str]) -> None:
    """What a user is answered is as recorded."""
    mine = Api(world, scope="user-read-playback-position").get(address(Found(world))).json
    theirs = recorded(name)
    if name in IMAGES_IN_ANOTHER_ORDER:
        assert problems(mine, theirs) != []
        mine, theirs = without_order(mine), without_order(theirs)
    assert problems(mine, theirs) == []


@pytest.mark.parametrize(("folder", "name", "address"), APPS, ids=[name for _, name, _ in APPS])
def test_apps(world: World, folder: str, name: str, address: Callable[[Found], str]) -> None:
    """What an app is answered is as recorded."""
    api = Api(world, user="show" in name, scope="user-read-playback-position")
    mine, theirs = api.get(address(Found(world))).json, recorded(name, folder)
    if folder == OLD:
        mine, theirs = without_order(mine), without_order(theirs)
    assert problems(mine, theirs) == []


def test_recommendations(world: World) -> None:
    """Recommendations are as documented, but for tracks, which tell of markets as in all newer answers."""
    theirs = recorded("browse/GetRecommendationsRequest.json", OLD)
    app = Api(world, user=False)
    mine = app.get("/recommendations", seed_artists=Found(world).artist, market="DE").json
    mine["tracks"] = [track for track in mine["tracks"] if not track.keys() & {"linked_from"}]
    assert problems(without_order(mine), without_order(theirs)) == []


def test_relinked(world: World) -> None:
    """A relinked track has the keys recorded in 2017, and ``is_local``, which came later."""
    theirs = recorded(f"{RSPOTIFY}track_find_3jfr0TF6DQcOLat8gGn7E2_market_ES_001.json", CASSETTES)
    track = Found(world).track(lambda track: track.replacement and track.isrc)
    mine = Api(world, user=False).get(f"/tracks/{track.id}", market="SE").json
    newer = {"is_local", "is_playable", "release_date", "release_date_precision", "total_tracks"}
    mine = {key: part for key, part in mine.items() if key != "is_local"}
    mine["album"] = {key: part for key, part in mine["album"].items() if key not in newer | {"restrictions"}}
    assert problems(without_order(mine), without_order(theirs)) == []


LINKS: dict[str, tuple[str, dict[str, object]]] = {
    "album_tracks.json": ("/albums/{id}/tracks", {"limit": 48}),
    "artist_albums.json": ("/artists/{id}/albums", {"limit": 48}),
    "show_episodes.json": ("/shows/{id}/episodes", {"limit": 48}),
    "search.json": ("/search", {"q": "Never Gonna Give You Up", "type": "track", "limit": 5}),
}


@pytest.mark.parametrize("name", LINKS)
def test_links(world: World, name: str) -> None:
    """The address of a page repeats what was asked in the order and with the quoting that were recorded."""
    theirs = json.loads(shared("recordings", *HEAD.split("/"), name).read_text())
    theirs = (theirs["tracks"] if name == "search.json" else theirs)["href"].removeprefix(REAL)
    template, query = LINKS[name]
    known = {"album_tracks.json": "album", "artist_albums.json": "artist", "show_episodes.json": "show"}
    here = getattr(Found(world), known[name]) if name in known else ""
    answer = Api(world).get(template.replace("{id}", here), **query).json
    mine = (answer["tracks"] if name == "search.json" else answer)["href"].removeprefix("http://sandbox.test/v1")
    there = theirs.split("/")[2] if here else "/"
    assert mine.replace(here or "/", there, 1) == theirs


REAL = "https://api.spotify.com/v1"


def test_refusal(world: World) -> None:
    """Malformed ids of a batch are answered as recorded in 2022."""
    name = "ClientEpisodeApiTest.testGetEpisodes_01.json"
    theirs = json.loads(shared("recordings", "adamint_spotify-web-api-kotlin", name).read_text())["body"]
    assert Api(world).get("/episodes", ids="hi,dad").json == theirs
