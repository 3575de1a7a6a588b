"""What the tours of all clients need: a sandbox to go through, and who agrees on its page of consent."""

import webbrowser
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests

from sources.spotify_sandbox import Sandbox
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from sources.spotify_sandbox.api.routing import Routes
from tests.sources.spotify_sandbox.sign_ins import Form

if TYPE_CHECKING:
    from sources.spotify_sandbox.api.endpoint import Endpoint

LEAST = 40
"""Operations of the Web API that a tour goes through, at the least."""


class Clock:
    """The real time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        """The time."""
        return datetime.now(UTC) + self.ahead


def operations(api: Sandbox) -> set[str]:
    """The operations that were answered without an error so far, as ``GET /albums/{id}``."""
    routes: Routes[Endpoint] = Routes()
    for endpoint in ENDPOINTS:
        routes.add(endpoint.method, "/v1" + endpoint.path, endpoint)
    done = set()
    for record in api.requests:
        place = routes.find(record.path.removesuffix("/").split("/"))
        found = place.target(record.method) if place is not None else None
        if found is not None and record.status < 400:
            done.add(f"{record.method} {found[0].path}")
    return done


def agree(url: str) -> None:
    """Open the page of consent at an address, press Agree, and go where that leads; it may lead there at once."""
    page = requests.get(url, timeout=10)
    page.raise_for_status()
    if urlsplit(page.url).path == "/authorize":
        form = Form(page.text)
        there = urljoin(page.url, form.attributes["action"])
        requests.post(there, form.fields | form.buttons["Agree"], timeout=10).raise_for_status()


class Agreeing(webbrowser.BaseBrowser):
    """The browser of a user who agrees, as programs open it."""

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: ARG002
        """Agree, while the program goes on to listen for what comes of it."""
        Thread(target=agree, args=(url,), daemon=True).start()
        return True
