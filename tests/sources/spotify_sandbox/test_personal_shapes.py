"""What is the user's own has the keys of recorded answers, in their order, and values of the same types.

The recordings lie outside the repository.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sources.spotify_sandbox import World, generate
from sources.spotify_sandbox.scopes import SCOPES
from tests.sources.spotify_sandbox.asking import Api, shared

HEAD = ("recordings", "joostlek_python-spotify", "HEAD_2026-03-03")

Shape = dict[str, tuple[set[str], tuple[str, ...]]]
"""The types met at each place of some values, and the keys of the objects there, in order."""


def recording(name: str) -> Any:
    """A recorded body."""
    return json.loads(shared(*HEAD, name).read_text())


def places(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value inside a value, with its place; elements of one list share one."""
    yield place, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from places(part, f"{place}.{key}")
    elif isinstance(value, list):
        for part in value:
            yield from places(part, f"{place}.*")


def shape(values: list[Any]) -> Shape:
    """What values look like together; of objects the one with most keys counts."""
    found: Shape = {}
    for value in values:
        for place, part in places(value):
            types, keys = found.get(place, (set[str](), ()))
            more = tuple(part) if isinstance(part, dict) else ()
            found[place] = (types | {type(part).__name__}, more if len(more) > len(keys) else keys)
    return found


def differences(mine: Any, recorded: Any) -> set[str]:
    """Where answers and recordings differ: keys too many or too few, their order, types that were never recorded."""
    here, there = shape(mine), shape(recorded)
    found = set()
    for place, (types, keys) in there.items():
        if place not in here:
            continue
        own_types, own_keys = here[place]
        found |= {f"{place} lacks {key}" for key in keys if key not in own_keys and own_keys}
        found |= {f"{place} has {key}" for key in own_keys if key not in keys and keys}
        common = [key for key in keys if key in own_keys]
        if common != [key for key in own_keys if key in keys]:
            found.add(f"{place} is in another order")
        found |= {f"{place} is {name}" for name in own_types - types - {"NoneType"}}
    return found


@pytest.fixture(scope="module")
def world() -> World:
    """A world of some size."""
    return generate(seed=5, playlists=20, items=4_000)


@pytest.fixture
def api(world: World) -> Api:
    """A user who agreed to everything."""
    return Api(world, scope=" ".join(SCOPES))


def tracks(place: str, *others: str) -> set[str]:
    """How tracks differ everywhere: images have both orders in the recordings, and 2026 no preview was recorded."""
    return {f"{place}.album.images.* is in another order", f"{place}.preview_url is str", *others}


LIKED = tracks(".items.*.track", ".items.*.track has linked_from", ".items.*.track.album has restrictions")
LIKED_MOST = tracks(
    ".items.*",
    ".items.* has linked_from",
    # Recorded was one that is not sold at all; here one that another track stands in for.
    ".items.* lacks restrictions",
    ".items.*.album has restrictions",
)

CASES: dict[str, tuple[str, dict[str, object], set[str]]] = {
    "saved_tracks.json": ("/me/tracks", {"limit": 48}, LIKED),
    "saved_shows.json": ("/me/shows", {"limit": 48}, set()),
    "saved_audiobooks.json": ("/me/audiobooks", {"limit": 48}, set()),
    "saved_episodes.json": ("/me/episodes", {"limit": 48}, set()),
    "followed_artists.json": ("/me/following", {"type": "artist", "limit": 48}, set()),
    "top_artists.json": ("/me/top/artists", {"limit": 48}, {".items.*.images.* is in another order"}),
    "top_tracks.json": ("/me/top/tracks", {"limit": 48}, LIKED_MOST),
    "recently_played_tracks.json": ("/me/player/recently-played", {"limit": 48}, tracks(".items.*.track")),
    "devices.json": ("/me/player/devices", {}, set()),
    "current_user.json": ("/me", {}, {" has account_id", " has email"}),
}


@pytest.mark.parametrize("name", CASES)
def test_reads(api: Api, name: str) -> None:
    """An answer differs from the recorded one in what is listed, and in nothing else."""
    path, query, allowed = CASES[name]
    assert differences([api.get(path, **query).json], [recording(name)]) == allowed


def test_playback(api: Api, world: World) -> None:
    """The player looks as it was recorded while a track, a local file and an episode played."""
    device = api.get("/me/player/devices").json["devices"][0]["id"]
    catalogue = world.catalogue
    first, last = catalogue.works.every_episode()[0], catalogue.works.every_episode()[-1]
    playlist = world.create_playlist("Two")
    playlist.insert(0, [catalogue.uri(0), catalogue.uri(1)])
    context = f"spotify:playlist:{playlist.id}"

    def play(**body: object) -> tuple[Any, Any]:
        assert api.send("PUT", "/me/player/play", body, device_id=device).status == 204
        types = {"additional_types": "track,episode"}
        return api.get("/me/player", **types).json, api.get("/me/player/currently-playing", **types).json

    track, playing = play(context_uri=context, offset={"position": 1})
    images = {".item.album.images.* is in another order"}
    # What shuffles smartly was not recorded together with an ordinary track.
    assert differences([track], [recording("playback_1.json")]) == images | {" has smart_shuffle"}
    assert differences([playing], [recording("current_playing_track.json")]) == images
    file, _ = play(uris=[catalogue.uri(last + 1)])
    assert differences([file], [recording("playback_4.json")]) == set()
    episode, _ = play(uris=[catalogue.uri(first)])
    theirs = [recording("playback_episode_1.json"), recording("playback_audiobook_1.json")]
    assert differences([episode], theirs) == set()


def test_writes(api: Api, world: World) -> None:
    """New playlists and snapshot ids look as recorded."""
    created = api.send("POST", "/me/playlists", {"name": "New", "description": "d", "public": False})
    assert list(created.json) == list(recording("new_playlist.json"))
    assert differences([created.json], [recording("new_playlist.json")]) == set()
    added = api.send("POST", f"/playlists/{created.json['id']}/items", {"uris": [world.catalogue.uri(1)]})
    theirs = recording("playlist_update_items.json")
    assert list(added.json) == list(theirs)
    assert len(added.json["snapshot_id"]) == len(theirs["snapshot_id"]) == 32


def test_saved_and_not(api: Api) -> None:
    """Whether something is saved is an array of booleans."""
    assert (
        differences([api.get("/me/tracks/contains", ids="7" * 22).json], [recording("library_contains.json")]) == set()
    )


def exchange(name: str) -> Any:
    """A recorded exchange of a user with headers."""
    return json.loads(shared("recordings", "adamint_spotify-web-api-kotlin", name).read_text())


PASSING = {"etag", "date", "content-length", "alt-svc"}


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("ClientLibraryApiTest.testLibraryTracks_02.json", "GET", "/me/tracks"),
        ("ClientLibraryApiTest.testLibraryShows_03.json", "GET", "/me/shows"),
        ("ClientLibraryApiTest.testLibraryShows_04.json", "PUT", "/me/shows"),
    ],
)
def test_headers(api: Api, name: str, method: str, path: str) -> None:
    """Headers of what is the user's own are the recorded ones; a change has neither content type nor ``vary``."""
    recorded = exchange(name)
    if method == "GET":
        answer = api.get(path)
    else:
        answer = api.send(method, path, ids="7" * 22)
        assert (answer.body, recorded["body"]) == (b"", "")
        assert answer.headers["content-length"] == recorded["headers"]["content-length"] == "0"
    assert answer.status == recorded["status"]
    wanted = {key: value for key, value in recorded["headers"].items() if key not in PASSING}
    # What browsers are told has grown by some headers since 2022.
    wanted.pop("access-control-allow-headers")
    own = {key: value for key, value in answer.headers.items() if key not in PASSING}
    own.pop("access-control-allow-headers")
    assert own == wanted
