"""A sync that fails is told to a service; one that does its work is not."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from sources.spotify_sandbox import Fault, Sandbox, Weather, generate
from tests.pipelines.driving import playlake
from tests.sources.spotify.http.test_body_limits import TRICKLES, trickling


class Service(ThreadingHTTPServer):
    """Takes what is posted to it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.url = f"http://127.0.0.1:{self.server_port}/hooks/PRIVATE?key=HIDDEN"
        self.status = 200
        self.took: list[tuple[str, dict[str, object]]] = []


class _Taker(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        """Note it."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.took.append((self.path, body))
        self.send_response(self.server.status)
        self.send_header("Location", "/sign-in")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    """A service on a free port."""
    with Service() as made:
        thread = Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.long
def test_only_failures_are_reported(service: Service) -> None:
    """A good sync posts nothing; one that must wait and one that cannot sign in each post their end."""
    world = generate(seed=3, playlists=4, items=60)
    with Sandbox(world, weather=Weather([Fault("quota_exceeded", phase="quota")])) as api:
        good = playlake("sync", "--failure-webhook", service.url, environment=api.environment)
        assert (good.code, service.took) == (0, []), good.err
        ended = {"SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": "ended"}
        fails = playlake("sync", environment=api.environment | ended | {"PLAYLAKE_FAILURE_WEBHOOK": service.url})
        assert fails.code == 3
        api.weather.phase = "quota"
        assert playlake("sync", "--full", "--failure-webhook", service.url, environment=api.environment).code == 75
    told = [body for _, body in service.took]
    assert [path for path, _ in service.took] == ["/hooks/PRIVATE?key=HIDDEN"] * 2
    assert [(body["exit_code"], body["outcome"]) for body in told] == [(3, "sign_in_needed"), (75, "rate_limited")]
    assert str(told[1]["resume_at"]) > "2026"
    assert "sign in again" in str(told[0]["text"])
    assert "PRIVATE" not in fails.out + fails.err


def test_a_service_that_is_away_changes_nothing(service: Service) -> None:
    """The sync's own exit code and words stay, whatever becomes of the message; the address is not shown."""
    service.status = 500
    for url in (service.url, "http://127.0.0.1:1/hooks/PRIVATE"):
        end = playlake("sync", "--failure-webhook", url)
        assert (end.code, "playlake login" in end.err) == (3, True)
        assert "did not accept the message" in end.err
        assert "PRIVATE" not in end.err + end.out


@pytest.mark.parametrize(("begin", "drop"), TRICKLES)
def test_a_slow_service_is_cut_off(begin: bytes, drop: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that comes byte by byte is given up in time; one that has begun well has taken the message."""
    monkeypatch.setattr("pipelines.operations.webhooks.LONGEST", 0.5)
    started = time.monotonic()
    with trickling(begin, drop, 1) as url:
        end = playlake("sync", "--failure-webhook", url)
    assert (end.code, time.monotonic() - started < 10) == (3, True)
    has_status = b"\r\n\r\n" in begin and b"200" in begin
    assert ("did not accept the message (timeout: not there after" in end.err) == (not has_status)


@pytest.mark.parametrize("status", [204, 302, 307, 400])
def test_only_a_good_answer_is_one(service: Service, status: int) -> None:
    """A service that sends the message elsewhere, to a page for signing in perhaps, has not taken it."""
    service.status = status
    end = playlake("sync", "--failure-webhook", service.url)
    assert (end.code, f"did not accept the message (HTTP {status})" in end.err) == (3, status != 204)


def test_certificates_that_are_not_there_change_nothing() -> None:
    """The sync's own end is what is reported."""
    missing = {"REQUESTS_CA_BUNDLE": "/nowhere"}
    end = playlake("sync", "--failure-webhook", "https://127.0.0.1:1/PRIVATE", environment=missing)
    assert (end.code, "playlake login" in end.err, "PRIVATE" in end.err) == (3, True, False)


def test_names_have_no_effect_in_webhooks(service: Service) -> None:
    """A playlist's name calls nobody and hides no link where the text is shown, and commands no terminal anywhere."""
    world = generate(seed=3, playlists=1, items=6)
    cleared = world.create_playlist("<!channel> @here <https://evil.example|Spotify>\x1b[2J\u202e")
    cleared.insert(0, [world.catalogue.uri(7)])
    with Sandbox(world) as api:
        told = api.environment | {"PLAYLAKE_WEBHOOK": service.url}
        assert playlake("sync", environment=told).code == 0
        cleared.clear()
        assert playlake("sync", environment=told).code == 0
    [(_, body)] = service.took
    assert not set("<>@\x1b\u202e") & set(str(body["text"]))
    [news] = list_of(body["news"])
    assert news["name"] == "<!channel> @here <https://evil.example|Spotify>\ufffd[2J\ufffd"


@pytest.mark.parametrize(
    "url", ["http://example.org/PRIVATE", "ftp://x/PRIVATE", "PRIVATE", "https://me:PRIVATE@x/", "https://a..b/PRIVATE"]
)
def test_an_invalid_webhook(url: str) -> None:
    """What is neither https nor this machine is refused before anything else, without showing it."""
    end = playlake("sync", "--failure-webhook", url)
    assert (end.code, "--failure-webhook must be an https address" in end.err) == (2, True)
    assert "PRIVATE" not in end.err
    assert not Path("playlake.duckdb").exists()


@pytest.mark.long
def test_news_are_reported_where_all_went_well(service: Service) -> None:
    """What left or was emptied is posted once, by a sync that ends with 0; a steady one posts nothing."""
    world = generate(seed=3, playlists=4, items=60)
    cleared, gone = world.create_playlist("Cleared"), world.create_playlist("Gone")
    for playlist in (cleared, gone):
        playlist.insert(0, [world.catalogue.uri(7)])
    with Sandbox(world) as api:
        told = api.environment | {"PLAYLAKE_WEBHOOK": service.url}
        assert playlake("sync", environment=told).code == 0
        cleared.clear()
        world.unlist(gone.id)
        service.status = 500
        complaint = playlake("sync", "--webhook", service.url, environment=api.environment)
        assert (complaint.code, "did not accept the message (HTTP 500)" in complaint.err) == (0, True)
        assert playlake("sync", environment=told).code == 0
        assert playlake("sync", environment=told).code == 0
    bodies = [body for _, body in service.took]
    assert [[(each["event"], each["name"], each["items"]) for each in list_of(body["news"])] for body in bodies] == [
        [("emptied", "Cleared", 1)],
        [("left", "Gone", 1)],
    ]
    assert "Gone: Playlist" in str(bodies[1]["text"])
    assert "PRIVATE" not in complaint.out + complaint.err


def list_of(news: object) -> list[dict[str, object]]:
    """The news of a message."""
    assert isinstance(news, list)
    return news


def test_an_invalid_webhook_for_news() -> None:
    """It is refused before anything is asked."""
    ended = playlake("sync", "--webhook", "http://example.org")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "--webhook must be an https address" in ended.err
