"""A library of playlists as answers of the Web API, saved on disk once and then served from there.

The answers are those of the sandbox in the extended regime: every track and every album carries its list of about
180 market codes, which is most of the bytes. They are written below one folder by the path they are asked under:

    me/playlists/0.json              GET /me/playlists?offset=0
    playlists/<id>.json              GET /playlists/<id>, with the first 100 entries
    playlists/<id>/tracks/50.json    GET /playlists/<id>/tracks?limit=50&offset=50
    library.json                     written last: the folder is whole

One playlist is dirty: it has every kind of entry that makes readers lose some. What a client asks for and no file has
(albums one by
one, the paths of 2026) is asked of the sandbox itself, with the same world.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import requests

from sources.spotify_sandbox import Playlist, Sandbox, World, generate

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


COUNTS = "/counts"
"""Path under which the server says what it was asked for, and begins to count again."""


class Counts(msgspec.Struct):
    """What a server was asked for: requests, those for tokens left out, and bytes of its answers' bodies."""

    requests: int = 0
    bytes: int = 0


class Library(msgspec.Struct):
    """What a folder of answers holds.

    Attributes:
        asked: so many entries were asked for when it was made.
        playlists: entries of each playlist by its id, in the order of `/me/playlists`.
        answer_bytes: size of the answers that a reader of pages needs: playlists and all pages after the first 100.
        dirty: the id of the dirty playlist.
        dirty_entries: its entries in order: what each is, and its URI.
    """

    asked: int
    playlists: dict[str, int]
    answer_bytes: int
    dirty: str
    dirty_entries: list[tuple[str, str | None]]

    @property
    def items(self) -> int:
        """Entries of all playlists."""
        return sum(self.playlists.values())

    @property
    def least_requests(self) -> int:
        """The fewest requests for all of it: the list, each playlist, and the pages of those longer than the first."""
        further = sum(-(-max(0, items - EMBEDDED) // PAGE) for items in self.playlists.values())
        return -(-len(self.playlists) // PAGE) + len(self.playlists) + further

    def kept(self, uris: Iterator[str | None]) -> dict[str, int]:
        """How many entries of the dirty playlist are among some URIs, by what they are."""
        found = Counter(uris)
        return {
            kind: sum(
                min(count, found[uri]) for uri, count in Counter(u for k, u in self.dirty_entries if k == kind).items()
            )
            for kind in dict.fromkeys(kind for kind, _ in self.dirty_entries)
        }


def saved(folder: Path, items: int) -> Path:
    """The folder with the library of so many items, which is made if it is not there."""
    place = folder / f"seed-{SEED}-dirty-items-{items}"
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


class PagesServer(ThreadingHTTPServer):
    """A server of a saved folder, not yet running; port 0 takes a free one."""

    def __init__(self, place: Path, port: int, host: str = "127.0.0.1") -> None:
        super().__init__((host, port), _Handler)
        self.place, self.counts, self.lock = place, Counts(), Lock()
        self._stack = ExitStack()

    @cached_property
    def sandbox(self) -> "_Saver":
        """The sandbox itself, made when it is asked for the first time."""
        with self.lock:
            api = self._stack.enter_context(Sandbox(_world(library(self.place).asked)[0], regime="extended"))
            return _Saver(self.place, api.api_url, _signed_in(api))

    def server_close(self) -> None:
        """Ends the sandbox, too."""
        self._stack.close()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers from the folder; anything that was not saved is a 404."""

    server: PagesServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Headers and body in one write, else each answer waits for the delayed acknowledgement.
    wbufsize = -1

    def do_GET(self) -> None:
        """A saved answer, whatever page size is asked: all readers ask for 50; or the sandbox's."""
        if self.path == COUNTS:
            counts, self.server.counts = self.server.counts, Counts()
            self._send(200, msgspec.json.encode(counts))
            return
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        path = parts.path.removeprefix("/v1/")
        if path == "me/playlists" or path.endswith("/tracks"):
            path += f"/{query.get('offset', ['0'])[0]}"
        try:
            status, body = 200, (self.server.place / f"{path}.json").read_bytes()
        except OSError:
            status, body = self.server.sandbox.answer(self.path.removeprefix("/v1/"))
        if "fields" in query and status == 200:
            body = msgspec.json.encode(msgspec.json.decode(body, type=_Snapshot))
        self._answer(status, body.replace(API.encode(), f"http://{self.headers['Host']}/v1".encode()))

    def do_POST(self) -> None:
        """The token endpoint: anybody gets a token."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._send(200, b'{"access_token":"benchmark","token_type":"Bearer","expires_in":36000}')

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""

    def _answer(self, status: int, body: bytes) -> None:
        with self.server.lock:
            self.server.counts.requests += 1
            self.server.counts.bytes += len(body)
        self._send(status, body)

    def _send(self, status: int, body: bytes) -> None:
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

    def answer(self, asked: str) -> tuple[int, bytes]:
        """The status and the body of what is not saved."""
        response = self.session.get(f"{self.url}/{asked}", timeout=60)
        return response.status_code, response.content.replace(self.url.encode(), API.encode())


def _world(items: int) -> tuple[World, Playlist, list[tuple[str, str | None]]]:
    """A world of so many entries, its dirty playlist, and what is on that one."""
    world = generate(SEED, playlists=-(-items // ITEMS_OF_A_PLAYLIST), items=items)
    dirty = world.create_playlist("Dirty", playlist_id="0dirty0dirty0dirty0dir")
    uris = [world.catalogue.uri(number) for number in range(_contents(items))]
    tracks = [uri for uri in uris if uri and uri.startswith("spotify:track:")]
    entries: list[tuple[str, str | None]] = [("track", uri) for uri in tracks[:60]]
    entries += [("local file", uri) for uri in uris if uri and uri.startswith("spotify:local:")][:4]
    entries += [("episode", uri) for uri in uris if uri and uri.startswith("spotify:episode:")][:6]
    entries += [("null", None)] * 3
    entries += [("duplicate", tracks[60])] * 7
    for day, (_, uri) in enumerate(entries):
        # Copies of the same second, too, as when they were added together.
        dirty.insert(day, [uri], added_at=f"2026-03-{1 + day // 10:02}T12:00:00Z")
    return world, dirty, entries


def _contents(items: int) -> int:
    """How many tracks, episodes and local files such a world knows: see `generate`."""
    return max(40, items * 6 // 10) + max(6, items // 200) + max(8, items // 300)


def _signed_in(api: Sandbox) -> requests.Session:
    session = requests.Session()
    form = {"grant_type": "refresh_token", "refresh_token": api.refresh_token}
    auth = (api.client_id, api.client_secret)
    token = session.post(f"{api.accounts_url}/api/token", data=form, auth=auth, timeout=60).json()
    session.headers["Authorization"] = f"Bearer {token['access_token']}"
    return session


def _save(place: Path, items: int) -> None:
    world, dirty, entries = _world(items)
    with Sandbox(world, regime="extended") as api, _signed_in(api) as session:
        saver = _Saver(place, api.api_url, session)
        playlists: dict[str, int] = {}
        for offset in range(0, len(world.playlists), PAGE):
            listed = saver.save(f"me/playlists?limit={PAGE}&offset={offset}", place / f"me/playlists/{offset}.json")
            for playlist in listed["items"]:
                playlists[playlist["id"]] = _save_playlist(saver, playlist["id"])
    held = Library(items, playlists, 0, dirty.id, entries)
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
