"""Adding, replacing, reordering and removing entries over HTTP."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.spotify_sandbox import Playlist, World, generate
from sources.spotify_sandbox.world import snapshot_ids
from tests.sources.spotify_sandbox.asking import Api

EDIT = "playlist-modify-public playlist-modify-private playlist-read-private"
UNKNOWN = "spotify:track:" + "7" * 22

small = st.integers(0, 12)
commands = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(small, min_size=1, max_size=4), small),
        st.tuples(st.just("append"), st.lists(small, min_size=1, max_size=4), small),
        st.tuples(st.just("replace"), st.lists(small, max_size=6), small),
        st.tuples(st.just("reorder"), st.lists(small, min_size=2, max_size=2), small),
        st.tuples(st.just("remove"), st.lists(small, min_size=1, max_size=3), small),
        st.tuples(st.just("remove at"), st.lists(small, min_size=1, max_size=3), small),
    ),
    max_size=7,
)


def perform(api: Api, path: str, model: list[str], uris: list[str], command: tuple[str, list[int], int]) -> None:
    """Make one change over HTTP and to a list."""
    action, numbers, place = command
    chosen, key = [uris[number] for number in numbers], path.rpartition("/")[2]
    at = min(place, len(model))
    if action == "add":
        answer = api.send("POST", path, {"uris": chosen, "position": at})
        model[at:at] = chosen
    elif action == "append":
        answer = api.send("POST", path, uris=",".join(chosen))
        model += chosen
    elif action == "replace":
        answer = api.send("PUT", path, {"uris": chosen})
        model[:] = chosen
    elif action == "reorder" and model:
        start = numbers[0] % len(model)
        length = 1 + numbers[1] % (len(model) - start)
        body = {"range_start": start, "insert_before": at, "range_length": length}
        answer = api.send("PUT", path, body)
        block, marker = model[start : start + length], [None] * length
        copy: list[str | None] = [*model[:start], *marker, *model[start + length :]]
        copy[at:at] = block
        model[:] = [uri for uri in copy if uri is not None]
    elif action == "remove at" and model:
        places = sorted({number % len(model) for number in numbers})
        answer = api.send("DELETE", path, {key: [{"uri": model[each], "positions": [each]} for each in places]})
        model[:] = [uri for position, uri in enumerate(model) if position not in places]
    else:
        answer = api.send("DELETE", path, {key: [{"uri": uri} for uri in chosen]})
        model[:] = [uri for uri in model if uri not in chosen]
    assert answer.status == (201 if action in {"add", "append"} else 200), answer.body


@given(commands, st.sampled_from([("extended", "tracks"), ("extended", "items"), ("development", "items")]))
@settings(max_examples=60)
def test_commands_against_a_list(changes: list[tuple[str, list[int], int]], where: tuple[str, str]) -> None:
    """After any commands the playlist is the list that they would have made; each change moves the revision by one."""
    regime, name = where
    world = generate(seed=3, playlists=1, items=40)
    uris = [world.catalogue.uri(number) or "" for number in (*range(10), 40, 41, 42)]
    playlist = world.create_playlist("Fresh")
    api, path, model = Api(world, regime, scope=EDIT), f"/playlists/{playlist.id}/{name}", list[str]()
    for command in changes:
        before, was = snapshot_ids.revision(playlist.snapshot_id), list(model)
        perform(api, path, model, uris, command)
        assert snapshot_ids.revision(playlist.snapshot_id) - before in ({1} if model != was else {0, 1})
        assert [entry.uri for entry in playlist.entries] == model
    content = "item" if regime == "development" else "track"
    page = api.get(path, additional_types="track,episode").json
    assert [entry[content]["uri"] for entry in api.entries(page)] == model
    assert {entry.added_by for entry in playlist.entries} <= {world.me.id}


@pytest.fixture
def world() -> World:
    """A world with one playlist of five tracks, the second and the fourth of them the same."""
    made = generate(seed=3, playlists=1, items=0)
    made.create_playlist("Five").insert(0, [made.catalogue.uri(number) for number in (0, 1, 2, 1, 4)])
    return made


@pytest.fixture
def playlist(world: World) -> Playlist:
    """The playlist of five."""
    return next(world.listed())


def uri(world: World, number: int) -> str:
    """The URI of a track."""
    return world.catalogue.uri(number) or ""


def numbers(world: World, playlist: Playlist) -> list[int]:
    """The tracks of a playlist by number."""
    return [world.number(entry.uri or "") for entry in playlist.entries]


def test_answers_tell_the_snapshot(world: World, playlist: Playlist) -> None:
    """Each change is answered with the snapshot id that the playlist then has."""
    api, path = Api(world, scope=EDIT), f"/playlists/{playlist.id}/items"
    for method, body in (
        ("POST", {"uris": [uri(world, 9)]}),
        ("POST", [uri(world, 9)]),
        ("PUT", {"range_start": 0, "insert_before": 3}),
        ("DELETE", {"items": [{"uri": uri(world, 9)}]}),
        ("PUT", {"uris": [uri(world, 8)]}),
    ):
        answer = api.send(method, path, body)
        assert answer.json == {"snapshot_id": playlist.snapshot_id}
        assert api.get(f"/playlists/{playlist.id}", fields="snapshot_id").json == answer.json


def test_changes_to_an_earlier_snapshot(world: World, playlist: Playlist) -> None:
    """A change that names the snapshot it was thought of meets the entries it meant, wherever they are by now."""
    api, path = Api(world, scope=EDIT), f"/playlists/{playlist.id}/tracks"
    seen = playlist.snapshot_id
    playlist.insert(0, [uri(world, 7), uri(world, 8)])
    gone = {"tracks": [{"uri": uri(world, 1), "positions": [3]}], "snapshot_id": seen}
    assert api.send("DELETE", path, gone).status == 200
    assert numbers(world, playlist) == [7, 8, 0, 1, 2, 4]
    after = playlist.snapshot_id
    assert api.send("DELETE", path, gone).json == {"snapshot_id": after}
    reorder = {"range_start": 0, "range_length": 2, "insert_before": 5, "snapshot_id": seen}
    assert api.send("PUT", path, reorder).status == 200
    assert numbers(world, playlist) == [7, 8, 2, 4, 0, 1]


def test_positions_alone(world: World, playlist: Playlist) -> None:
    """Local files are removed as the reference once told: by position and snapshot, without a URI; or by their URI."""
    catalogue = world.catalogue
    file = next(catalogue.uri(n) for n in range(40, 80) if catalogue.kind(n) == "local")
    playlist.insert(2, [file, file])
    api, path = Api(world, scope=EDIT), f"/playlists/{playlist.id}/tracks"
    body = {"positions": [2], "snapshot_id": playlist.snapshot_id}
    assert api.send("DELETE", path, body).status == 200
    assert api.send("DELETE", path, {"tracks": [{"uri": file}]}).status == 200
    assert numbers(world, playlist) == [0, 1, 2, 1, 4]


def track(number: int) -> str:
    """A placeholder for the URI of a track, which only the world of a test knows."""
    return f"<{number}>"


IMPOSSIBLE = "Could not remove tracks, please check parameters."
NONCONFORMING = "JSON body doesn't conform to specification"

REFUSED = [
    ("POST", {}, 400, "No uris provided"),
    ("POST", {"uris": []}, 400, "No uris provided"),
    ("POST", {"uris": "spotify:track:1"}, 400, NONCONFORMING),
    ("POST", b"{", 400, "Error parsing JSON."),
    ("POST", b"\xff", 400, "Error parsing JSON."),
    ("POST", b"[" * 100_000, 400, "Error parsing JSON."),
    ("POST", [], 400, "No uris provided"),
    ("POST", [1], 400, NONCONFORMING),
    ("PUT", [], 400, NONCONFORMING),
    ("POST", {"uris": ["spotify:album:" + "7" * 22]}, 400, None),
    ("POST", {"uris": ["7" * 22]}, 400, f"JSON body contains an invalid track uri: {'7' * 22}"),
    (
        "POST",
        {"uris": ["spotify:local:a:b:c:1"]},
        400,
        "JSON body contains an invalid track uri: spotify:local:a:b:c:1",
    ),
    ("POST", {"uris": [UNKNOWN]}, 400, "Payload contains a non-existing ID"),
    ("POST", {"uris": [track(1)] * 101}, 400, "You can add a maximum of 100 tracks per request"),
    ("POST", {"uris": [track(1)], "position": 6}, 400, "Index out of bounds"),
    ("POST", {"uris": [track(1)], "position": -1}, 400, "Index out of bounds"),
    ("POST", {"uris": [track(1)], "position": "2"}, 400, NONCONFORMING),
    ("POST", {"uris": [track(1)], "position": True}, 400, NONCONFORMING),
    ("PUT", {}, 400, "No uris provided"),
    ("PUT", {"range_start": 0}, 400, "No uris provided"),
    ("PUT", {"range_start": 5, "insert_before": 0}, 400, "Index out of bounds"),
    ("PUT", {"range_start": 0, "insert_before": 6}, 400, "Index out of bounds"),
    ("PUT", {"range_start": 3, "insert_before": 0, "range_length": 3}, 400, "Index out of bounds"),
    ("PUT", {"range_start": 3, "insert_before": 0, "range_length": 0}, 400, "Index out of bounds"),
    ("PUT", {"range_start": 0, "insert_before": 2, "snapshot_id": "none"}, 400, "Missing or bad version tag"),
    ("PUT", {"uris": [], "range_start": 0, "insert_before": 2}, 400, None),
    ("PUT", {"uris": [UNKNOWN]}, 400, "Payload contains a non-existing ID"),
    ("DELETE", {}, 400, "Missing required field: items"),
    ("DELETE", {"tracks": [{"uri": track(1)}]}, 400, "Missing required field: items"),
    ("DELETE", {"items": [{}]}, 400, "JSON body contains an invalid track uri: "),
    ("DELETE", {"items": [track(1)]}, 400, NONCONFORMING),
    ("DELETE", {"items": [{"uri": track(1)}] * 101}, 400, "You can remove a maximum of 100 tracks per request"),
    ("DELETE", {"items": [{"uri": track(1), "positions": [0]}]}, 400, IMPOSSIBLE),
    ("DELETE", {"items": [{"uri": track(1), "positions": [9]}]}, 400, IMPOSSIBLE),
    ("DELETE", {"items": [{"uri": track(1), "positions": [-4]}]}, 400, IMPOSSIBLE),
    ("DELETE", {"items": [{"uri": track(1), "positions": 1}]}, 400, NONCONFORMING),
    ("DELETE", {"items": [{"uri": track(1)}], "snapshot_id": "none"}, 400, "Missing or bad version tag"),
]


@pytest.mark.parametrize(("method", "body", "status", "message"), REFUSED)
def test_refused(world: World, playlist: Playlist, method: str, body: Any, status: int, message: str | None) -> None:
    """What cannot be done is refused whole, with the message that clients report where one is known."""
    before = (playlist.entries, playlist.snapshot_id)
    sent = replaced(body, world)
    answer = Api(world, scope=EDIT).send(method, f"/playlists/{playlist.id}/items", sent)
    assert answer.status == answer.json["error"]["status"] == status
    assert message is None or answer.json["error"]["message"] == message
    assert (playlist.entries, playlist.snapshot_id) == before


def replaced(value: Any, world: World) -> Any:
    """A body with URIs in the place of placeholders."""
    if isinstance(value, dict):
        return {key: replaced(part, world) for key, part in value.items()}
    if isinstance(value, list):
        return [replaced(part, world) for part in value]
    return uri(world, int(value[1:-1])) if isinstance(value, str) and value.startswith("<") else value


def test_full(world: World) -> None:
    """A playlist takes 10,000 entries and not one more."""
    playlist = world.create_playlist("Full")
    playlist.insert(0, [uri(world, 1)] * 9_999)
    api, path = Api(world, scope=EDIT), f"/playlists/{playlist.id}/items"
    assert api.send("POST", path, uris=f"{uri(world, 1)}, {uri(world, 2)}").status == 403
    assert api.send("POST", path, uris=uri(world, 1)).status == 201
    refused = api.send("POST", path, uris=uri(world, 1))
    assert refused.json == {"error": {"status": 403, "message": "Playlist size limit reached"}}
    assert len(playlist) == 10_000


def test_who_may_change_what(world: World, playlist: Playlist) -> None:
    """Others' playlists are refused, collaborative ones are not; each sort of playlist takes its own scope."""
    path, body = f"/playlists/{playlist.id}/items", {"uris": [uri(world, 1)]}
    playlist.transfer("marcel#spotify")
    assert Api(world, scope=EDIT).send("POST", path, body).status == 403
    playlist.set_collaborative(True)
    assert Api(world, scope=EDIT).send("POST", path, body).status == 201
    playlist.transfer(world.me.id)
    for public, right in ((True, "playlist-modify-public"), (False, "playlist-modify-private")):
        playlist.set_public(public)
        for scope in ("playlist-modify-public", "playlist-modify-private"):
            answer = Api(world, scope=f"{scope} playlist-read-private").send("POST", path, body)
            assert answer.status == (201 if scope == right else 403)
    assert Api(world, user=False).send("POST", path, body).status == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_old_paths_are_gone_for_development_apps(world: World, playlist: Playlist, method: str) -> None:
    """A development app finds /items only."""
    api = Api(world, "development", scope=EDIT)
    answer = api.send(method, f"/playlists/{playlist.id}/tracks", {"uris": []})
    assert answer.json == {"error": {"status": 403, "message": "Forbidden"}}


def test_changes_need_no_scope_to_read() -> None:
    """Whoever may change private playlists can fill, rename and leave one's own, though not read it."""
    api = Api(generate(1, 2, 10), scope="playlist-modify-private")
    made = api.send("POST", "/me/playlists", {"name": "Mine", "public": False})
    path = f"/playlists/{made.json['id']}"
    uri = api.service.world.catalogue.uri(0)
    assert api.send("POST", f"{path}/items", {"uris": [uri]}).status == 201
    assert api.send("PUT", f"{path}/items", {"uris": [uri, uri]}).status == 200
    assert api.send("PUT", path, {"name": "Still mine"}).status == 200
    assert api.send("DELETE", f"{path}/items", {"items": [{"uri": uri}]}).status == 200
    assert api.get(path).status == 404
    assert api.send("DELETE", f"{path}/followers").status == 200
