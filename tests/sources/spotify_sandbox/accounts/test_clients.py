"""Registered clients: their redirect URIs, their regimes, and what shuts them out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sources.spotify_sandbox import Sandbox, WorldError, generate
from sources.spotify_sandbox.accounts.clients import OWNER_WITHOUT_PREMIUM, USER_NOT_REGISTERED
from tests.sources.spotify_sandbox.asking import Api

ROOT = Path(__file__).parents[4]


@pytest.fixture
def api() -> Api:
    """A sandbox with one playlist."""
    return Api(generate(1, 1, 10))


def signed_in(api: Api, client_id: str, *, user: bool = True) -> None:
    """Let requests come from another client, for its user or for itself."""
    tokens = api.service.tokens
    issued = tokens.refresh(tokens.authorise(client_id=client_id), client_id) if user else tokens.application(client_id)
    api.authorization = f"Bearer {issued.access_token}"


def test_registration(api: Api) -> None:
    """Each client has an id and a secret of its own, the same in every run, and no insecure redirect URI."""
    clients = api.service.clients
    first, second = clients.register("App", ["https://example.com/cb"]), clients.register("App")
    again = Api(generate(1, 1, 10)).service.clients.register("App", ["https://example.com/cb"])
    assert (again.client_id, again.client_secret) == (first.client_id, first.client_secret)
    assert len({value for client in clients.values() for value in (client.client_id, client.client_secret)}) == 6
    assert second.redirect_uris == ()
    with pytest.raises(WorldError, match=r"'http://localhost/cb': use https, or http with 127\.0\.0\.1"):
        clients.register("App", ["https://example.com/cb", "http://localhost/cb"])
    with pytest.raises(WorldError, match="no regime 'strict'"):
        clients.register("App", regime="strict")
    assert len(clients) == 3


def test_a_regime_of_its_own(api: Api) -> None:
    """Clients of several regimes read one world at once; each may change while running, or follow the default."""
    clients, playlist = api.service.clients, api.service.world.listing[0]
    development, transition, default = (
        clients.register("App", regime=name) for name in ("development", "transition", None)
    )

    def names(client_id: str) -> set[str]:
        signed_in(api, client_id)
        return {"tracks", "items"}.intersection(api.get(f"/playlists/{playlist}").json)

    assert names(development.client_id) == {"items"}
    assert names(transition.client_id) == {"tracks", "items"}
    assert names(default.client_id) == {"tracks"}
    development.regime = "extended"
    assert names(development.client_id) == {"tracks"}
    development.regime = None
    api.service.api_mode = "development"
    assert names(development.client_id) == names(default.client_id) == {"items"}
    assert names(transition.client_id) == {"tracks", "items"}
    with pytest.raises(WorldError, match="no regime 'strict'"):
        default.regime = "strict"


def test_an_owner_without_premium(api: Api) -> None:
    """Every call of the app is refused in plain text, and no call of another app."""
    client = api.service.clients.register("App")
    client.owner_has_premium = False
    for user in (True, False):
        signed_in(api, client.client_id, user=user)
        answer = api.get("/me")
        assert (answer.status, answer.body.decode()) == (403, OWNER_WITHOUT_PREMIUM)
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["access-control-allow-origin"] == "*"
    assert len(OWNER_WITHOUT_PREMIUM) == 159
    signed_in(api, next(iter(api.service.clients)))
    assert api.get("/me").status == 200
    client.owner_has_premium = True
    signed_in(api, client.client_id)
    assert api.get("/me").status == 200


def test_a_user_who_is_not_on_the_list(api: Api) -> None:
    """The user can sign in, but every call is refused in plain text until the user is listed."""
    client = api.service.clients.register("App", users=["somebody"])
    signed_in(api, client.client_id)
    answer = api.get("/me")
    assert (answer.status, answer.body.decode()) == (403, USER_NOT_REGISTERED)
    signed_in(api, client.client_id, user=False)
    assert api.get(f"/playlists/{api.service.world.listing[0]}").status == 200
    client.users = [api.service.world.me.id]
    signed_in(api, client.client_id)
    assert api.get("/me").status == 200


def test_from_python() -> None:
    """A started sandbox registers clients, signs users in to them, and takes it back."""
    with Sandbox(generate(1, 1, 10)) as api:
        client = api.register("App", ["https://example.com/cb"], regime="development", users=[api.world.me.id])
        assert set(api.clients) == {api.client_id, client.client_id}
        assert api.clients[client.client_id].refusal(api.world.me.id) is None
        form = {
            "grant_type": "refresh_token",
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "refresh_token": api.authorise("user-read-private", client.client_id),
        }
        with requests.Session() as session:
            tokens = session.post(f"{api.accounts_url}/api/token", form, timeout=10).json()
            assert tokens["scope"] == "user-read-private"
            headers = {"Authorization": f"Bearer {tokens['access_token']}"}
            assert "country" not in session.get(f"{api.api_url}/me", headers=headers, timeout=10).json()
            client.regime = None
            assert "country" in session.get(f"{api.api_url}/me", headers=headers, timeout=10).json()
            api.revoke(client.client_id)
            assert session.post(f"{api.accounts_url}/api/token", form, timeout=10).status_code == 400


def test_as_a_program() -> None:
    """The program registers apps and redirect URIs, and prints ids and secrets as comments for a shell."""
    command = [sys.executable, "-m", "sources.spotify_sandbox", "--playlists", "1", "--items", "1", "--client"]
    with subprocess.Popen(
        [*command, "development", "--redirect-uri", "https://example.com/cb"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            told = next((line for line in process.stdout if line.startswith("# Development app")), "")
        finally:
            process.terminate()
    assert re.fullmatch(r"# Development app: client id (\w{32}), secret \w{32}\n", told)
    refused = [*command[:-1], "--redirect-uri", "http://localhost/cb"]
    done = subprocess.run(refused, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: redirect URI 'http://localhost/cb': use https")
