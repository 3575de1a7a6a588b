"""What tests of the accounts service need: a clock that moves, and a browser without a window."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sources.spotify_sandbox.accounts.clients import CLIENT_ID
from tests.sources.spotify_sandbox.asking import Answer, Api

REDIRECT_URI = "http://127.0.0.1:8888/callback"
VERIFIER = "a-verifier.of_43~characters-or-more-0123456789"
# SHA-256 of the verifier in base64 for URLs, by another program: printf %s "$VERIFIER" | openssl dgst -sha256 -binary
CHALLENGE = "m0QbP63z6f-7ZOu2AWpUocgnzNGMvRxz7IeVcqShXXs"
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.time


@dataclass(frozen=True)
class Return:
    """Where the browser ended: at an app's redirect URI, with parameters."""

    address: str
    parameters: list[tuple[str, str]]

    @property
    def code(self) -> str:
        """The authorisation code."""
        return dict(self.parameters)["code"]


class Browser:
    """Opens ``/authorize`` for an app, and presses the buttons of its form."""

    def __init__(self, api: Api, **parameters: str) -> None:
        self.api = api
        self.parameters = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "redirect_uri": REDIRECT_URI,
            "scope": "playlist-read-private",
            "state": "s t/&",
        } | parameters

    def open(self, **parameters: str) -> Answer:
        """What ``/authorize`` answers; an empty parameter is left out."""
        query = {name: value for name, value in (self.parameters | parameters).items() if value}
        return self.api._ask("GET", "/authorize", urlencode(query), None, b"")

    def press(self, page: Answer, label: str) -> Answer:
        """What the button with a label does."""
        form = Form(page.body.decode())
        assert form.attributes == {"method": "post", "action": "/authorize"}
        return self.api._ask("POST", "/authorize", "", None, urlencode(form.fields | form.buttons[label]).encode())

    def agree(self, **parameters: str) -> Return:
        """The way back to the app after the user agreed."""
        return returned(self.press(self.open(**parameters), "Agree"))


def returned(answer: Answer) -> Return:
    """Where an answer sends the browser."""
    assert answer.status in {302, 303}, answer.body
    link = urlsplit(answer.headers["location"])
    return Return(link._replace(query="").geturl(), parse_qsl(link.query, keep_blank_values=True))


class Form(HTMLParser):
    """The one form of a page: its hidden fields, and what each of its buttons adds to them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] = {}
        self.fields: dict[str, str] = {}
        self.buttons: dict[str, dict[str, str]] = {}
        self._button: dict[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form, a field or a button."""
        values: dict[str, Any] = dict(attrs)
        if tag == "form":
            self.attributes = values
        elif tag == "input":
            assert values["type"] == "hidden"
            self.fields[values["name"]] = values["value"]
        elif tag == "button":
            self._button = {values["name"]: values["value"]}

    def handle_data(self, data: str) -> None:
        """Take in the label of a button."""
        if self._button is not None:
            self.buttons[data.strip()] = self._button
            self._button = None


def text_of(page: Answer) -> str:
    """What a reader sees of a page: no tags, no style."""
    body = page.body.decode().partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
