"""Asks the sandbox in process, without a socket and without a client library of ours."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import pytest

from sources.spotify_sandbox import Weather, World, application
from sources.spotify_sandbox.accounts.clients import CLIENT_ID, CLIENT_SECRET
from sources.spotify_sandbox.api.service import Intercept, Service
from sources.spotify_sandbox.world.timestamps import Clock
from tests.shared_folder import SHARED

BASE = "http://sandbox.test/v1"
BASIC = "Basic " + b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded by the standard library."""
        return json.loads(self.body)


class Api:
    """A signed-in client, or with ``user=False`` one with client credentials."""

    def __init__(
        self,
        world: World,
        regime: str = "extended",
        *,
        user: bool = True,
        scope: str | None = None,
        intercept: Intercept | None = None,
        clock: Clock | None = None,
        weather: Weather | None = None,
    ) -> None:
        self.app = application(world, regime=regime, intercept=intercept, clock=clock, weather=weather)
        self.service: Service = self.app.state.service
        tokens = self.service.tokens
        refresh = tokens.refresh_token if scope is None else tokens.authorise(scope)
        access = (tokens.refresh(refresh) if user else tokens.application()).access_token
        self.authorization: str | None = f"Bearer {access}"

    def get(self, address: str, **query: object) -> Answer:
        """GET a path of the Web API, or a link that an answer gave."""
        link = urlsplit(address if address.startswith("http") else BASE + address)
        assert f"{link.scheme}://{link.netloc}/v1" == BASE, f"{address} leads to another host"
        text = "&".join(filter(None, (link.query, urlencode({key: str(value) for key, value in query.items()}))))
        return self._ask("GET", link.path, text, self.authorization, b"")

    def send(self, method: str, address: str, body: object = b"", **query: object) -> Answer:
        """Send a body, as it is or as JSON, to a path of the Web API, which may have a query."""
        path, _, asked = address.partition("?")
        text = "&".join(filter(None, (asked, urlencode({key: str(value) for key, value in query.items()}))))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._ask(method, f"/v1{path}", text, self.authorization, content)

    def fetch(self, url: str) -> Answer:
        """GET an image by its address, without signing in."""
        link = urlsplit(url)
        assert f"{link.scheme}://{link.netloc}/v1" == BASE, f"{url} leads to another host"
        return self._ask("GET", link.path, link.query, None, b"")

    def post(self, form: dict[str, str], authorization: str | None = None) -> Answer:
        """POST to the token endpoint."""
        return self._ask("POST", "/api/token", "", authorization, urlencode(form).encode())

    def ask(
        self,
        method: str,
        address: str,
        body: object = b"",
        headers: Mapping[str, str] | None = None,
        client: str | None = None,
    ) -> Answer:
        """Ask for an address below the root with any headers, as if from a machine with the address ``client``."""
        path, _, query = address.partition("?")
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._ask(method, path, query, self.authorization, content, headers or {}, client)

    def entries(self, page: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The entries of a page and of all pages behind it."""
        while True:
            yield from page["items"]
            if page["next"] is None:
                return
            answer = self.get(page["next"])
            assert answer.status == 200, answer.body
            page = answer.json

    def _ask(
        self,
        method: str,
        path: str,
        query: str,
        authorization: str | None,
        body: bytes,
        others: Mapping[str, str] = MappingProxyType({}),
        client: str | None = None,
    ) -> Answer:
        headers = [(name.encode(), value.encode()) for name, value in ({"host": "sandbox.test"} | dict(others)).items()]
        if authorization is not None:
            headers.append((b"authorization", authorization.encode()))
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": headers,
            "server": ("sandbox.test", 80),
            "client": None if client is None else (client, 50_000),
        }
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        head = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], head, b"".join(message["body"] for message in sent[1:]))


def dice(seed: int) -> Random:
    """A random source that always throws the same."""
    return Random(seed)


def shared(*parts: str) -> Path:
    """A path in the folder of recordings and data beside the checkout; the test is skipped where there is none."""
    place = SHARED.joinpath(*parts)
    if not place.exists():
        pytest.skip(f"needs {'/'.join(parts)}: set PLAYLAKE_SHARED to the folder that holds it")
    return place
