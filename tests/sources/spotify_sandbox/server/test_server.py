"""The sandbox behind a real socket."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import requests
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sources.spotify_sandbox import RequestRecord, Sandbox, World, WorldError, evolve, generate
from tests.sources.spotify_sandbox.asking import dice

ROOT = Path(__file__).parents[4]


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A client that keeps its connection."""
    with requests.Session() as opened:
        yield opened


def sign_in(session: requests.Session, api: Sandbox) -> None:
    """Give a client an access token."""
    answer = session.post(
        f"{api.accounts_url}/api/token",
        data={"grant_type": "refresh_token", "refresh_token": api.refresh_token},
        auth=(api.client_id, api.client_secret),
        timeout=10,
    )
    session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def pages(session: requests.Session, link: str | None) -> list[dict[str, object]]:
    """All entries behind a link."""
    entries: list[dict[str, object]] = []
    while link is not None:
        page = session.get(link, timeout=10).json()
        entries += page["items"]
        link = page["next"]
    return entries


def test_a_session(session: requests.Session) -> None:
    """A client signs in, follows links on the sandbox's own host, meets a new regime, and all of it is on record."""
    world = generate(1, 3, 300)
    playlist = max(world.playlists.values(), key=len)
    with Sandbox(world) as api:
        sign_in(session, api)
        assert len(pages(session, f"{api.api_url}/playlists/{playlist.id}/tracks?limit=100")) == len(playlist)
        api.regime = "development"
        refused = session.get(f"{api.api_url}/playlists/{playlist.id}/tracks?limit=100", timeout=10)
        assert refused.status_code == 403
        assert refused.headers["content-type"] == "application/json; charset=utf-8"
        path = f"/v1/playlists/{playlist.id}/tracks"
        assert api.requests[0] == RequestRecord("POST", "/api/token", {}, 200)
        assert api.requests[-1] == RequestRecord("GET", path, {"limit": "100"}, 403)
        api.requests.clear()
        assert api.requests == []
        assert api.world is world


def test_interception(session: requests.Session) -> None:
    """A test sees each request first, may answer in the sandbox's place, and may edit the world in between."""
    world = generate(1, 1, 0)
    playlist = world.create_playlist("Growing")
    uri = world.catalogue.uri(0)
    playlist.insert(0, [uri] * 150)
    seen: list[str] = []

    def intercept(request: Request) -> Response | None:
        seen.append(str(request.url.query))
        if "offset=100" in str(request.url.query):
            if len(playlist) == 150:
                playlist.insert(0, [uri])
                return JSONResponse({"error": {"status": 429}}, 429, {"Retry-After": "1"})
            playlist.remove([0])
        return None

    with Sandbox(world, intercept=intercept) as api:
        sign_in(session, api)
        link = f"{api.api_url}/playlists/{playlist.id}/tracks?offset=100"
        refused = session.get(link, timeout=10)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert session.get(link, timeout=10).json()["total"] == 150
        assert [record.status for record in api.requests] == [200, 429, 200]
        assert seen == ["", "offset=100", "offset=100"]


def test_edits_while_serving(session: requests.Session) -> None:
    """Every answer shows one state of the world, however busily another thread edits it."""
    world = generate(1, 6, 900)
    with Sandbox(world) as api:
        sign_in(session, api)
        editor = Thread(target=evolve, args=(world, dice(1), 400))
        editor.start()
        for _ in range(5):
            for playlist_id in list(world.playlists):
                answer = session.get(f"{api.api_url}/playlists/{playlist_id}", timeout=10)
                if answer.status_code == 200:
                    page = answer.json()["tracks"]
                    assert len(page["items"]) == min(100, page["total"])
                    assert (page["next"] is None) == (page["total"] <= 100)
        editor.join()


def test_a_taken_port() -> None:
    """A port that is in use is an error at once, not a server nobody reaches."""
    world = generate(1, 1, 0)
    with Sandbox(world) as api:
        port = int(api.accounts_url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"), Sandbox(world, port=port):
            pass


def test_unknown_regime() -> None:
    """A regime that does not exist is refused by name."""
    with pytest.raises(WorldError, match="no regime 'strict'"):
        Sandbox(World(generate(1, 1, 0).catalogue, generate(1, 1, 0).me), regime="strict")


def program(*arguments: str) -> list[str]:
    """The command line of the sandbox as a program."""
    return [sys.executable, "-m", "sources.spotify_sandbox", *arguments]


def test_the_program(session: requests.Session) -> None:
    """As a program it says its address and the variables to set as soon as it can be asked."""
    with subprocess.Popen(
        program("--playlists", "2", "--items", "30", "--regime", "transition"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            lines = [process.stdout.readline().strip() for _ in range(5)]
            names = dict(line.removeprefix("export ").split("=", 1) for line in lines)
            assert names["SOURCES__SPOTIFY__API_URL"] == f"{url}/v1"
            answer = session.post(
                f"{names['SOURCES__SPOTIFY__ACCOUNTS_URL']}/api/token",
                data={
                    "grant_type": "refresh_token",
                    "refresh_token": names["SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN"],
                    "client_id": names["SOURCES__SPOTIFY__CREDENTIALS__CLIENT_ID"],
                    "client_secret": names["SOURCES__SPOTIFY__CREDENTIALS__CLIENT_SECRET"],
                },
                timeout=10,
            ).json()
            headers = {"Authorization": f"Bearer {answer['access_token']}"}
            library = session.get(f"{url}/v1/me/playlists", headers=headers, timeout=10).json()
            assert library["total"] == 2
            assert {"tracks", "items"} < set(library["items"][0])
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--world", "nowhere"], "error: nowhere does not exist\n"),
        (["--day", "2020-01-01"], "error: --day needs a --world with daily observations\n"),
        (["--playlists", "1", "--items", "20000"], "error: 1 playlists cannot hold 20000 items: 11000 is the most"),
    ],
)
def test_what_the_program_cannot_serve(arguments: list[str], message: str) -> None:
    """A world that cannot be made is one line on stderr and status 2."""
    result = subprocess.run(program(*arguments), cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1
