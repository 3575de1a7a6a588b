"""What a sandbox tells and takes about itself."""

from typing import TYPE_CHECKING, Any

import pytest

from sources.spotify_sandbox import World, evolve, generate
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from sources.spotify_sandbox.control.edits import PLAYLIST_EDITS, WORLD_EDITS
from sources.spotify_sandbox.faults.kinds import KINDS
from tests.sources.spotify_sandbox.asking import Answer, Api, dice

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def world() -> World:
    """A small world."""
    return generate(1, 5, 200)


HOST = {"host": "127.0.0.1:8642"}


@pytest.mark.parametrize(
    ("client", "headers", "message"),
    [
        ("127.0.0.1", HOST, None),
        ("::1", {"host": "[::1]:8642"}, None),
        ("127.0.0.1", {"host": "localhost:8642", "origin": "http://localhost:8642"}, None),
        (None, {}, None),
        ("192.0.2.7", HOST, "Only for this machine"),
        ("somebody", HOST, "Only for this machine"),
        ("127.0.0.1", {"host": "rebound.example:8642"}, "Only under the name of this machine"),
        ("127.0.0.1", HOST | {"origin": "https://page.example"}, "Not for pages from elsewhere"),
        ("127.0.0.1", HOST | {"origin": "http://127.0.0.1:9999"}, "Not for pages from elsewhere"),
        ("127.0.0.1", HOST | {"origin": "null"}, "Not for pages from elsewhere"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/sandbox", "/sandbox/world"])
def test_who_may_look(
    world: World, client: str | None, headers: dict[str, str], message: str | None, path: str
) -> None:
    """Programs of this machine may look behind the scenes; other machines and other websites may not."""
    answer = Api(world).ask("GET", path, headers=headers, client=client)
    assert answer.status == (200 if message is None else 403)
    assert message is None or answer.json == {"error": message}
    assert "access-control-allow-origin" not in answer.headers


def test_state(world: World) -> None:
    """The state tells the world, the regime, the clients, the weather and how many requests there were."""
    api = Api(world, regime="transition")
    api.get("/me")
    state = api.ask("GET", "/sandbox").json
    assert state["world"] == {
        "user": "thilda.ek",
        "playlists": 5,
        "listed": 5,
        "entries": sum(map(len, world.playlists.values())),
        "time": "2026-11-22T12:00:00+00:00",
    }
    assert (state["regime"], state["requests"], state["weather"]["faults"]) == ("transition", 1, [])
    assert state["api_url"] == "http://sandbox.test/v1"
    assert state["clients"][0]["client_id"] in api.service.clients


def test_endpoints(world: World) -> None:
    """Every endpoint is reported with what it asks of a token and what development apps find."""
    told = {(entry["method"], entry["path"]): entry for entry in Api(world).ask("GET", "/sandbox/endpoints").json}
    assert len(told) == len(ENDPOINTS)
    assert told["GET", "/v1/playlists/{id}/tracks"]["development"] == 403
    assert told["GET", "/v1/me"]["development"] == 200
    assert told["GET", "/v1/me"]["user"] is True
    assert told["GET", "/v1/me"]["about"] == "The signed-in user."


def test_the_log_of_requests(world: World) -> None:
    """The log tells requests to the API, the latest first, and none to the sandbox itself; it can be emptied."""
    api = Api(world)
    api.get("/me")
    api.get("/playlists/abc", market="SE")
    api.ask("GET", "/")
    log = api.ask("GET", "/sandbox/requests?limit=1").json
    assert log["total"] == 2
    [record] = log["requests"]
    assert (record["path"], record["query"], record["status"]) == ("/v1/playlists/abc", {"market": "SE"}, 400)
    assert record["client_id"] == next(iter(api.service.clients))
    assert len(api.ask("GET", "/sandbox/requests").json["requests"]) == 2
    assert api.ask("GET", "/sandbox/requests?limit=0").json["requests"] == []
    assert api.ask("GET", "/sandbox/requests?limit=x").status == 400
    assert api.ask("DELETE", "/sandbox/requests").json == {"total": 2, "requests": []}
    assert api.service.requests == []


def test_regimes(world: World) -> None:
    """The regime for all and that of single clients can be set; what makes no sense changes nothing."""
    api = Api(world)
    other = api.service.clients.register("Other")
    said = {"regime": "development", "clients": {other.client_id: "transition"}}
    told = api.ask("PUT", "/sandbox/regime", said).json
    assert told["regime"] == "development"
    assert told["clients"][other.client_id] == "transition"
    assert api.get("/me").json.keys().isdisjoint({"country", "email"})
    for wrong, status in (({"regime": "strict"}, 400), ({"regimes": 1}, 400), (b"{", 400)):
        assert api.ask("PUT", "/sandbox/regime", wrong).status == status
    assert api.ask("PUT", "/sandbox/regime", {"regime": "extended", "clients": {"nobody": None}}).status == 404
    assert api.ask("GET", "/sandbox/regime").json == told
    assert (
        api.ask("PUT", "/sandbox/regime", {"clients": {other.client_id: None}}).json["clients"][other.client_id] is None
    )


def test_weather(world: World) -> None:
    """A weather can be set by name or fault by fault, goes on to its next phase, and tells what became of it."""
    api = Api(world)
    named = api.ask("PUT", "/sandbox/weather", {"name": "busy"}).json
    assert [fault["kind"] for fault in named["faults"]] == ["rate_limit", "latency"]
    said = {"seed": 2, "phase": "calm", "faults": [{"kind": "server_error", "phase": "storm", "nth": [1]}]}
    told = api.ask("PUT", "/sandbox/weather", said).json
    assert told["seed"] == 2
    assert told["kinds"].keys() == KINDS.keys()
    assert api.get("/me").status == 200
    assert api.ask("PUT", "/sandbox/weather", {"phase": "storm"}).json["phase"] == "storm"
    assert [api.get("/me").status for _ in range(2)] == [502, 200]
    [fault] = api.ask("GET", "/sandbox/weather").json["faults"]
    assert (fault["planned"], fault["met"]) == (1, 1)
    refused = [{"faults": [{"kind": "snow"}]}, {"faults": 1}, {"name": 3}, [], b""]
    assert [api.ask("PUT", "/sandbox/weather", wrong).status for wrong in refused] == [400] * len(refused)
    assert api.ask("PUT", "/sandbox/weather", {"name": "/etc/hostname"}).status == 404
    assert api.service.weather.to_json()["phase"] == "storm"


def test_tokens(world: World) -> None:
    """A token may be had with all scopes or with few, for any client."""
    api = Api(world)
    all_scopes, few = (api.ask("POST", "/sandbox/token", said).json for said in (b"", {"scope": "user-read-email"}))
    assert len(all_scopes["scope"].split()) > 15
    for token, status in ((all_scopes, 201), (few, 403)):
        api.authorization = f"Bearer {token['access_token']}"
        assert api.send("POST", "/me/playlists", {"name": "New"}).status == status
    assert api.ask("POST", "/sandbox/token", {"client_id": "nobody"}).status == 404


def edited(api: Api, path: str, said: dict[str, Any]) -> Answer:
    """An edit that is made."""
    answer = api.ask("POST", f"/sandbox{path}", said)
    assert answer.status == 200, answer.body
    return answer


def test_edits_of_playlists(world: World) -> None:
    """Each edit of a playlist can be made by its name, and moves the snapshot id as it does in Python."""
    api = Api(world)
    path = f"/playlists/{edited(api, '/world/create_playlist', {'name': 'Mine'}).json['id']}"
    playlist, uris = next(world.listed()), [world.catalogue.uri(number) for number in range(3)]
    done: dict[str, tuple[dict[str, Any], Callable[[], bool]]] = {
        "insert": ({"items": [*uris, None]}, lambda: [entry.uri for entry in playlist.entries] == [*uris, None]),
        "move": ({"range_start": 3, "insert_before": 0}, lambda: playlist.entries[0].uri is None),
        "remove": ({"positions": [0]}, lambda: [entry.uri for entry in playlist.entries] == uris),
        "rename": ({"name": "Ours"}, lambda: playlist.name == "Ours"),
        "describe": ({"text": None}, lambda: playlist.description is None),
        "set_public": ({"public": False}, lambda: playlist.public is False),
        "set_collaborative": ({"collaborative": True}, lambda: playlist.collaborative),
        "transfer": ({"owner": "somebody"}, lambda: playlist.owner == "somebody"),
        "replace": ({"items": uris[:1]}, lambda: [entry.uri for entry in playlist.entries] == uris[:1]),
        "clear": ({}, lambda: len(playlist) == 0),
    }
    assert done.keys() == PLAYLIST_EDITS.keys()
    seen = {playlist.snapshot_id}
    for name, (said, holds) in done.items():
        told = edited(api, f"{path}/{name}", said).json
        assert holds(), name
        assert told == {"id": playlist.id, "snapshot_id": playlist.snapshot_id, "entries": len(playlist)}
        assert playlist.snapshot_id not in seen
        seen.add(playlist.snapshot_id)


def test_edits_of_the_world(world: World) -> None:
    """Each edit of a world can be made by its name."""
    api, first = Api(world), world.listing[0]
    uri = world.catalogue.uri(3)
    edits: dict[str, dict[str, Any]] = {
        "unlist": {"playlist_id": first},
        "relist": {"playlist_id": first},
        "rename_track": {"uri": uri, "name": "Other"},
        "set_popularity": {"uri": uri, "popularity": 3},
        "restrict_track": {"uri": uri, "codes": ["SE"]},
        "create_playlist": {"name": "New", "public": None, "playlist_id": "1" * 22},
        "delete_playlist": {"playlist_id": "1" * 22},
    }
    for name, said in edits.items():
        edited(api, f"/world/{name}", said)
    assert world.listing[0] == first
    assert "1" * 22 not in world.playlists
    assert world.edits[3].name == "Other"
    changes = edited(api, "/world/evolve", {"changes": 4, "seed": 7}).json["done"]
    assert len(changes) == 4
    assert (
        api.ask("POST", "/sandbox/world/set_day", {"day": "2020-01-01"}).json["error"].startswith("this world has no")
    )
    assert WORLD_EDITS.keys() >= {"evolve", "set_day"}


@pytest.mark.parametrize(
    ("path", "said", "status", "message"),
    [
        ("/world/explode", {}, 404, "no edit 'explode': choose one of create_playlist, "),
        ("/playlists/{id}/explode", {}, 404, "no edit 'explode': choose one of insert, "),
        ("/playlists/nowhere/clear", {}, 400, "no playlist nowhere in this world"),
        ("/playlists/{id}/remove", {"positions": [9_999]}, 400, "no position 9999"),
        ("/playlists/{id}/remove", {"positions": "0"}, 400, "Expected `array`"),
        ("/playlists/{id}/remove", {"position": [0]}, 400, "Object "),
        ("/playlists/{id}/insert", {"items": ["spotify:track:x"]}, 400, "nothing in this world has the URI"),
        ("/nowhere", {}, 404, "Service not found"),
    ],
)
def test_edits_that_cannot_be_made(world: World, path: str, said: dict[str, Any], status: int, message: str) -> None:
    """An edit that makes no sense is refused with the reason, and changes nothing."""
    api = Api(world)
    before = api.ask("GET", "/sandbox/world").body
    answer = api.ask("POST", "/sandbox" + path.format(id=world.listing[0]), said)
    assert answer.status == status
    assert answer.json["error"].startswith(message)
    assert api.ask("GET", "/sandbox/world").body == before


def test_the_world_as_a_file(world: World) -> None:
    """A world that was fetched can be put back later, and then answers as it did."""
    api = Api(world)
    kept, before = api.ask("GET", "/sandbox/world").body, api.get("/me/playlists").body
    evolve(world, dice(1), 30)
    assert api.get("/me/playlists").body != before
    assert api.ask("PUT", "/sandbox/world", kept).status == 200
    assert api.get("/me/playlists").body == before
    assert api.service.world is not world
    assert api.ask("PUT", "/sandbox/world", kept[:50]).status == 400
