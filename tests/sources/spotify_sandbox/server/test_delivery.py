"""Answers on their way out: ETags, 304, gzip, HEAD, preflights, what is not there."""

import re
import zlib
from base64 import b64decode

import pytest

from sources.spotify_sandbox import World, generate
from tests.sources.spotify_sandbox.asking import Api


@pytest.fixture
def world() -> World:
    """A small world."""
    return generate(1, 3, 60)


def test_tags_as_recorded(world: World) -> None:
    """A tag hides 32 hexadecimal digits in quotation marks, as all recorded ones do, and moves with the answer."""
    api, playlist = Api(world), world.playlist(next(iter(world.playlists)))
    before, same = (api.get(f"/playlists/{playlist.id}").headers["etag"] for _ in range(2))
    found = re.fullmatch(r'"MC-([A-Za-z0-9+/=]+)"', before)
    assert found is not None
    assert re.fullmatch(rb'"[0-9a-f]{32}"', b64decode(found[1], validate=True))
    playlist.rename("Another name")
    after = api.get(f"/playlists/{playlist.id}").headers["etag"]
    assert before == same != after


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"other", {tag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("", 200),
    ],
)
def test_what_is_not_modified(world: World, asked: str, status: int) -> None:
    """A client that has the answer gets 304 with its tag and how to keep it, and no body."""
    api = Api(world)
    first = api.get("/me")
    again = api.ask("GET", "/v1/me", headers={"if-none-match": asked.format(tag=first.headers["etag"])})
    assert again.status == status
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "private, max-age=0"
    assert again.headers["vary"] == "Authorization, Accept-Encoding"
    assert (again.body == b"") == ("content-type" not in again.headers) == (status == 304)


def test_what_has_no_tag(world: World) -> None:
    """Errors and answers to changes have no tag."""
    api = Api(world)
    assert api.get("/playlists/abc").status == 400
    assert "etag" not in api.get("/playlists/abc").headers
    assert "etag" not in api.post({"grant_type": "refresh_token"}).headers


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        (None, False),
        ("", False),
        ("identity", False),
        ("br, deflate", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("gzip", True),
        ("GZip", True),
        ("deflate, gzip;q=0.5", True),
    ],
)
def test_compression(world: World, accepted: str | None, compressed: bool) -> None:
    """Only who accepts gzip gets it, with the same tag and, unpacked, the same answer."""
    api, path = Api(world), f"/v1/playlists/{max(world.playlists.values(), key=len).id}"
    plain = api.ask("GET", path)
    answer = api.ask("GET", path, headers={} if accepted is None else {"accept-encoding": accepted})
    assert answer.headers["etag"] == plain.headers["etag"]
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert (answer.headers.get("content-encoding") == "gzip") == compressed
    assert (zlib.decompress(answer.body, wbits=31) if compressed else answer.body) == plain.body
    assert len(answer.body) < len(plain.body) / 5 or not compressed


def test_head(world: World) -> None:
    """HEAD is GET without the body."""
    api = Api(world)
    whole, head = (api.ask(method, "/v1/me/playlists") for method in ("GET", "HEAD"))
    assert (head.status, head.headers, head.body) == (whole.status, whole.headers, b"")


def test_preflight(world: World) -> None:
    """A browser may call from any origin, with a token, by every method, and hears so without a token."""
    api = Api(world)
    api.authorization = None
    for path in ("/v1/me/playlists", "/api/token"):
        answer = api.ask("OPTIONS", path, headers={"origin": "https://app.example"})
        assert (answer.status, answer.body) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Authorization" in answer.headers["access-control-allow-headers"].split(", ")
        assert {"GET", "POST", "PUT", "DELETE"} <= set(answer.headers["access-control-allow-methods"].split(", "))
        assert answer.headers["access-control-max-age"] == "604800"


def test_a_browser_may_fetch_tokens(world: World) -> None:
    """A single-page app, which exchanges its code without a secret, may read the answer of the accounts service."""
    assert Api(world).post({"grant_type": "refresh_token"}).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/v1/nowhere", 404, "Service not found"),
        ("GET", "/v1/playlists//items", 404, "Service not found"),
        ("DELETE", "/v1/me", 405, "Method not allowed"),
        ("GET", "/api/token", 405, "Method not allowed"),
    ],
)
def test_what_is_not_there(world: World, method: str, path: str, status: int, message: str) -> None:
    """Unknown paths and methods are errors of the API, whoever asks."""
    api = Api(world)
    api.authorization = None
    answer = api.ask(method, path)
    assert (answer.status, answer.json) == (status, {"error": {"status": status, "message": message}})


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:8642", "http://127.0.0.1:8642"),
        ("[::1]:8642", "http://[::1]:8642"),
        ("sandbox.test", "http://sandbox.test"),
        ('a"b', "http://localhost"),
        ("a/b", "http://localhost"),
        ("", "http://localhost"),
    ],
)
def test_links_lead_to_the_host_that_was_asked(world: World, host: str, origin: str) -> None:
    """Links name the host that the client named, if it is one."""
    answer = Api(world).ask("GET", "/v1/me/playlists", headers={"host": host})
    assert answer.json["href"].startswith(f"{origin}/v1/")
