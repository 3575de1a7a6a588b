"""The page at ``/``."""

import re
from html.parser import HTMLParser

import pytest

from sources.spotify_sandbox import Fault, Weather, generate
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from tests.sources.spotify_sandbox.asking import Api

EMPTY = {"meta", "input", "br", "link", "img"}


class Reader(HTMLParser):
    """Reads a page: tags that do not close, ids, what refers to ids, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.labelled: set[str] = set()
        self.controls: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        values = {name: value or "" for name, value in attrs}
        if tag not in EMPTY:
            self.open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if values.get("href", "").startswith("#"):
            self.references.add(values["href"][1:])
        self.references |= {values[name] for name in ("for", "aria-labelledby") if name in values}
        if tag == "label":
            self.labelled.add(values["for"])
        if tag in {"input", "select"}:
            self.controls.add(values["id"])

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a tag."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def page(api: Api) -> Reader:
    """The page as it is now."""
    answer = api.ask("GET", "/")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return Reader(answer.body.decode())


def test_what_the_page_shows() -> None:
    """The page tells the world, the regime, the weather, a token that works, every endpoint and the last requests."""
    api = Api(generate(1, 5, 200), regime="transition", weather=Weather([Fault("server_error", nth=[1])]))
    api.get("/me")
    shown = page(api)
    for text in ("5 playlists, 200 entries", "transition", "server_error: 1 met of 1 planned", "502", "/v1/me"):
        assert text in shown.text
    assert all("/v1" + endpoint.path in shown.text for endpoint in ENDPOINTS)
    [token] = re.findall(r"Authorization: Bearer (\S+)' ", shown.text)
    api.authorization = f"Bearer {token}"
    assert api.get("/me/playlists").status == 200
    assert token in page(api).text


def test_the_page_is_whole() -> None:
    """Tags are closed, ids are there once, every reference leads to one, and every control has a label."""
    shown = page(Api(generate(1, 1, 0)))
    assert shown.open == []
    assert len(set(shown.ids)) == len(shown.ids)
    assert shown.references <= set(shown.ids)
    assert shown.controls == shown.controls & shown.labelled != set()


@pytest.mark.parametrize("path", ["/playlists/<script>alert(1)</script>", "/me?x=<img src=x>"])
def test_nothing_gets_into_the_page(path: str) -> None:
    """What clients ask for stands in the page as text, and the page runs nothing but its own script."""
    api = Api(generate(1, 1, 0))
    api.ask("GET", f"/v1{path}")
    answer = api.ask("GET", "/")
    assert b"<script>alert" not in answer.body
    assert b"<img" not in answer.body
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
