"""Tokens go to the configured hosts only, whatever the API's answers say."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from sources.spotify_sandbox import Fault, Sandbox, Weather, generate
from tests.pipelines.driving import playlake

pytestmark = pytest.mark.sampled(3)


class Trap(ThreadingHTTPServer):
    """Answers everything, and notes who came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Lure)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.came: list[str] = []


class _Lure(BaseHTTPRequestHandler):
    server: Trap

    def _answer(self) -> None:
        self.server.came.append(f"{self.command} {self.path} {self.headers}")
        body = b'{"items":[],"total":0,"access_token":"x","expires_in":3600}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_HEAD = do_CONNECT = _answer  # noqa: N815 (the library's names)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def trap() -> Iterator[Trap]:
    """A host that nobody configured."""
    with Trap() as made:
        thread = Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("path", ["/v1/me/playlists", "/v1/playlists/**"])
def test_redirects_are_not_followed(trap: Trap, path: str, status: int) -> None:
    """A redirect to another host is an error that names the address, and nobody goes there."""
    weather = Weather([Fault("redirect", path=path, host=trap.url, status=status)])
    with Sandbox(generate(seed=3, playlists=3, items=300), weather=weather) as api:
        end = playlake("sync", environment=api.environment)
        assert (end.code, "redirects elsewhere" in end.err) == (1 if "me" in path else 4, True), end.err
        assert weather.unmet == {}
    assert trap.came == []


def test_next_is_not_followed(trap: Trap) -> None:
    """Pages are asked for by their offset, so that a foreign `next` changes nothing."""
    weather = Weather([Fault("foreign_next", host=trap.url)])
    with Sandbox(generate(seed=3, playlists=120, items=2500), weather=weather) as api:
        end = playlake("sync", environment=api.environment)
        assert end.code == 0, end.err
        assert weather.met["foreign_next"] > 15
        counted = playlake("query", "--format", "csv", "SELECT count(*) FROM playlist_items").out.split()
    assert counted[1:] == ["2500"]
    assert trap.came == []


def test_a_redirect_of_the_token_endpoint_is_not_followed(trap: Trap) -> None:
    """The app's secret and the refresh token stay with the accounts service that was configured."""
    weather = Weather([Fault("redirect", path="/api/token", method="POST", host=trap.url, status=307)])
    with Sandbox(generate(seed=3, playlists=3, items=30), weather=weather) as api:
        end = playlake("sync", environment=api.environment)
    assert (end.code, weather.met["redirect"]) == (1, 1), end.err
    assert trap.came == []
