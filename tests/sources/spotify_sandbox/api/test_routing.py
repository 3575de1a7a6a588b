"""Paths and what answers there."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from sources.spotify_sandbox import application, generate
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from sources.spotify_sandbox.api.routing import Routes


def test_every_endpoint_is_found() -> None:
    """Each path of the table leads to its own entry, whatever stands in place of its parameters."""
    routes: Routes[object] = Routes()
    for endpoint in ENDPOINTS:
        routes.add(endpoint.method, endpoint.path, endpoint)
    for endpoint in ENDPOINTS:
        parts = [f"<{part}>" if part.startswith("{") else part for part in endpoint.path.split("/")]
        place = routes.find(parts)
        assert place is not None
        found = place.target(endpoint.method)
        assert found is not None
        target, params = found
        assert target is endpoint
        assert params == {part[1:-1]: f"<{part}>" for part in endpoint.path.split("/") if part.startswith("{")}


def test_names_win_over_parameters() -> None:
    """A part that is written out is no value of a parameter, unless only the parameter leads on."""
    routes: Routes[str] = Routes()
    for path in ("/a/{id}", "/a/b", "/a/{id}/c", "/{x}/{y}/d"):
        routes.add("GET", path, path)

    def at(path: str) -> tuple[str, dict[str, str]] | None:
        place = routes.find(path.split("/"))
        return None if place is None else place.target("GET")

    assert at("/a/b") == ("/a/b", {})
    assert at("/a/x") == ("/a/{id}", {"id": "x"})
    assert at("/a/b/c") == ("/a/{id}/c", {"id": "b"})
    assert at("/a/b/d") == ("/{x}/{y}/d", {"x": "a", "y": "b"})
    assert at("/a") is None
    assert at("/a//c") is None
    place = routes.find(["", "a", "b"])
    assert place is not None
    assert place.target("PUT") is None


def test_a_slash_in_an_id() -> None:
    """The id of a user may hold a slash, which is no end of a part as long as it is escaped."""
    app = application(generate(1, 1, 0))
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    token = f"Bearer {app.state.service.access_token()}".encode()
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/v1/users/a/b/playlists",
        "raw_path": b"/v1/users/a%2Fb/playlists",
        "query_string": b"",
        "headers": [(b"host", b"sandbox.test"), (b"authorization", token)],
    }
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 200
    assert b"/users/a%2Fb/playlists?offset=0" in sent[1]["body"]
