"""Every answer of the catalogue validates against Spotify's OpenAPI document, but for deviations listed by name."""

from dataclasses import dataclass

import pytest

from sources.spotify_sandbox import World, generate
from tests.sources.spotify_sandbox import deviations
from tests.sources.spotify_sandbox.asking import Api
from tests.sources.spotify_sandbox.openapi import differences, shortened, unexplained

UNKNOWN = "7" * 22


@dataclass(frozen=True)
class Asker:
    """Who asks, and the market that is asked for."""

    regime: str
    user: bool
    market: str | None

    @property
    def circumstances(self) -> frozenset[str]:
        """What deviations may depend on."""
        known = {"market": self.market, "development": self.regime == "development"}
        nobody = not self.user and self.market is None
        return frozenset({name for name, given in known.items() if given} | ({"nobody"} if nobody else set()))


ASKERS = [
    Asker(regime, user, market)
    for regime in ("extended", "development", "transition")
    for user in (True, False)
    for market in (None, "US")
]


@pytest.fixture(scope="module")
def world() -> World:
    """A small world."""
    return generate(seed=5, playlists=16, items=1_200)


def addresses(world: World) -> dict[str, list[str]]:
    """What to ask of each operation, named by its path in the document."""
    works = world.catalogue.works
    tracks = [works.track(number) for number in works.every_track()[:30]]
    replaced = [track.replacement for track in tracks if track.replacement]
    shows = list(works.every_show())
    books = list(works.every_audiobook())
    albums = [track.album.id for track in tracks]
    artists = [artist.id for track in tracks for artist in track.artists]
    kinds = {
        "tracks": [*(track.id for track in tracks), *replaced],
        "albums": list(dict.fromkeys(albums)),
        "artists": list(dict.fromkeys(artists)),
        "shows": [show.id for show in shows],
        "episodes": [works.episode(number).id for number in works.every_episode()[:10]],
        "audiobooks": [book.id for book in books],
        "chapters": [chapter.id for book in books for chapter in works.chapters(book)[:2]],
        "audio-features": [track.id for track in tracks],
    }
    asked = {f"/{kind}/{{id}}": [f"/{kind}/{one}" for one in known] for kind, known in kinds.items()}
    asked |= {f"/{kind}": [f"/{kind}?ids={UNKNOWN},{','.join(known[:15])}"] for kind, known in kinds.items()}
    below = {"albums": ["tracks"], "artists": ["albums", "top-tracks", "related-artists"]}
    below |= {"shows": ["episodes"], "audiobooks": ["chapters"]}
    for kind, parts in below.items():
        for part in parts:
            asked[f"/{kind}/{{id}}/{part}"] = [f"/{kind}/{one}/{part}" for one in kinds[kind][:10]]
    types = "track,album,artist,playlist,show,episode,audiobook"
    seeds = f"seed_artists={artists[0]}&seed_tracks={tracks[0].id}&seed_genres=techno"
    return asked | {
        "/audio-analysis/{id}": [f"/audio-analysis/{tracks[0].id}"],
        "/search": [f"/search?q={word}&type={types}&limit=10" for word in ("a", "harbor", "hits")],
        "/browse/new-releases": ["/browse/new-releases"],
        "/browse/categories": ["/browse/categories"],
        "/browse/categories/{category_id}": ["/browse/categories/pop"],
        "/browse/categories/{category_id}/playlists": ["/browse/categories/pop/playlists"],
        "/browse/featured-playlists": ["/browse/featured-playlists"],
        "/markets": ["/markets"],
        "/recommendations": [f"/recommendations?{seeds}&target_tempo=120"],
        "/recommendations/available-genre-seeds": ["/recommendations/available-genre-seeds"],
        "/users/{user_id}": ["/users/thilda.ek", "/users/marcel%23spotify", "/users/spotify"],
    }


@pytest.mark.long
def test_answers_are_as_documented(world: World) -> None:
    """No answer to anybody differs from the document, except in ways that are listed, each of which occurs."""
    met: set[str] = set()
    wrong: set[str] = set()
    answered: set[str] = set()
    for asker in ASKERS:
        api = Api(world, asker.regime, user=asker.user)
        market = {} if asker.market is None else {"market": asker.market}
        for path, asked in addresses(world).items():
            for address in asked:
                answer = api.get(address, **market)
                if answer.status != 200:
                    continue
                answered.add(path)
                found = differences(path, shortened(answer.json))
                rest = unexplained(found, deviations.CATALOGUE, asker.circumstances, met)
                wrong.update(f"{asker.regime} {address}: {difference}" for difference in rest)
    assert sorted(wrong) == []
    assert answered == addresses(world).keys()
    assert met == deviations.CATALOGUE.keys()


def test_refusals_are_as_documented(world: World) -> None:
    """The body of an error is the documented one."""
    app = Api(world, user=False)
    for path, asked in addresses(world).items():
        app.authorization = None
        answer = app.get(asked[0])
        assert answer.status == 401, path
        assert list(differences(path, answer.json, status=401)) == []
