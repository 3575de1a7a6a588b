"""Recorded answers are served as they were recorded."""

import json
from pathlib import Path
from typing import Any

import pytest

from sources.spotify_sandbox import World, WorldError, load
from sources.spotify_sandbox.worlds.recordings import read
from tests.sources.spotify_sandbox.asking import BASE, Api, shared

REAL = "https://api.spotify.com/v1"
ID = "1Cp6VQCKf2VL4sP09jN9oX"


def entry(letter: str, **more: object) -> dict[str, object]:
    """A recorded entry with whatever oddities."""
    track = {"uri": f"spotify:track:{letter * 22}", "type": "track", "href": f"{REAL}/tracks/{letter * 22}"}
    return {"added_at": "2020-01-01T00:00:00Z", "added_by": {"id": "joost"}, "track": track, **more}


def page(entries: list[Any], offset: int = 0, name: str = "tracks") -> dict[str, object]:
    """A recorded page of entries."""
    return {"href": f"{REAL}/playlists/{ID}/{name}?offset={offset}", "items": entries, "offset": offset, "total": 99}


def playlist(snapshot_id: str, **pages: object) -> dict[str, object]:
    """A recorded playlist."""
    owner = {"id": "joost", "display_name": "Joost"}
    return {
        "type": "playlist",
        "id": ID,
        "name": "N",
        "owner": owner,
        "snapshot_id": snapshot_id,
        "images": None,
    } | pages


def world_of(folder: Path, *bodies: object) -> World:
    """The world of some recorded bodies."""
    for number, body in enumerate(bodies):
        (folder / f"{number}.json").write_text(json.dumps(body))
    return load(folder)


def served(api: Api, playlist_id: str) -> list[dict[str, Any]]:
    """All entries of a playlist as the sandbox gives them."""
    return list(api.entries(api.get(f"/playlists/{playlist_id}").json["tracks"]))


def rehosted(value: object) -> Any:
    """A recorded value as it looks with this host's links."""
    return json.loads(json.dumps(value).replace(f'"{REAL}', f'"{BASE}'))


def test_pages_are_put_together(tmp_path: Path) -> None:
    """Pages of one snapshot join by offset, entries keep every oddity, and total counts what is held."""
    odd = entry("b", primary_color="#fff", extra=[1.5, None])
    gone = {"added_at": None, "added_by": None, "track": None}
    more = {"request": {"url": f"{REAL}/x"}, "status": 200, "headers": {}, "body": page([gone, entry("c")], 2)}
    world = world_of(tmp_path, more, playlist("s1", tracks=page([entry("a"), odd])))
    api = Api(world)
    assert served(api, ID) == rehosted([entry("a"), odd, gone, entry("c")])
    assert api.get(f"/playlists/{ID}").json["tracks"]["total"] == 4
    assert [e.uri and e.uri[-1] for e in world.playlist(ID).entries] == ["a", "b", None, "c"]
    assert world.me.id == "joost"
    assert api.get(f"/playlists/{ID}").json["images"] is None


def test_the_most_complete_snapshot_is_served(tmp_path: Path) -> None:
    """Of several snapshots the one with most entries is served, with its own snapshot id until an edit."""
    short, whole = [entry("a")], [entry("b"), entry("c")]
    world = world_of(tmp_path, playlist("s1", tracks=page(short)), playlist("s2", items=page(whole, name="items")))
    assert served(Api(world), ID) == rehosted(whole)
    found = world.playlist(ID)
    assert found.snapshot_id == "s2"
    gone = found.remove([0])
    assert found.snapshot_id != "s2"
    found.put_back(1, gone)
    assert served(Api(world), ID) == rehosted([whole[1], whole[0]])


def test_a_page_alone(tmp_path: Path) -> None:
    """A page whose playlist was not recorded gets a playlist that says no more than it must."""
    api = Api(world_of(tmp_path, page([entry("a")])))
    answer = api.get(f"/playlists/{ID}").json
    assert (answer["owner"]["id"], answer["tracks"]["total"]) == ("unknown", 1)


def test_the_recorded_library(tmp_path: Path) -> None:
    """A list of playlists is served in its order, with its nulls, and playlists known only from it are empty."""
    other = playlist("s9") | {"id": "7" * 22, "tracks": {"href": "x", "total": 31}}
    listing = {"href": f"{REAL}/users/joost/playlists?offset=0", "items": [other, None, playlist("s1")], "total": 94}
    me = {"type": "user", "id": "thilda", "country": "NL", "product": "premium", "display_name": None}
    world = world_of(tmp_path, listing, me, {"error": {"status": 404}}, [True])
    answer = Api(world).get("/me/playlists").json
    assert [element and element["id"] for element in answer["items"]] == ["7" * 22, None, ID]
    assert answer["total"] == 3
    assert Api(world).get("/me").json["country"] == "NL"


def test_what_cannot_be_loaded(tmp_path: Path) -> None:
    """A missing path, broken JSON, a folder without recordings and a day without a history are clear errors."""
    with pytest.raises(WorldError, match="does not exist"):
        load(tmp_path / "nowhere")
    with pytest.raises(WorldError, match="holds no recorded playlist"):
        load(tmp_path)
    with pytest.raises(WorldError, match="has no day 2020-01-01"):
        load(tmp_path, "2020-01-01")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(WorldError, match=r"broken\.json cannot be read as JSON"):
        load(tmp_path)


def test_every_real_recording() -> None:
    """Each recorded page of entries, loaded alone, comes back entry by entry as it was."""
    entries = 0
    for path in sorted(shared("recordings").rglob("*.json")):
        recordings = read(path)
        found = [(body["id"], body.get("items") or body.get("tracks") or {}) for body in recordings.playlists]
        for playlist_id, recorded in [*found, *recordings.pages]:
            if recorded.get("items"):
                assert served(Api(load(path)), playlist_id) == rehosted(recorded["items"]), path
                entries += len(recorded["items"])
    assert entries >= 400


def test_every_real_library() -> None:
    """Each recorded list of playlists, loaded alone, is listed in its order with its metadata."""
    lists = 0
    same = ("collaborative", "description", "name", "primary_color", "public", "snapshot_id", "type", "uri")
    for path in sorted(shared("recordings", "joostlek_python-spotify").rglob("*.json")):
        recorded = read(path).listed
        if recorded:
            lists += 1
            elements = list(Api(load(path)).entries(Api(load(path)).get("/me/playlists").json | {"next": None}))
            for mine, theirs in zip(elements, recorded, strict=False):
                assert theirs is not None
                assert {key: mine[key] for key in same} == {key: theirs[key] for key in same}
                assert mine["owner"] == rehosted(theirs["owner"])
                # Images have an address of the sandbox, with the part that tells one from the other.
                for here, there in zip(mine["images"] or [], theirs["images"] or [], strict=True):
                    assert there["url"].removeprefix("https://").replace("/", "~") in here["url"].replace("/", "~")
                    assert (here["height"], here["width"]) == (there["height"], there["width"])
    assert lists == 2


def test_a_recorded_local_file_plays(tmp_path: Path) -> None:
    """The player shows a recorded local file, of which there is nothing but its recording, by its own order of keys."""
    file = {"uri": "spotify:local:a:b:c:1", "is_local": True, "type": "track", "album": {"name": "b", "id": None}}
    world = world_of(tmp_path, playlist("s1", tracks=page([entry("a", track=file, is_local=True)])))
    world.player.device = world.player.devices[0]
    world.player.start([world.number("spotify:local:a:b:c:1")], None, 0, 0, 0)
    scopes = "user-read-playback-state user-read-currently-playing"
    item = Api(world, scope=scopes).get("/me/player/queue").json["currently_playing"]
    assert item == file
    assert list(item["album"]) == ["id", "name"]
