"""The page of consent, and the way back to the app."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.accounts.clients import CLIENT_ID, Client
from sources.spotify_sandbox.accounts.scopes import SCOPES
from tests.sources.spotify_sandbox.asking import Api
from tests.sources.spotify_sandbox.sign_ins import PKCE, REDIRECT_URI, Browser, Clock, Form, returned, text_of


@pytest.fixture
def api() -> Api:
    """A sandbox with one playlist."""
    return Api(generate(1, 1, 0))


def test_the_page(api: Api) -> None:
    """It names the app, the user, all that is asked and where it leads, and nothing that is not asked."""
    scope = ["user-read-email", "playlist-read-private", "user-modify-playback-state"]
    page = Browser(api, scope=" ".join(reversed(scope))).open()
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    shown = text_of(page)
    for text in ("Sandbox app", api.service.world.me.display_name or "", "127.0.0.1:8888", "Agree", "Cancel"):
        assert text in shown
    listed = [unescape(text) for text in re.findall("<li>(.*?)</li>", page.body.decode())]
    assert listed[1:] == [SCOPES[name][1] for name in scope]
    assert Browser(api, scope="").open().body.count(b"<li>") == 1


def test_the_page_keeps_to_itself(api: Api) -> None:
    """Another site can neither frame it nor read it nor style it, and the address with the state goes nowhere."""
    headers = Browser(api).open().headers
    assert "access-control-allow-origin" not in headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"].startswith("default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_a_name_is_text(api: Api) -> None:
    """An app's name cannot become part of the page."""
    client = api.service.clients.register("<script>&$ticket", [REDIRECT_URI])
    page = Browser(api, client_id=client.client_id).open()
    assert b"<script" not in page.body
    assert "<script>&$ticket" in text_of(page)


def test_agree(api: Api) -> None:
    """The app gets a code, with the state as it came, at the very address it named."""
    back = Browser(api).agree()
    assert back.address == REDIRECT_URI
    assert [name for name, _ in back.parameters] == ["code", "state"]
    assert back.parameters[1] == ("state", "s t/&")


def test_cancel(api: Api) -> None:
    """The app is told so, and the next visit asks again."""
    browser = Browser(api, state="")
    refused = returned(browser.press(browser.open(), "Cancel"))
    assert (refused.address, refused.parameters) == (REDIRECT_URI, [("error", "access_denied")])
    assert Browser(api).open().status == 200
    refused = returned(browser.press(Browser(api).open(), "Cancel"))
    assert refused.parameters == [("error", "access_denied"), ("state", "s t/&")]


@pytest.mark.parametrize("decision", ["", "yes"])
def test_no_decision(api: Api, decision: str) -> None:
    """What is not said to be agreement is none."""
    fields = Form(Browser(api).open().body.decode()).fields | {"decision": decision}
    answer = api._ask("POST", "/authorize", "", None, urlencode(fields).encode())
    assert returned(answer).parameters[0] == ("error", "access_denied")


def test_a_consent_given_before(api: Api) -> None:
    """It is asked for again only with ``show_dialog``, for a scope more, for another app, and once it was revoked."""
    other = api.service.clients.register("Other", [REDIRECT_URI]).client_id
    browser = Browser(api, scope="user-top-read user-follow-read")
    browser.agree()
    assert returned(browser.open()).code != returned(browser.open(scope="user-top-read")).code
    for asking in (
        {"show_dialog": "true"},
        {"show_dialog": "True"},
        {"scope": "user-top-read playlist-read-private"},
        {"client_id": other},
    ):
        assert browser.open(**asking).status == 200
    assert browser.open(show_dialog="false").status == 302
    browser.agree(scope="playlist-read-private")
    assert browser.open(scope="user-top-read playlist-read-private").status == 302
    api.service.revoke(CLIENT_ID)
    assert browser.open().status == 200


def test_a_ticket_is_good_once(api: Api) -> None:
    """Only the form of a page that asked is taken, one time: another site's post gets nowhere."""
    browser = Browser(api)
    first, second = browser.open(), browser.open()
    assert browser.press(first, "Agree").status == 303
    assert browser.press(first, "Agree").status == 400
    assert browser.press(second, "Cancel").status == 303
    for body in (b"decision=agree", b"ticket=&decision=agree", b"ticket=guess&decision=agree", b"\xff=\xff"):
        assert api._ask("POST", "/authorize", "", None, body).status == 400


def test_a_ticket_grows_old() -> None:
    """A page left open for an hour is no longer good."""
    clock = Clock()
    browser = Browser(Api(generate(1, 1, 0), clock=clock))
    page = browser.open()
    clock.time += timedelta(minutes=59)
    late = browser.open()
    clock.time += timedelta(minutes=1)
    assert browser.press(page, "Agree").status == 400
    assert browser.press(late, "Agree").status == 303


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"client_id": ""}, "Missing required parameter: client_id"),
        ({"response_type": ""}, "Missing required parameter: response_type"),
        ({"redirect_uri": ""}, "Missing required parameter: redirect_uri"),
        ({"client_id": "0" * 32}, "INVALID_CLIENT: Failed to get client"),
        ({"redirect_uri": "https://example.com/callback"}, "redirect_uri: Not matching configuration"),
        ({"redirect_uri": "http://localhost:8888/callback"}, "redirect_uri: Not matching configuration"),
        ({"response_type": "token"}, "response_type must be code"),
        ({"scope": "playlist-read-private user-read-birthdate"}, "Illegal scope"),
        ({"scope": "playlist-read-private,user-top-read"}, "Illegal scope"),
        (PKCE | {"code_challenge_method": "plain"}, "code_challenge_method must be S256"),
        (PKCE | {"code_challenge_method": ""}, "code_challenge_method must be S256"),
        (PKCE | {"code_challenge": ""}, "Invalid code_challenge"),
        (PKCE | {"code_challenge": PKCE["code_challenge"] + "="}, "Invalid code_challenge"),
    ],
)
def test_a_request_at_fault(api: Api, parameters: dict[str, str], text: str) -> None:
    """It ends on a page of text and is never sent on to an address that may be at fault itself."""
    answer = Browser(api).open(**parameters)
    assert (answer.status, answer.body.decode()) == (400, text)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "location" not in answer.headers


def test_an_app_from_before_2025(api: Api) -> None:
    """A redirect URI that was registered when it was allowed is refused all the same."""
    uri = "http://localhost:8888/callback"
    api.service.clients.add(Client("old", "secret", "Old app", [uri]))
    answer = Browser(api, client_id="old", redirect_uri=uri).open()
    assert (answer.status, answer.body) == (400, b"INVALID_CLIENT: Insecure redirect URI")
