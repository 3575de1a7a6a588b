"""Generated playlists have the keys of recorded ones, in their order.

Values, which need the recordings themselves, are compared where these are.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sources.spotify_sandbox import Fault, Weather, World, generate
from tests.sources.spotify_sandbox.asking import Api, shared
from tests.sources.spotify_sandbox.shapes import HEAD, derived, differences, kept, places, recorded


def recording(name: str) -> Any:
    """A recorded body."""
    return json.loads(shared("recordings", *HEAD.split("/"), name).read_text())


def shape(value: Any) -> Any:
    """A JSON value without its values: keys in order, of lists only the first element."""
    if isinstance(value, dict):
        return [(key, shape(part)) for key, part in value.items()]
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return None


@pytest.fixture(scope="module")
def world() -> World:
    """The default world."""
    return generate()


def find(world: World, regime: str, path: str, wanted: Callable[[Any], bool]) -> Any:
    """The first entry of the world, as served in a regime, that is as wanted."""
    api = Api(world, regime)
    for playlist in world.listed():
        for entry in api.entries(api.get(f"/playlists/{playlist.id}/{path}", additional_types="track,episode").json):
            if wanted(entry):
                return entry
    raise AssertionError(path)


def test_entry_in_transition(world: World) -> None:
    """An ordinary entry looks like the one recorded on 2026-02-25, with both names."""
    theirs = recorded("playlist_1.json")["items"]["items"][0]
    mine = find(
        world,
        "transition",
        "items",
        lambda entry: entry["item"] and entry["item"].get("external_ids", {}).get("isrc") and entry["video_thumbnail"],
    )
    assert shape(mine) == shape(theirs)


def test_entry_of_old(world: World) -> None:
    """An ordinary entry of an extended app looks like one recorded in 2024."""
    theirs = recorded("playlist_3.json")["tracks"]["items"][0]
    mine = find(
        world, "extended", "tracks", lambda entry: entry["track"] and entry["track"].get("external_ids", {}).get("isrc")
    )
    assert shape(mine) == shape(theirs)


def test_local_file(world: World) -> None:
    """A local file looks like the recorded one."""
    tracks = [entry["track"] for entry in recorded("playlist_2.json")["tracks"]["items"]]
    theirs = next(track for track in tracks if track["id"] is None)
    assert shape(find(world, "extended", "tracks", lambda entry: entry["is_local"])["track"]) == shape(theirs)


def test_local_file_is_empty(world: World) -> None:
    """A local file is as empty as the recorded one."""
    theirs = recording("playlist_2.json")["tracks"]["items"][0]["track"]
    mine = find(world, "extended", "tracks", lambda entry: entry["is_local"])["track"]
    same = {key for key in theirs if theirs[key] in (None, 0, [], {}, False, True, "track")}
    assert {key: mine[key] for key in same} == {key: theirs[key] for key in same}
    assert mine["album"] | {"name": ""} == theirs["album"] | {"name": ""}


def test_episode(world: World) -> None:
    """A proper episode looks like the one recorded in 2024."""
    tracks = [entry["track"] for entry in recorded("playlist_3.json")["tracks"]["items"]]
    theirs = next(track for track in tracks if "show" in track)
    mine = find(world, "extended", "tracks", lambda entry: entry["track"] and entry["track"]["type"] == "episode")
    assert shape(mine["track"]) == shape(theirs)


def without_pages(playlist: Any) -> Any:
    """A playlist but for its entries."""
    return {key: value for key, value in playlist.items() if key not in {"tracks", "items"}}


def playlist_in_transition(world: World) -> Any:
    """A playlist with a cover, with both pages."""
    playlist = next(p for p in world.listed() if len(p) and p.images.startswith(b"[{"))
    return Api(world, "transition").get(f"/playlists/{playlist.id}", additional_types="track,episode").json


def test_playlist(world: World) -> None:
    """A playlist and its pages have the recorded keys, in transition both pages."""
    mine, theirs = playlist_in_transition(world), recorded("playlist_1.json")
    assert list(mine) == list(theirs)
    assert shape(without_pages(mine)) == shape(without_pages(theirs))
    for name in ("tracks", "items"):
        assert list(mine[name]) == list(theirs[name])


def test_links(world: World) -> None:
    """The address of a playlist and those of its pages are put together as recorded."""
    mine, theirs = playlist_in_transition(world), recording("playlist_1.json")
    for name in ("tracks", "items"):
        own, other = (each[name]["href"].partition("/playlists/")[2] for each in (mine, theirs))
        assert own.replace(mine["id"], theirs["id"]) == other
    assert mine["href"].endswith(theirs["href"].partition(theirs["id"])[2])


@pytest.mark.parametrize(
    ("regime", "name"), [("transition", "current_user_playlist_1.json"), ("extended", "current_user_playlist_2.json")]
)
def test_library(world: World, regime: str, name: str) -> None:
    """The library and its elements have the recorded keys."""
    theirs = recorded(name)
    answer = Api(world, regime).get("/me/playlists", limit=48).json
    assert list(answer) == list(theirs)
    with_cover = next(element for element in answer["items"] if element["images"])
    assert shape(with_cover) == shape(theirs["items"][0])


def test_items(world: World) -> None:
    """A page of entries looks like the recorded last one; of the keys of images both orders were recorded."""
    playlist = max(world.listed(), key=len)
    mine = Api(world, "transition").get(f"/playlists/{playlist.id}/items", additional_types="track").json
    images = {f".items.*.{name}.album.images.* is in another order" for name in ("item", "track")}
    assert differences([mine], [recorded("playlist_items.json")]) == {*images, ".next is str"}


def test_cover(world: World) -> None:
    """A cover that somebody uploaded is one picture without a size."""
    own = next(each for each in world.listed() if each.owner == world.me.id and each.images.count(b"url") == 1)
    mine = Api(world).get(f"/playlists/{own.id}/images").json
    assert differences(mine, recorded("playlist_cover_image.json")) == set()


def test_rate_limit(world: World) -> None:
    """Who asks too often is told so in the recorded body."""
    api = Api(world)
    api.service.weather = Weather([Fault("rate_limit", calls=0)])
    answer = api.get("/me")
    assert answer.status == 429
    assert differences([answer.json], [recorded("rate_limit.json")]) == set()


def test_errors(world: World) -> None:
    """The body of a 404 is the recorded one."""
    assert Api(world).get(f"/playlists/{'7' * 22}").json == recording("playlist_not_found.json")


def test_profile(world: World) -> None:
    """The profile has the recorded keys, in their order, and the two that the recording's scopes did not give."""
    theirs = recorded("current_user.json")
    mine = Api(world).get("/me").json
    assert [key for key in mine if key not in {"account_id", "email"}] == list(theirs)


def test_headers(world: World) -> None:
    """Recorded headers of a playlist are there with their values, except those of the connection and the moment."""
    theirs = json.loads(
        shared("recordings", "_decoded_cassettes", "spotDL_cassettes__test_playlist_from_url_002.json").read_text()
    )
    passing = {"alt-svc", "transfer-encoding", "content-encoding", "date", "etag"}
    wanted = {key: value for key, value in theirs["headers"].items() if key not in passing}
    playlist = next(world.listed())
    assert wanted.items() <= Api(world).get(f"/playlists/{playlist.id}/tracks").headers.items()


def test_shapes_are_those_of_the_recordings() -> None:
    """What is kept of the recordings follows from them, and holds no word of theirs but keys."""
    folder = shared("recordings")
    assert kept() == derived(folder, {*kept()})
    newest = {f"{HEAD}/{file.name}" for file in folder.joinpath(*HEAD.split("/")).iterdir()}
    assert newest - kept().keys() == set()


def test_shapes_hold_no_values() -> None:
    """No value of a recording is kept: strings are empty, numbers nothing."""
    assert {value for _, value in places(kept()) if not isinstance(value, dict | list)} <= {"", 0, 0.5, None}
