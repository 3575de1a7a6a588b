"""Saving, removing and checking, the old way by kind and the new way by URI, and the lists that follow from it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.spotify_sandbox import World, generate
from sources.spotify_sandbox.world.contents import Track
from sources.spotify_sandbox.world.library import Kind, Library
from tests.sources.spotify_sandbox.asking import BASE, Api

ALL = "user-library-read user-library-modify user-follow-read user-follow-modify user-read-playback-position"
KINDS: dict[Kind, tuple[str, int]] = {
    "track": ("tracks", 50),
    "album": ("albums", 20),
    "episode": ("episodes", 50),
    "show": ("shows", 50),
    "audiobook": ("audiobooks", 50),
}


@pytest.fixture(scope="module")
def whole() -> World:
    """A world with a library of every kind."""
    return generate(seed=5, playlists=20, items=6_000)


def some(world: World, kind: Kind, count: int) -> list[str]:
    """Ids of a kind that are in the world and not saved."""
    works = world.catalogue.works
    every: dict[Kind, Any] = {
        "track": ((world.catalogue.uri(number) or "").rpartition(":")[2] for number in works.every_track()),
        "album": (each.album.id for each in works.every_release()),
        "episode": ((world.catalogue.uri(number) or "").rpartition(":")[2] for number in works.every_episode()),
        "show": (each.id for each in works.every_show()),
        "audiobook": (each.id for each in works.every_audiobook()),
        "artist": (each.artist.id for each in works.every_performer()),
    }
    found = [item_id for item_id in every[kind] if not world.library.contains(kind, item_id)][:count]
    assert len(found) == count, f"this world has too few of {kind}"
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by", ["query", "body", "uris"])
def test_save_and_remove(kind: Kind, by: str) -> None:
    """What is saved is contained and listed first, once; what is removed is as it was. Unknown ids are skipped."""
    world = generate(seed=5, playlists=20, items=6_000)
    api, (name, _) = Api(world, scope=ALL), KINDS[kind]
    one = some(world, kind, 1)
    asked = [one[0], "7" * 22]

    def send(method: str) -> int:
        if by == "query":
            return api.send(method, f"/me/{name}", ids=", ".join(asked)).status
        if by == "body":
            return api.send(method, f"/me/{name}", {"ids": asked}).status
        return api.send(method, "/me/library", uris=",".join(f"spotify:{kind}:{each}" for each in asked)).status

    def contained() -> list[list[bool]]:
        uris = ",".join(f"spotify:{kind}:{each}" for each in asked)
        old = api.get(f"/me/{name}/contains", ids=",".join(asked)).json
        return [old, api.get("/me/library/contains", uris=uris).json]

    before = api.get(f"/me/{name}").json
    assert contained() == [[False, False]] * 2
    for _ in range(2):
        assert send("PUT") == 200
        after = api.get(f"/me/{name}").json
        assert after["total"] == before["total"] + 1
        assert contained() == [[True, False]] * 2
    # An audiobook stands in the list without a wrapper.
    first = after["items"][0]
    if first is None:
        assert kind == "audiobook"
    else:
        assert first.get(kind, first)["id"] == one[0]
    assert send("DELETE") == 200
    assert api.get(f"/me/{name}").json == before


def test_mixed_uris(whole: World) -> None:
    """One request saves things of all kinds, and asks about all of them in its order."""
    world = generate(seed=5, playlists=20, items=6_000)
    kinds: tuple[Kind, ...] = ("track", "album", "episode", "audiobook", "artist")
    uris = [f"spotify:{kind}:{item_id}" for kind in kinds for item_id in some(whole, kind, 1)]
    uris += ["spotify:user:1199287766", "spotify:playlist:" + "7" * 22]
    api = Api(world, "development", scope=ALL + " playlist-modify-public playlist-read-private")
    assert api.send("PUT", "/me/library", uris=",".join(uris)).status == 200
    # Nothing is known of the playlist, and what is unknown is not saved.
    assert api.get("/me/library/contains", uris=",".join(uris)).json == [True] * 6 + [False]


def test_dated_tracks() -> None:
    """Tracks are saved as of the times that come with them, so that they stand in that order."""
    world = generate(seed=5, playlists=20, items=6_000)
    api, ids = Api(world, scope=ALL), some(world, "track", 2)
    times = ["2026-11-22T11:59:59Z", "2012-01-01T00:00:00Z"]
    dated = [{"id": track_id, "added_at": time} for track_id, time in zip(ids, times, strict=True)]
    assert api.send("PUT", "/me/tracks", {"timestamped_ids": dated, "ids": ["nonsense"]}).status == 200
    rows = list(api.entries(api.get("/me/tracks", limit=50).json))
    assert (rows[0]["added_at"], rows[-1]["added_at"]) == (times[0], times[1])
    added = [row["added_at"] for row in rows]
    assert added == sorted(added, reverse=True)
    for broken in ({"id": ids[0]}, {"id": ids[0], "added_at": "yesterday"}, {"added_at": times[0]}):
        assert api.send("PUT", "/me/tracks", {"timestamped_ids": [broken]}).status == 400


@pytest.mark.parametrize("kind", KINDS)
def test_batches(whole: World, kind: Kind) -> None:
    """Each kind has its own maximum; none at all and malformed ids are bad requests."""
    name, maximum = KINDS[kind]
    api = Api(whole, scope=ALL)
    path = f"/me/{name}/contains"
    ids = ",".join(["7" * 22] * maximum)
    assert api.get(path, ids=ids).json == [False] * maximum
    assert api.get(path, ids=f"{ids},{'7' * 22}").json["error"]["message"] == "Too many ids requested"
    assert api.get(path, ids="short").json["error"]["message"] == "Invalid base62 id"
    for answer in (api.get(path), api.get(path, ids=""), api.send("PUT", f"/me/{name}")):
        assert answer.json["error"] == {"status": 400, "message": "Missing required field: ids"}


@pytest.mark.parametrize(
    "uris",
    ["", "spotify:chapter:" + "7" * 22, "spotify:track:short", "track", ",".join(["spotify:track:" + "7" * 22] * 41)],
)
def test_bad_uris(whole: World, uris: str) -> None:
    """No URIs, more than 40, malformed ones and those of other kinds are bad requests."""
    api = Api(whole, scope=ALL)
    assert api.get("/me/library/contains", uris=uris).status == 400
    for method in ("PUT", "DELETE"):
        assert api.send(method, "/me/library", uris=uris).status == 400


@pytest.mark.parametrize(
    ("uri", "right"),
    [
        ("spotify:track:" + "7" * 22, "user-library-modify"),
        ("spotify:artist:" + "7" * 22, "user-follow-modify"),
        ("spotify:user:x", "user-follow-modify"),
        ("spotify:playlist:" + "7" * 22, "playlist-modify-public"),
    ],
)
def test_each_kind_of_uri_has_its_scope(whole: World, uri: str, right: str) -> None:
    """Saving by URI takes the scope that goes with what is saved."""
    for scope in ("user-library-modify", "user-follow-modify", "playlist-modify-public"):
        answer = Api(whole, scope=scope).send("PUT", "/me/library", uris=uri)
        assert answer.status == (200 if scope == right else 403)


def test_lists(whole: World) -> None:
    """All saved things are listed, page by page, the latest first; of what is gone there is null or an empty shell."""
    api = Api(whole, scope=ALL)
    for kind, (name, _) in KINDS.items():
        rows = list(api.entries(api.get(f"/me/{name}", limit=3).json))
        ids = [item_id for item_id, _ in whole.library.listed(kind)]
        assert len(rows) == len(ids) > 0
        objects = [row and row.get(kind, row) for row in rows]
        # A track that is relinked in the user's country is saved under its own id.
        shown = [each and each.get("linked_from", each)["id"] for each in objects]
        assert [mine for mine, theirs in zip(shown, ids, strict=True) if mine != theirs] == (
            [] if kind in {"track", "show"} else [None] * shown.count(None)
        )
        assert api.get(f"/me/{name}", limit=51).json["error"]["message"] == "Invalid limit"
        assert api.get(f"/me/{name}").json["limit"] == 20
        assert api.get(f"/me/{name}").json["href"] == f"{BASE}/me/{name}?offset=0&limit=20"
    assert None in list(api.entries(api.get("/me/albums").json))
    assert None in list(api.entries(api.get("/me/audiobooks").json))


def test_liked_tracks_tell_markets_and_playability(whole: World) -> None:
    """Without a market a liked track has both, with one only the second; development apps get no markets."""
    api = Api(whole, scope=ALL)
    for query, keys in (({}, {"available_markets", "is_playable"}), ({"market": "SE"}, {"is_playable"})):
        track = api.get("/me/tracks", **query).json["items"][0]["track"]
        assert {"available_markets", "is_playable"} & track.keys() == keys
        assert {"available_markets", "is_playable"} & track["album"].keys() == keys
    api.service.api_mode = "development"
    track = api.get("/me/tracks").json["items"][0]["track"]
    assert not {"available_markets", "popularity"} & track.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_old_ways_are_gone_for_development_apps(whole: World, kind: Kind) -> None:
    """A development app reads its lists, and finds the rest under /me/library."""
    api, path = Api(whole, "development", scope=ALL), f"/me/{KINDS[kind][0]}"
    assert api.get(path).status == 200
    for answer in (api.send("PUT", path), api.send("DELETE", path), api.get(f"{path}/contains", ids="7" * 22)):
        assert answer.json == {"error": {"status": 403, "message": "Forbidden"}}


def test_the_same_library_every_time() -> None:
    """A library follows from the seed, and holds nothing twice; another seed has another."""
    one, same, other = (generate(seed, 20, 6_000).library.saved for seed in (5, 5, 6))
    assert one == same != other
    assert all(one.values())


def test_liked_tracks_are_tracks_of_the_world(whole: World) -> None:
    """Everything that is liked from the start can be looked up."""
    for track_id in whole.library.saved["track"]:
        assert isinstance(whole.content(whole.number(f"spotify:track:{track_id}")), Track)


@given(st.lists(st.tuples(st.sampled_from(["save", "date", "remove"]), st.sampled_from("abcd"), st.integers(0, 3))))
@settings(max_examples=100)
def test_order(actions: list[tuple[str, str, int]]) -> None:
    """A library lists what it contains by time, and of the same time the last saved first."""
    library, model = Library(), list[tuple[str, int]]()
    for action, item_id, second in actions:
        known = any(item_id == each for each, _ in model)
        if action == "remove":
            library.remove("track", item_id)
            model = [pair for pair in model if pair[0] != item_id]
        elif action == "date":
            library.date("track", item_id, second)
            model = [(item_id, second), *(pair for pair in model if pair[0] != item_id)]
        else:
            library.save("track", item_id, second)
            model = model if known else [(item_id, second), *model]
        assert library.contains("track", item_id) == (action != "remove")
    assert library.listed("track") == sorted(model, key=lambda pair: -pair[1])


@pytest.mark.parametrize(
    "added_at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "0500-01-01T00:00:00Z", "yesterday", ""]
)
def test_times_that_cannot_be_written(added_at: str) -> None:
    """A time that no answer could hold is refused, and the library can be read afterwards."""
    world = generate(1, 2, 10)
    api = Api(world, scope="user-library-modify user-library-read")
    track_id = (world.catalogue.uri(0) or "").rpartition(":")[2]
    body = {"timestamped_ids": [{"id": track_id, "added_at": added_at}]}
    assert api.send("PUT", "/me/tracks", body).status == 400
    assert api.get("/me/tracks").status == 200
