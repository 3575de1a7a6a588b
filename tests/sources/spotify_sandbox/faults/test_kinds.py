"""What a client sees of each kind of fault."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import sources.spotify_sandbox
from sources.spotify_sandbox import Fault, Weather, World, generate
from sources.spotify_sandbox.faults.kinds import KINDS
from sources.spotify_sandbox.http.exchange import CutError
from sources.spotify_sandbox.world.timestamps import BEGINNING
from tests.sources.spotify_sandbox.asking import BASE, Answer, Api


class Time:
    """A clock that is set by hand, or by those who sleep."""

    def __init__(self) -> None:
        self.now = BEGINNING
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def on(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Let time pass without waiting."""
        self.slept.append(seconds)
        self.on(seconds)


@pytest.fixture
def world() -> World:
    """A world with one playlist of 120 tracks in it, and four more."""
    world = generate(1, 4, 40)
    playlist = world.create_playlist("Long", playlist_id="1" * 22)
    playlist.insert(0, [world.catalogue.uri(number) for number in range(40)] * 3)
    return world


PAGE = f"/playlists/{'1' * 22}/tracks?limit=20"


def under(world: World, *faults: Fault) -> Api:
    """A client in a weather of some faults."""
    return Api(world, weather=Weather(faults))


def struck(world: World, fault: Fault, path: str = PAGE) -> tuple[Answer, Answer]:
    """The same answer before and after a fault strikes, which is seen to be counted."""
    api = under(world, fault)
    answer = api.get(path)
    assert api.service.weather.met == {fault.kind.name: 1}
    return Api(world).get(path), answer


def refusal(status: int, message: str, **more: str) -> dict[str, Any]:
    """The JSON of an error."""
    return {"error": {"status": status, "message": message} | more}


@pytest.mark.parametrize(
    ("fault", "status", "body", "headers"),
    [
        (
            Fault("too_many_requests", retry_after=7),
            429,
            refusal(429, "API rate limit exceeded"),
            {"retry-after": "7"},
        ),
        (Fault("too_many_requests", retry_after=None), 429, refusal(429, "API rate limit exceeded"), {}),
        (
            Fault("quota_exceeded"),
            429,
            refusal(429, "Too many requests", reason="QUOTA_EXCEEDED"),
            {"retry-after": "48925"},
        ),
        (Fault("server_error"), 502, refusal(502, "Bad gateway."), {}),
        (Fault("server_error", status=500), 500, refusal(500, "Internal server error. Please try again later."), {}),
        (Fault("server_error", status=503, body="text"), 503, "upstream connect error", {"content-type": "text/plain"}),
        (Fault("server_error", status=504, body="text"), 504, "upstream request timeout", {}),
        (Fault("server_error", status=504, body="html"), 504, "<!DOCTYPE html>", {"content-type": "text/html"}),
        (Fault("not_json"), 200, "<!DOCTYPE html>", {"content-type": "text/html"}),
        (Fault("not_json", body="text"), 200, "OK", {"content-type": "text/plain"}),
        (
            Fault("token_missing"),
            401,
            refusal(401, "Access token missing"),
            {"www-authenticate": 'Bearer realm="spotify"'},
        ),
        (
            Fault("token_expired"),
            401,
            refusal(401, "The access token expired"),
            {"www-authenticate": 'Bearer realm="spotify", error="invalid_token", error_description="The access token'},
        ),
        (
            Fault("forbidden"),
            403,
            "The user is not registered for this application.",
            {"content-type": "text/plain"},
        ),
        (Fault("forbidden", text="premium"), 403, "Active premium subscription required for the owner of the app.", {}),
        (Fault("forbidden", text="No."), 403, "No.", {}),
        (
            Fault("redirect"),
            307,
            "",
            {"location": f"https://api.example.net/v1{PAGE}"},
        ),
    ],
)
def test_answers_in_place_of_the_api(
    world: World, fault: Fault, status: int, body: object, headers: dict[str, str]
) -> None:
    """Each refusal has the status, the body and the headers that clients have met or a proxy would send."""
    _, answer = struck(world, fault)
    assert answer.status == status
    assert answer.json == body if isinstance(body, dict) else answer.body.decode().startswith(str(body))
    for name, value in headers.items():
        assert answer.headers[name].startswith(value)
    assert ("retry-after" in answer.headers) == ("retry-after" in headers)
    assert int(answer.headers["content-length"]) == len(answer.body)


def test_expired_tokens(world: World) -> None:
    """A token that has expired is refused forever, without being counted again; another one is not."""
    api = under(world, Fault("token_expired", nth=[2]))
    assert [api.get("/me").status for _ in range(4)] == [200, 401, 401, 401]
    api.authorization = f"Bearer {api.service.access_token()}"
    assert api.get("/me").status == 200
    assert api.service.weather.met == {"token_expired": 1}


def test_rolling_window(world: World) -> None:
    """So many calls in any 30 seconds; Retry-After is exact to the second, and waiting for it is enough."""
    time = Time()
    api = Api(world, clock=time, weather=Weather([Fault("rate_limit", calls=3)]))
    for _ in range(3):
        assert api.get("/me").status == 200
        time.on(5.5)
    refused = api.get("/me")
    assert refused.json == refusal(429, "API rate limit exceeded")
    assert refused.headers["retry-after"] == "14"
    time.on(13)
    assert api.get("/me").headers["retry-after"] == "1"
    time.on(1)
    assert [api.get("/me").status for _ in range(2)] == [200, 429]
    other = f"Bearer {api.service.tokens.application(api.service.clients.register('Other').client_id).access_token}"
    api.authorization = other
    assert api.get(f"/playlists/{'1' * 22}").status == 200
    assert api.service.weather.met == api.service.weather.planned == {"rate_limit": 3}


def test_rate_limit_that_says_nothing(world: World) -> None:
    """A limit may keep to itself when to come back."""
    api = under(world, Fault("rate_limit", calls=0, retry_after=False))
    answer = api.get("/me")
    assert (answer.status, "retry-after" in answer.headers) == (429, False)


def test_latency(world: World) -> None:
    """An answer that is late is the same answer, and delays add up; who waits is told how long."""
    time = Time()
    weather = Weather([Fault("latency", seconds=2.5), Fault("latency", seconds=1, nth=[1])], sleep=time.sleep)
    api = Api(world, clock=time, weather=weather)
    assert api.get(PAGE).body == Api(world).get(PAGE).body
    api.get(PAGE)
    assert time.slept == [3.5, 2.5]


@pytest.mark.parametrize("where", ["headers", "body"])
def test_cut_connections(world: World, where: str) -> None:
    """The connection breaks, and what was asked for is done all the same."""
    api = under(world, Fault("cut", where=where, nth=[1]))
    api.authorization = f"Bearer {api.service.access_token()}"
    with pytest.raises(CutError):
        api.send("POST", "/me/playlists", {"name": "Cut"})
    assert [record.status for record in api.service.requests] == [0 if where == "headers" else 201]
    assert next(world.listed()).name == "Cut"


def test_truncated_json(world: World) -> None:
    """The first half of the JSON comes with 200 and a length that fits."""
    whole, answer = struck(world, Fault("truncated_json"))
    assert answer.status == 200
    assert answer.body == whole.body[: len(whole.body) // 2]
    assert int(answer.headers["content-length"]) == len(answer.body)
    with pytest.raises(json.JSONDecodeError):
        answer.json  # noqa: B018 - reading it is what fails


def test_null_entries(world: World) -> None:
    """In entries the content is null; in lists of anything else the whole element."""
    whole, answer = struck(world, Fault("null_entries", count=3))
    rows = answer.json["items"]
    assert sum(row["track"] is None for row in rows) == 3
    for before, row in zip(whole.json["items"], rows, strict=True):
        assert row == before | {"track": row["track"]}
    _, listed = struck(world, Fault("null_entries"), "/me/playlists")
    assert listed.json["items"].count(None) == 1


def test_short_pages(world: World) -> None:
    """A page that is short says so in limit and next, so that nothing is lost; unless it is to be lost."""
    whole, answer = struck(world, Fault("short_page", rows=2))
    page = answer.json
    assert page["items"] == whole.json["items"][:18]
    assert (page["limit"], page["offset"], page["total"]) == (18, 0, 120)
    assert page["next"] == f"{BASE}/playlists/{'1' * 22}/tracks?offset=18&limit=20"
    api = under(world, Fault("short_page", rows=2))
    assert list(api.entries(api.get(PAGE).json)) == list(Api(world).entries(whole.json))
    _, lost = struck(world, Fault("short_page", rows=2, lost=True))
    assert lost.json == whole.json | {"items": whole.json["items"][:18]}


def test_shrunken_lists(world: World) -> None:
    """A list ends early, and nothing in the answer tells that there is more."""
    whole, answer = struck(world, Fault("shrunken_list", keep=0.25), PAGE + "&offset=40")
    assert answer.json == whole.json | {"items": whole.json["items"][:5], "total": 45, "next": None}


def test_lists_by_cursor() -> None:
    """A list that has no offset is never cut so that rows are lost, unless they are to be, and gets no new members."""
    world = generate(1, 4, 100)

    def artists(*faults: Fault) -> Any:
        api = Api(world, scope="user-follow-read", weather=Weather(faults))
        return api.get("/me/following?type=artist&limit=3").json["artists"]

    whole = artists()
    assert whole["next"] is not None
    assert artists(Fault("short_page", rows=1)) == whole
    assert artists(Fault("short_page", rows=1, lost=True)) == whole | {"items": whole["items"][:2]}
    assert artists(Fault("shrunken_list", keep=0.4)) == whole | {
        "items": whole["items"][:1],
        "next": None,
        "total": 1,
        "cursors": whole["cursors"] | {"after": None},
    }


def test_links_elsewhere(world: World) -> None:
    """The link to the next page leads to another host, by the same path."""
    whole, answer = struck(world, Fault("foreign_next"))
    assert answer.json == whole.json | {
        "next": whole.json["next"].replace("http://sandbox.test", "https://api.example.net")
    }


def test_a_new_field(world: World) -> None:
    """Every object of the type has the field, wherever it is, and nothing else has changed."""
    whole, answer = struck(world, Fault("new_field", type="artist", name="colour"))
    assert answer.body.count(b'"colour":"new"') == whole.body.count(b'"type":"artist"') > 20
    assert json.loads(answer.body.replace(b',"colour":"new"', b"")) == whole.json


@pytest.mark.parametrize(("edit", "moved"), [("insert", -1), ("remove", 1)])
def test_a_world_that_changes(world: World, edit: str, moved: int) -> None:
    """Between two pages an entry comes or goes at the top, so that the second page has moved."""
    api, before = under(world, Fault("world_change", edit=edit, nth=[2])), Api(world).get(PAGE + "&offset=20").json
    first = api.get(PAGE).json
    second = api.get(first["next"]).json
    assert second["total"] == first["total"] - moved
    overlap = slice(1, None) if moved < 0 else slice(None, -1)
    assert second["items"][overlap] == (before["items"][:-1] if moved < 0 else before["items"][1:])
    assert api.service.weather.unmet == {}


def test_a_world_that_evolves(world: World) -> None:
    """Between two pages of the library people change something; before a first page nobody does."""
    api = under(world, Fault("world_change", edit="evolve", changes=5))
    before = {playlist.id: playlist.snapshot_id for playlist in world.playlists.values()}
    api.get("/me/playlists")
    assert {playlist.id: playlist.snapshot_id for playlist in world.playlists.values()} == before
    api.get("/me/playlists?offset=2")
    assert {playlist.id: playlist.snapshot_id for playlist in world.playlists.values()} != before
    assert api.service.weather.met == {"world_change": 1}


def test_snapshot_lag(world: World) -> None:
    """For 30 seconds after a change the old snapshot id and, in lists, the old count are told; entries are right."""
    time, playlist = Time(), world.playlist("1" * 22)
    api = Api(world, clock=time, weather=Weather([Fault("snapshot_lag")]))
    path, old = f"/playlists/{playlist.id}", playlist.snapshot_id
    api.get("/me")
    playlist.remove([0])
    for seconds in (0, 29):
        time.on(seconds)
        read = api.get(path).json
        assert (read["snapshot_id"], read["tracks"]["total"], len(api.get(PAGE).json["items"])) == (old, 119, 20)
        listed = next(item for item in api.get("/me/playlists").json["items"] if item["id"] == playlist.id)
        assert (listed["snapshot_id"], listed["tracks"]["total"]) == (old, 120)
        answer = api.get(path)
        assert int(answer.headers["content-length"]) == len(answer.body)
    time.on(1)
    listed = next(item for item in api.get("/me/playlists").json["items"] if item["id"] == playlist.id)
    assert (listed["snapshot_id"], listed["tracks"]["total"]) == (playlist.snapshot_id, 119)
    assert api.get(path).json["snapshot_id"] == playlist.snapshot_id
    assert api.service.weather.planned == {"snapshot_lag": 1}


def test_every_kind_is_shown_here() -> None:
    """The table holds no kind of fault that these tests do not show, or that the page about the sandbox leaves out."""
    page = (Path(sources.spotify_sandbox.__file__).parent / "README.md").read_text()
    text = Path(__file__).read_text()
    for name, kind in KINDS.items():
        assert f'Fault("{name}"' in text
        assert f"| `{name}` | {kind.doc} |" in page
