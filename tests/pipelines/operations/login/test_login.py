"""Signing in, from the command to the first sync, against the sandbox's page of consent."""

import re
import socket
import stat
import struct
import sys
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from pipelines.operations.login.redirect import await_redirect
from sources.errors import PlaylakeError, SignInError
from sources.spotify.auth.pkce import Consent
from sources.spotify.auth.profiles import Profiles, profile_folder
from sources.spotify.auth.scope_purposes import PURPOSES, SCOPES
from sources.spotify.resources.registry import selected
from sources.spotify.resources.scopes import scopes_of
from sources.spotify_sandbox import Fault, Sandbox, Weather, generate
from tests.pipelines.driving import CHECKOUT, Ended, playlake

TICKET = re.compile(r'name="ticket" value="([^"]+)"')


@dataclass
class Person:
    """Somebody at a browser.

    Attributes:
        decision: `agree` or `cancel`.
        pages: what the browser showed at the end.
        thread: where the person acts.
    """

    decision: str = "agree"
    pages: list[requests.Response] = field(default_factory=list)
    thread: Thread | None = None

    def decide(self, url: str) -> str:
        """Presses a button of the page of consent, and gives the address that the browser is sent to."""
        with requests.Session() as browser:
            ticket = TICKET.search(browser.get(url, timeout=30).text)
            assert ticket is not None
            form = {"ticket": ticket[1], "decision": self.decision}
            answer = browser.post(url.partition("?")[0], form, allow_redirects=False, timeout=30)
        return answer.headers["Location"]

    def browse(self, url: str) -> None:
        """Follows the address, like a browser that asks for an icon first."""
        address = self.decide(url)
        requests.get(address.partition("/callback")[0] + "/favicon.ico", timeout=30)
        self.pages.append(requests.get(address, timeout=30))

    def saw(self) -> requests.Response:
        """The page at the end."""
        assert self.thread is not None
        self.thread.join(30)
        (page,) = self.pages
        return page


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox that the configuration leads to, without any credentials."""
    with Sandbox(generate(seed=5, playlists=4, items=30)) as api:
        monkeypatch.setenv("SOURCES__SPOTIFY__API_URL", api.api_url)
        monkeypatch.setenv("SOURCES__SPOTIFY__ACCOUNTS_URL", api.accounts_url)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        yield api


@pytest.fixture
def at_browser(monkeypatch: pytest.MonkeyPatch) -> Callable[[Person], None]:
    """Lets a person sit at this machine's browser."""

    def sit(person: Person) -> None:
        class AtHand(webbrowser.BaseBrowser):
            """The browser that the system has."""

            def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: ARG002
                person.thread = Thread(target=person.browse, args=(url,))
                person.thread.start()
                return True

        monkeypatch.setattr(webbrowser, "get", AtHand)

    return sit


def pasted(api: Sandbox, change: Callable[[str], str], *arguments: str) -> tuple[Ended, str]:
    """How signing in without a browser ends for a person who agrees elsewhere, and the link that was printed.

    Args:
        api: where.
        change: what becomes of the address between the browser and the terminal.
        arguments: more options.
    """
    person, links = Person(), list[str]()

    def answer(_: str) -> str:
        assert isinstance(sys.stdout, StringIO)
        links.extend(re.findall(r"http\S+/authorize\S+", sys.stdout.getvalue()))
        return change(person.decide(links[-1]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.cli.login.click.prompt", answer)
        return playlake("login", "--no-browser", "--client-id", api.client_id, *arguments), links[-1]


@pytest.mark.long
def test_from_signing_in_to_the_first_sync(api: Sandbox, at_browser: Callable[[Person], None]) -> None:
    """One sign-in with the app's id alone, and every later sync reads that user's playlists, until signing out."""
    person = Person()
    at_browser(person)
    done = playlake("login", "--client-id", api.client_id, "--port", "0")
    assert done.code == 0, done.err
    assert "Signed in as " in done.out
    assert "Next: playlake sync\n" in done.out
    page = person.saw()
    assert (page.status_code, "Signed in" in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "no-store"
    (file,) = (path for path in profile_folder().iterdir() if path.suffix == ".json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert playlake("sync", "--quiet").code == 0
    names = playlake("query", "--format", "csv", "SELECT count(*) FROM playlists").out.split()
    assert names[1:] == ["4"]
    assert playlake("sync", "--quiet").code == 0
    token = Profiles(profile_folder()).get("default").refresh_token
    assert token
    assert token not in done.out + done.err
    assert playlake("logout").code == 0
    after = playlake("sync")
    assert (after.code, "playlake login" in after.err) == (3, True)
    again = playlake("logout")
    assert (again.code, "no profile 'default' to remove" in again.err) == (2, True)


def test_only_a_sign_in_for_writing_writes(api: Sandbox, at_browser: Callable[[Person], None]) -> None:
    """One profile is for reading: with it nothing is changed; the one of `login --write` makes the playlist."""
    for options in ((), ("--profile", "writing", "--write")):
        person = Person()
        at_browser(person)
        assert playlake("login", "--client-id", api.client_id, "--port", "0", *options).code == 0
        assert person.saw().status_code == 200
    assert playlake("sync", "--quiet").code == 0
    asked = len(api.requests)
    push = ("push", "SELECT item_uri FROM items WHERE item_type = 'track' LIMIT 2", "--new", "Two of mine", "--yes")
    refused = playlake(*push)
    assert (refused.code, "playlake login --write" in refused.err, refused.err.count("\n")) == (3, True, 1)
    assert [each.method for each in api.requests[asked:] if each.path.startswith("/v1/") and each.method != "GET"] == []
    done = playlake(*push, "--profile", "writing")
    assert (done.code, done.err) == (0, "")
    assert [len(each) for each in api.world.playlists.values() if each.name == "Two of mine"] == [2]


def test_who_does_not_agree_stays_signed_in_as_before(api: Sandbox, at_browser: Callable[[Person], None]) -> None:
    """Pressing Cancel ends with 3 and a page that says so, and the earlier sign-in still works."""
    willing = Person()
    at_browser(willing)
    assert playlake("login", "--client-id", api.client_id, "--port", "0").code == 0
    assert willing.saw().status_code == 200
    unwilling = Person("cancel")
    at_browser(unwilling)
    done = playlake("login", "--port", "0")
    assert (done.code, "you did not agree" in done.err) == (3, True)
    page = unwilling.saw()
    assert (page.status_code, "Not signed in" in page.text) == (400, True)
    assert playlake("sync", "--quiet").code == 0


@pytest.mark.long
def test_without_a_browser(api: Sandbox) -> None:
    """On a server the address is pasted; another profile is another account, which sync names."""
    done, link = pasted(api, str, "--profile", "work")
    assert done.code == 0, done.err
    assert parse_qs(urlsplit(link).query)["redirect_uri"] == ["http://127.0.0.1:8888/callback"]
    assert playlake("sync", "--quiet").code == 3
    assert playlake("sync", "--quiet", "--profile", "work").code == 0
    missing = playlake("sync", "--profile", "wrok")
    assert (missing.code, "did you mean work?" in missing.err) == (3, True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda address: address.replace("state=", "state=x"), "belongs to another sign-in"),
        (lambda address: re.sub(r"code=[^&]+", "code=guessed", address), "does not accept what was granted"),
        (lambda address: re.sub(r"code=[^&]+&?", "", address), "contains no code"),
        (lambda _: "", "belongs to another sign-in"),
        (lambda _: "http://[", "belongs to another sign-in"),
    ],
)
def test_a_wrong_address_does_not_sign_in(api: Sandbox, change: Callable[[str], str], words: str) -> None:
    """What was pasted wrongly, or forged, is refused with 3, and nothing is kept."""
    done, _ = pasted(api, change)
    assert (done.code, words in done.err) == (3, True), done.err
    assert Profiles(profile_folder()).names() == []


def test_a_token_that_is_replaced_during_a_sign_in_is_kept(api: Sandbox) -> None:
    """While the account is asked for its name the token may be replaced, as by a sync: the new one stays."""
    api.weather = Weather([Fault("token_expired", path="/v1/me", times=1)])
    done, _ = pasted(api, str)
    assert (done.code, api.weather.unmet) == (0, {}), done.err
    assert playlake("sync", "--quiet").code == 0
    assert "Signed in as" in playlake("status").out


def test_a_taken_port_is_named() -> None:
    """Where another program listens, the message says how to name another port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = playlake("login", "--client-id", "0" * 32, "--port", str(port))
    assert (done.code, f"Port {port} cannot be used" in done.err, "--port" in done.err) == (2, True, True)


@pytest.mark.parametrize("where", ["Spotify", "elsewhere"])
@pytest.mark.parametrize("app", ["abc", "http://127.0.0.1:8888/callback", "0" * 31, "0" * 33, "z" * 32, "é" * 32])
def test_an_invalid_client_id_is_refused_before_a_browser_opens(app: str, where: str) -> None:
    """Spotify would tell it in the browser alone, while playlake waits."""
    elsewhere = {"SOURCES__SPOTIFY__ACCOUNTS_URL": "http://127.0.0.1:9"} if where == "elsewhere" else {}
    done = playlake("login", "--client-id", app, environment=elsewhere)
    assert (done.code, done.out) == (2, "")
    assert f"{app!r} is not the id of an app" in done.err


def test_an_invalid_client_id_is_refused_before_a_request() -> None:
    """What the settings hold as an app's id is looked at before Spotify is asked."""
    held = {"CLIENT_ID": "abc", "CLIENT_SECRET": "x", "REFRESH_TOKEN": "x"}
    given = {f"SOURCES__SPOTIFY__CREDENTIALS__{name}": value for name, value in held.items()}
    done = playlake("sync", environment=given)
    assert (done.code, "'abc' is not the id of an app" in done.err) == (2, True), done.err


def test_the_sign_in_times_out() -> None:
    """The waiting ends, with 3."""
    with await_redirect(0, patience=0.0) as redirect, pytest.raises(SignInError, match="run playlake login again"):
        redirect.answer(str)


def test_invalid_redirects_are_ignored(capfd: pytest.CaptureFixture[str]) -> None:
    """Old tabs, other websites' requests and broken connections neither end a sign-in nor say anything."""
    consent = Consent("app", "https://accounts.example", "http://127.0.0.1/callback")
    with await_redirect(0, patience=60.0) as redirect:
        place = f"http://127.0.0.1:{redirect.port}/callback"

        def come() -> None:
            with socket.create_connection(("127.0.0.1", redirect.port)) as broken:
                broken.sendall(b"GET /callback")
                broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            queries = ("state=old&code=x", "error=access_denied", "", "state=" + "x" * 8000)
            for query in (*queries, f"state={consent.state}&code=CODE"):
                page = requests.get(f"{place}?{query}", timeout=30)
                statuses.append(page.status_code)

        statuses: list[int] = []
        coming = Thread(target=come)
        coming.start()
        assert redirect.answer(consent.code) == "CODE"
        coming.join(30)
    assert statuses == [400, 400, 400, 400, 200]
    assert capfd.readouterr() == ("", "")


def test_messages_are_escaped_in_the_page() -> None:
    """What the page shows of a message is text, whatever it holds."""

    def refuse(_: str) -> None:
        msg = "<script>alert(1)</script>"
        raise PlaylakeError(msg)

    with await_redirect(0, patience=30.0) as redirect:
        pages: list[str] = []
        asking = Thread(
            target=lambda: pages.append(requests.get(f"http://127.0.0.1:{redirect.port}/callback", timeout=30).text)
        )
        asking.start()
        with pytest.raises(PlaylakeError, match="script"):
            redirect.answer(refuse)
        asking.join(30)
    assert "<script>" not in pages[0]
    assert "&lt;script&gt;" in pages[0]


def test_without_a_client_id() -> None:
    """Without any app's id the message says where to get one."""
    done = playlake("login")
    assert (done.code, "register an app at https://developer.spotify.com/dashboard" in done.err) == (2, True)


def test_requested_scopes(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the account's resources, or those that are named; the e-mail address only where it is to be stored."""

    def scopes(*arguments: str) -> list[str]:
        done, link = pasted(api, str, "--port", "8888", *arguments)
        assert done.code == 0, done.err
        return parse_qs(urlsplit(link).query)["scope"][0].split()

    assert scopes() == list(scopes_of(selected(["account"])))
    document = (CHECKOUT / "docs" / "sign_in.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", document, re.MULTILINE) == [
        (scope, PURPOSES[scope]) for scope in scopes()
    ]
    assert scopes("--resources", "playlists") == list(SCOPES)
    assert scopes("--resources", "top_items, playlists") == [*SCOPES, "user-top-read"]
    monkeypatch.setenv("SOURCES__SPOTIFY__STORE_EMAIL", "true")
    assert "user-read-email" in scopes()
    wrong = playlake("login", "--client-id", api.client_id, "--resources", "top_item")
    assert (wrong.code, "did you mean top_items?" in wrong.err) == (2, True)
