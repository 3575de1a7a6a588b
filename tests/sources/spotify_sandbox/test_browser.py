"""The page of consent and the sandbox's own in a real browser: ``make browser`` brings what else this needs."""

import os
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from sources.spotify_sandbox import Sandbox, generate
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from tests.browser.axe import violations
from tests.browser.chromium import CHROMIUM, DRIVER, Scheme, chromium, looking
from tests.sources.spotify_sandbox.sign_ins import PKCE, VERIFIER, Clock

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: make browser")
wait = pytest.importorskip("selenium.webdriver.support.wait")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and chromedriver are not installed"),
]

SCOPE = "playlist-read-private playlist-read-collaborative user-library-modify user-read-email"

# Of each element with text of its own: the contrast of WCAG between the text and what is behind it.
CONTRASTS = """
const light = color => {
  const parts = color.match(/[\\d.]+/g).slice(0, 3).map(value => value / 255);
  const [r, g, b] = parts.map(value => value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const behind = element => {
  for (; element; element = element.parentElement) {
    const color = getComputedStyle(element).backgroundColor;
    if (color !== "rgba(0, 0, 0, 0)") return color;
  }
  return "rgb(255, 255, 255)";
};
return [...document.querySelectorAll("body *")]
  .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
  .map(element => {
    const [low, high] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  });
"""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium that reaches nothing but this machine."""
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


class App(ThreadingHTTPServer):
    """An app's own server on a free port of this machine, which notes where browsers come back to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Callback)
        self.came: list[dict[str, str]] = []
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.redirect_uri = f"{self.origin}/callback"


class Callback(BaseHTTPRequestHandler):
    """Takes the code."""

    server: App

    def do_GET(self) -> None:
        """Note the parameters and show a page."""
        link = urlsplit(self.path)
        if link.path == "/callback":
            self.server.came.append({name: values[0] for name, values in parse_qs(link.query).items()})
        body = b"<!doctype html><title>The app</title><h1>Back in the app</h1>"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def app() -> Iterator[App]:
    """An app that listens."""
    with App() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def clock() -> Clock:
    """The sandbox's clock."""
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Iterator[Sandbox]:
    """A sandbox behind a socket."""
    with Sandbox(generate(1, 1, 0), clock=clock) as opened:
        yield opened


@pytest.fixture
def address(api: Sandbox, app: App) -> str:
    """Where the app sends its user: its redirect URI is registered without the port."""
    client = api.register("Mixtape Archive", ["http://127.0.0.1/callback"])
    query = {
        "client_id": client.client_id,
        "response_type": "code",
        "redirect_uri": app.redirect_uri,
        "scope": SCOPE,
        "state": "s/t&a+t e",
    } | PKCE
    return f"{api.accounts_url}/authorize?{urlencode(query)}"


def ask(api: Sandbox, form: dict[str, str]) -> dict[str, Any]:
    """What the token endpoint answers to the app, which has no secret."""
    (client_id,) = set(api.clients) - {api.client_id}
    with requests.post(f"{api.accounts_url}/api/token", form | {"client_id": client_id}, timeout=10) as answer:
        found: dict[str, Any] = answer.json()
        return found


def me(api: Sandbox, access_token: str) -> int:
    """The status of a call with an access token."""
    headers = {"Authorization": f"Bearer {access_token}"}
    with requests.get(f"{api.api_url}/me", headers=headers, timeout=10) as answer:
        return answer.status_code


def until_title(driver: Any, title: str) -> None:
    """Wait until the browser shows the page with a title: a form takes its time to be sent."""
    wait.WebDriverWait(driver, 10).until(lambda shown: shown.title == title)


def button(driver: Any, label: str) -> Any:
    """The button with a label."""
    return driver.find_element("xpath", f"//button[normalize-space()='{label}']")


def test_the_whole_way(driver: Any, api: Sandbox, app: App, address: str, clock: Clock) -> None:
    """Consent, the redirect to the app, the exchange of the code, an hour, refreshing, half a year."""
    driver.get(address)
    assert driver.find_element("tag name", "h1").text == "Mixtape Archive"
    button(driver, "Agree").click()
    until_title(driver, "The app")
    (came,) = app.came
    assert came["state"] == "s/t&a+t e"

    exchange = {"grant_type": "authorization_code", "redirect_uri": app.redirect_uri, "code_verifier": VERIFIER}
    tokens = ask(api, exchange | {"code": came["code"]})
    assert set(tokens["scope"].split()) == set(SCOPE.split())
    assert me(api, tokens["access_token"]) == 200
    clock.time += timedelta(hours=1)
    assert me(api, tokens["access_token"]) == 401
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    refreshed = ask(api, refresh)
    assert me(api, refreshed["access_token"]) == 200
    assert ask(api, refresh)["error_description"] == "Refresh token revoked"

    clock.time += timedelta(days=183)
    late = ask(api, refresh | {"refresh_token": refreshed["refresh_token"]})
    assert (late["error"], late["error_description"]) == ("invalid_grant", "Refresh token expired")
    driver.get(address)
    assert driver.title == "The app"
    again = ask(api, exchange | {"code": app.came[-1]["code"]})
    assert me(api, again["access_token"]) == 200


def test_cancel(driver: Any, app: App, address: str) -> None:
    """The app learns that the user said no."""
    driver.get(address)
    button(driver, "Cancel").click()
    until_title(driver, "The app")
    assert app.came == [{"error": "access_denied", "state": "s/t&a+t e"}]


def test_by_keyboard(driver: Any, app: App, address: str) -> None:
    """The first stop of the tabulator is Agree, the second is Cancel, and Enter presses it."""
    driver.get(address)
    keys = webdriver.ActionChains(driver).send_keys("\ue004").send_keys("\ue004")
    keys.perform()
    assert driver.switch_to.active_element.text == "Cancel"
    outline = driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    driver.switch_to.active_element.send_keys("\ue007")
    until_title(driver, "The app")
    assert app.came[0]["error"] == "access_denied"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_looks(driver: Any, api: Sandbox, address: str, scheme: Scheme, width: int) -> None:
    """On a phone and on a desk, by day and by night: readable, nothing cut off, buttons big enough, no complaints."""
    (client_id,) = set(api.clients) - {api.client_id}
    api.clients[
        client_id
    ].name = "An app with a name that is longer than most and holds aVeryVeryVeryVeryVeryVeryLongWord"
    driver.get_log("browser")
    with looking(driver, scheme, width):
        driver.get(address)
        contrasts = driver.execute_script(CONTRASTS)
        assert len(contrasts) > 10
        assert min(contrasts) >= 4.5
        assert violations(driver) == []
        background = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 18, 18)"}[scheme]
        assert driver.execute_script(
            "const page = document.scrollingElement; return page.scrollWidth <= page.clientWidth"
        )
        for label in ("Agree", "Cancel"):
            assert button(driver, label).size["height"] >= 44
        assert driver.get_log("browser") == []
        keep(driver, f"consent-{scheme}-{width}.png")


def keep(driver: Any, name: str) -> None:
    """Save a picture for people, where ``PLAYLAKE_PICTURES`` names a folder."""
    folder = os.environ.get("PLAYLAKE_PICTURES")
    if folder:
        driver.save_screenshot(str(Path(folder) / name))


def test_another_site_cannot_agree(driver: Any, api: Sandbox, app: App, address: str) -> None:
    """A page of another origin can neither read the page of consent, nor frame it, nor post in its place."""
    driver.get(app.origin)
    read = "fetch(arguments[0]).then(() => 'read', error => error.name).then(arguments[1])"
    assert driver.execute_async_script(read, address) == "TypeError"
    frame = """
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.onload = () => arguments[1](frame.contentDocument === null ? "closed" : "open");
    frame.src = arguments[0];
    """
    assert driver.execute_async_script(frame, address) == "closed"
    driver.switch_to.frame(0)
    assert driver.find_elements("tag name", "button") == []
    driver.switch_to.default_content()
    post = """
    const form = Object.assign(document.createElement("form"), {method: "post", action: arguments[0]});
    form.append(Object.assign(document.createElement("input"), {name: "decision", value: "agree"}));
    document.body.append(form);
    form.submit();
    """
    driver.execute_script(post, f"{api.accounts_url}/authorize")
    wait.WebDriverWait(driver, 10).until(lambda shown: "This page has expired" in shown.page_source)
    assert app.came == []


def test_an_app_in_the_browser(driver: Any, api: Sandbox, app: App, address: str) -> None:
    """An app without a server exchanges its code and calls the Web API from its own page."""
    driver.get(address)
    button(driver, "Agree").click()
    until_title(driver, "The app")
    (client_id,) = set(api.clients) - {api.client_id}
    form = {
        "grant_type": "authorization_code",
        "redirect_uri": app.redirect_uri,
        "client_id": client_id,
        "code": app.came[0]["code"],
        "code_verifier": VERIFIER,
    }
    call = """
    const [accounts, form, done] = arguments;
    const call = async () => {
      const asked = {method: "POST", body: new URLSearchParams(form)};
      const tokens = await (await fetch(`${accounts}/api/token`, asked)).json();
      const headers = {Authorization: `Bearer ${tokens.access_token}`};
      return (await (await fetch(`${accounts}/v1/me`, {headers})).json()).id;
    };
    call().then(done, error => done(String(error)));
    """
    assert driver.execute_async_script(call, api.accounts_url, form) == api.world.me.id


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sandboxs_own_page(driver: Any, api: Sandbox, scheme: Scheme) -> None:
    """On a phone too the page at / can be read, filters its endpoints, follows requests and changes the regime."""
    with looking(driver, scheme, 360):
        driver.get_log("browser")
        driver.get(f"{api.accounts_url}/")
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 360
        assert min(driver.execute_script(CONTRASTS)) >= 4.5
        shown = "return [...document.querySelectorAll('#endpoints tr')].filter(row => !row.hidden).length"
        assert driver.execute_script(shown) == len(ENDPOINTS)
        driver.find_element("id", "filter").send_keys("/images")
        assert driver.execute_script(shown) == 2

        assert requests.get(f"{api.api_url}/me", timeout=30).status_code == 401
        wait.WebDriverWait(driver, 30).until(lambda page: "/v1/me" in page.find_element("id", "log").text)
        driver.execute_script("document.getElementById('regime').value = 'development'")
        button(driver, "Set regime").click()
        wait.WebDriverWait(driver, 30).until(lambda page: page.find_element("id", "regime-now").text == "development")
        assert api.regime == "development"
        assert violations(driver) == []
        assert driver.get_log("browser") == []
        keep(driver, f"sandbox-{scheme}.png")
