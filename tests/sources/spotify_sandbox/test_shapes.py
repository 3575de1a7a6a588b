"""Generated answers have the keys of recorded ones, in their order. The recordings lie outside the repository."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sources.spotify_sandbox import World, generate
from tests.sources.spotify_sandbox.asking import Answer, Api, shared

HEAD = ("recordings", "joostlek_python-spotify", "HEAD_2026-03-03")


def recording(name: str) -> Any:
    """A recorded body."""
    return json.loads(shared(*HEAD, name).read_text())


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
    recorded = recording("playlist_1.json")["items"]["items"][0]
    mine = find(
        world,
        "transition",
        "items",
        lambda entry: entry["item"] and entry["item"].get("external_ids", {}).get("isrc") and entry["video_thumbnail"],
    )
    assert shape(mine) == shape(recorded)


def test_entry_of_old(world: World) -> None:
    """An ordinary entry of an extended app looks like one recorded in 2024."""
    recorded = recording("playlist_3.json")["tracks"]["items"][0]
    mine = find(
        world, "extended", "tracks", lambda entry: entry["track"] and entry["track"].get("external_ids", {}).get("isrc")
    )
    assert shape(mine) == shape(recorded)


def test_local_file(world: World) -> None:
    """A local file looks like the recorded one, and is as empty."""
    recorded = recording("playlist_2.json")["tracks"]["items"][0]["track"]
    mine = find(world, "extended", "tracks", lambda entry: entry["is_local"])["track"]
    assert shape(mine) == shape(recorded)
    same = {key for key in recorded if recorded[key] in (None, 0, [], {}, False, True, "track")}
    assert {key: mine[key] for key in same} == {key: recorded[key] for key in same}
    assert mine["album"] | {"name": ""} == recorded["album"] | {"name": ""}


def test_episode(world: World) -> None:
    """A proper episode looks like the one recorded in 2024."""
    recorded = next(
        entry["track"] for entry in recording("playlist_3.json")["tracks"]["items"] if entry["track"]["episode"]
    )
    mine = find(world, "extended", "tracks", lambda entry: entry["track"] and entry["track"]["type"] == "episode")
    assert shape(mine["track"]) == shape(recorded)


def without_pages(answer: Answer) -> Any:
    """A playlist but for its entries."""
    return {key: value for key, value in answer.json.items() if key not in {"tracks", "items"}}


def test_playlist(world: World) -> None:
    """A playlist and its pages have the recorded keys, in transition both pages."""
    recorded = recording("playlist_1.json")
    playlist = next(p for p in world.listed() if len(p) and p.images.startswith(b"[{"))
    answer = Api(world, "transition").get(f"/playlists/{playlist.id}", additional_types="track,episode")
    assert list(answer.json) == list(recorded)
    assert shape(without_pages(answer)) == [pair for pair in shape(recorded) if pair[0] not in {"tracks", "items"}]
    for name in ("tracks", "items"):
        assert list(answer.json[name]) == list(recorded[name])
        mine, theirs = answer.json[name]["href"], recorded[name]["href"]
        assert (
            mine.partition("/playlists/")[2].replace(playlist.id, recorded["id"]) == theirs.partition("/playlists/")[2]
        )
    assert answer.json["href"].endswith(recorded["href"].partition(recorded["id"])[2])


@pytest.mark.parametrize(
    ("regime", "name"), [("transition", "current_user_playlist_1.json"), ("extended", "current_user_playlist_2.json")]
)
def test_library(world: World, regime: str, name: str) -> None:
    """The library and its elements have the recorded keys."""
    recorded = recording(name)
    answer = Api(world, regime).get("/me/playlists", limit=48).json
    assert list(answer) == list(recorded)
    with_cover = next(element for element in answer["items"] if element["images"])
    assert shape(with_cover) == shape(recorded["items"][0])


def test_errors(world: World) -> None:
    """The body of a 404 is the recorded one."""
    assert Api(world).get(f"/playlists/{'7' * 22}").json == recording("playlist_not_found.json")


def test_profile(world: World) -> None:
    """The profile has the recorded keys, in their order, and the two that the recording's scopes did not give."""
    recorded = recording("current_user.json")
    mine = Api(world).get("/me").json
    assert [key for key in mine if key not in {"account_id", "email"}] == list(recorded)


def test_headers(world: World) -> None:
    """Recorded headers of a playlist are there with their values, except those of the connection and the moment."""
    recorded = json.loads(
        shared("recordings", "_decoded_cassettes", "spotDL_cassettes__test_playlist_from_url_002.json").read_text()
    )
    passing = {"alt-svc", "transfer-encoding", "content-encoding", "date", "etag"}
    wanted = {key: value for key, value in recorded["headers"].items() if key not in passing}
    playlist = next(world.listed())
    assert wanted.items() <= Api(world).get(f"/playlists/{playlist.id}/tracks").headers.items()
