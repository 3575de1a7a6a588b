"""A library of playlists as answers of the Web API, saved on disk once and then served from there.

The answers are those of the sandbox in the extended regime: every track and every album carries its list of about
180 market codes, which is most of the bytes. They are written below one folder by the path they are asked under:

    me/playlists/0.json              GET /me/playlists?offset=0
    playlists/<id>.json              GET /playlists/<id>, with the first 100 entries
    playlists/<id>/tracks/50.json    GET /playlists/<id>/tracks?limit=50&offset=50
    library.json                     written last: the folder is whole
"""

import shutil
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import requests

from sources.spotify_sandbox import Sandbox, generate

PAGE = 50
"""Entries and playlists in a page, as both readers ask for."""

EMBEDDED = 100
"""Entries that come with a playlist itself."""

ITEMS_OF_A_PLAYLIST = 5_000
"""On average; Spotify itself ends at about 11,000."""

SEED = 1
API = "https://api.spotify.com/v1"
"""The root in saved answers; the server puts its own in its place, so that links lead back to it."""

CREDENTIALS = {
    "SOURCES__SPOTIFY__CREDENTIALS__CLIENT_ID": "benchmark",
    "SOURCES__SPOTIFY__CREDENTIALS__CLIENT_SECRET": "benchmark",
    "SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": "benchmark",
}


class Library(msgspec.Struct):
    """What a folder of answers holds.

    Attributes:
        playlists: entries of each playlist by its id, in the order of `/me/playlists`.
        answer_bytes: size of the answers that a reader of pages needs: playlists and all pages after the first 100.
    """

    playlists: dict[str, int]
    answer_bytes: int

    @property
    def items(self) -> int:
        """Entries of all playlists."""
        return sum(self.playlists.values())


def saved(folder: Path, items: int) -> Path:
    """The folder with the library of so many items, which is made if it is not there."""
    place = folder / f"seed-{SEED}-items-{items}"
    if not (place / "library.json").is_file():
        shutil.rmtree(place, ignore_errors=True)
        _save(place, items)
    return place


def library(place: Path) -> Library:
    """What a saved folder holds."""
    return msgspec.json.decode((place / "library.json").read_bytes(), type=Library)


def answers(place: Path) -> list[tuple[Path, bool]]:
    """The answers that hold each entry exactly once, and whether each is a playlist (else a page)."""
    found: list[tuple[Path, bool]] = []
    for playlist_id, total in library(place).playlists.items():
        found.append((_playlist(place, playlist_id), True))
        found += [(_page(place, playlist_id, offset), False) for offset in range(EMBEDDED, total, PAGE)]
    return found


def serve(place: Path, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server of a saved folder, not yet running; port 0 takes a free one."""

    class Handler(_Handler):
        root = place

    return ThreadingHTTPServer((host, port), Handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers from the folder; anything that was not saved is a 404."""

    root: Path
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Headers and body in one write, else each answer waits for the delayed acknowledgement.
    wbufsize = -1

    def do_GET(self) -> None:
        """A saved answer, whatever page size is asked: both readers ask for 50."""
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        path = parts.path.removeprefix("/v1/")
        if path == "me/playlists" or path.endswith("/tracks"):
            path += f"/{query.get('offset', ['0'])[0]}"
        try:
            body = (self.root / f"{path}.json").read_bytes()
        except OSError:
            self._answer(404, b'{"error":{"status":404,"message":"Resource not found"}}')
            return
        if "fields" in query:
            body = msgspec.json.encode(msgspec.json.decode(body, type=_Snapshot))
        self._answer(200, body.replace(API.encode(), f"http://{self.headers['Host']}/v1".encode()))

    def do_POST(self) -> None:
        """The token endpoint: anybody gets a token."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(200, b'{"access_token":"benchmark","token_type":"Bearer","expires_in":36000}')

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Snapshot(msgspec.Struct):
    snapshot_id: str


@dataclass(slots=True)
class _Saver:
    """Asks a sandbox and writes what it answers."""

    place: Path
    url: str
    session: requests.Session

    def save(self, asked: str, path: Path) -> dict[str, Any]:
        response = self.session.get(f"{self.url}/{asked}", timeout=60)
        response.raise_for_status()
        body = response.content.replace(self.url.encode(), API.encode())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        answer: dict[str, Any] = msgspec.json.decode(body)
        return answer


def _save(place: Path, items: int) -> None:
    world = generate(SEED, playlists=-(-items // ITEMS_OF_A_PLAYLIST), items=items)
    with Sandbox(world, regime="extended") as api, requests.Session() as session:
        form = {"grant_type": "refresh_token", "refresh_token": api.refresh_token}
        token = session.post(
            f"{api.accounts_url}/api/token", data=form, auth=(api.client_id, api.client_secret), timeout=60
        ).json()
        session.headers["Authorization"] = f"Bearer {token['access_token']}"
        saver = _Saver(place, api.api_url, session)
        playlists: dict[str, int] = {}
        for offset in range(0, len(world.playlists), PAGE):
            listed = saver.save(f"me/playlists?limit={PAGE}&offset={offset}", place / f"me/playlists/{offset}.json")
            for playlist in listed["items"]:
                playlists[playlist["id"]] = _save_playlist(saver, playlist["id"])
    held = Library(playlists, 0)
    (place / "library.json").write_bytes(msgspec.json.encode(held))
    held.answer_bytes = sum(path.stat().st_size for path, _ in answers(place))
    (place / "library.json").write_bytes(msgspec.json.encode(held))


def _save_playlist(saver: _Saver, playlist_id: str) -> int:
    types = "additional_types=track,episode"
    playlist = saver.save(f"playlists/{playlist_id}?{types}", _playlist(saver.place, playlist_id))
    total: int = playlist["tracks"]["total"]
    # Offset 0 also where there is nothing: a reader that only knows pages asks for it.
    for offset in range(0, max(1, total), PAGE):
        asked = f"playlists/{playlist_id}/tracks?limit={PAGE}&offset={offset}&{types}"
        saver.save(asked, _page(saver.place, playlist_id, offset))
    return total


def _playlist(place: Path, playlist_id: str) -> Path:
    return place / "playlists" / f"{playlist_id}.json"


def _page(place: Path, playlist_id: str, offset: int) -> Path:
    return place / "playlists" / playlist_id / "tracks" / f"{offset}.json"
