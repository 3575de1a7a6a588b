"""The minimum cost of the work itself: requests one after the other, typed objects, rows, Arrow, DuckDB.

It writes the rows that a first sync writes of the same answers, and nothing that makes a sync one: no errors, retries
or checks, no increments, no threads, no record of what was done, no dlt.
"""

import os
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import msgspec
import pyarrow as pa
import requests

from schemas import TABLES
from schemas.catalogue.dates import released_on
from tests.benchmarks.loaders.floor_answers import Entry, Image, Item, List, Listed, Page, Person, Playlist, Work

T = TypeVar("T")
PAGE = 50
MANY = 10_000
"""Entries whose rows are held in memory."""

TYPES = {"additional_types": "track,episode"}
NOTHING = Item()
"""Stands for an item that is gone."""


def load(_place: Path, _url: str, work: Path) -> int:
    """Rows are written whenever there are many."""
    now, lake, items = datetime.now(UTC), _Lake(), 0
    with requests.Session() as session, duckdb.connect(str(work / "floor.duckdb")) as connection:
        for playlist in _playlists(api := _Api(session)):
            answer = api.get(f"playlists/{playlist.id}", Playlist, **TYPES)
            entries = _entries(api, answer)
            items += len(entries)
            lake.add(answer, entries, now)
            if len(lake.rows["playlist_additions"]) >= MANY:
                lake.write(connection)
        lake.write(connection)
    return items


class _Api:
    """Answers as typed objects."""

    def __init__(self, session: requests.Session) -> None:
        self._root = os.environ["SOURCES__SPOTIFY__API_URL"]
        self._session = session
        form = {"grant_type": "refresh_token", "refresh_token": "benchmark"}
        accounts = os.environ["SOURCES__SPOTIFY__ACCOUNTS_URL"]
        token = session.post(f"{accounts}/api/token", data=form, timeout=60).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        self._decoders: dict[type, msgspec.json.Decoder[Any]] = {}

    def get(self, path: str, type_: type[T], **params: Any) -> T:
        decoder = self._decoders.setdefault(type_, msgspec.json.Decoder(type_))
        body = self._session.get(f"{self._root}/{path}", params=params, timeout=60).content
        value: T = decoder.decode(body)
        return value


def _playlists(api: _Api) -> list[Listed]:
    found: list[Listed] = []
    while True:
        page = api.get("me/playlists", List, limit=PAGE, offset=len(found))
        found += page.items
        if page.next is None:
            return found


def _entries(api: _Api, playlist: Playlist) -> list[Entry]:
    page = playlist.tracks
    entries = list(page.items)
    while page.next is not None:
        page = api.get(f"playlists/{playlist.id}/tracks", Page, limit=PAGE, offset=len(entries), **TYPES)
        entries += page.items
    return entries


class _Lake:
    """Rows of each table, and what is there already."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[Any, ...]]] = {table.name: [] for table in TABLES}
        self.seen: set[str | None] = {None}

    def is_new(self, name: str | None) -> bool:
        """Whether an object is met for the first time; URIs and ids are all different."""
        if name in self.seen:
            return False
        self.seen.add(name)
        return True

    def add(self, playlist: Playlist, entries: list[Entry], now: datetime) -> None:
        rows, owner, followers = self.rows, playlist.owner, playlist.followers
        keys: list[int] = []
        for entry in entries:
            content = entry.track or NOTHING
            is_track = content.type == "track"
            text = f"{content.uri or ''}\n{entry.added_at}\n0"
            digest = blake2b(text.encode(), digest_size=8).digest()
            keys.append(int.from_bytes(digest, "big", signed=True))
            added_at = datetime.fromisoformat(entry.added_at) if entry.added_at else None
            user = entry.added_by
            thumbnail = entry.video_thumbnail.url if entry.video_thumbnail else None
            track_id, episode_id = (content.id, None) if is_track else (None, content.id)
            rows["playlist_additions"].append(
                (
                    *(playlist.id, keys[-1], added_at, user.id if user else None, content.uri, content.type),
                    *(track_id, episode_id, entry.is_local, entry.primary_color, thumbnail, now),
                )
            )
            if user and self.is_new(user.id):
                nothing = (None,) * 5
                link = user.external_urls.spotify
                rows["users"].append((user.id, user.display_name, user.uri, user.href, link, *nothing))
            if content.uri and self.is_new(content.uri):
                (self.track if is_track else self.episode)(content, now)
        rows["playlist_snapshots"].append((playlist.id, playlist.snapshot_id, now, keys, len(keys), []))
        link = playlist.external_urls.spotify
        rows["playlists"].append(
            (
                *(playlist.id, playlist.uri, playlist.name, playlist.description, owner.id if owner else None),
                *(playlist.public, playlist.collaborative, playlist.snapshot_id),
                *(followers.total if followers else None, len(entries), link, playlist.href, playlist.primary_color),
                *("readable", True, None, now, now, now),
            )
        )
        self.images("playlist_images", playlist.id, playlist.images)

    def track(self, track: Item, now: datetime) -> None:
        album, codes = track.album, track.external_ids
        self.rows["tracks"].append(
            (
                *(track.uri, track.id, track.name, album.id if album else None, album.name if album else None),
                *(track.disc_number, track.track_number, track.duration_ms, track.explicit, track.is_local),
                track.is_playable,
                *(codes.isrc, codes.ean, codes.upc),
                *(track.popularity, track.preview_url, track.linked_from.uri),
                track.restrictions.reason,
                _json(track.available_markets),
                *(track.href, track.external_urls.spotify),
                *(now if track.id and track.name else None, None),
            )
        )
        if track.popularity is not None:
            self.rows["popularity_history"].append(("track", track.id, now, track.popularity, None))
        self.artists("track_artists", track.uri, track.artists)
        if album and self.is_new(album.id):
            self.album(album)

    def album(self, album: Work) -> None:
        self.rows["albums"].append(
            (
                *(album.id, album.uri, album.name, album.album_type, album.total_tracks, album.release_date),
                *(album.release_date_precision, released_on(album)),
                album.restrictions.reason,
                _json(album.available_markets),
                *(album.href, album.external_urls.spotify),
                *(None, None, None, None, None, None),
            )
        )
        self.artists("album_artists", album.id, album.artists)
        self.images("album_images", album.id, album.images)

    def artists(self, table: str, owner: str | None, artists: list[Person]) -> None:
        rows = self.rows[table]
        for position, artist in enumerate(artists):
            rows.append((owner, position, artist.id, artist.name, None))
            if self.is_new(artist.id):
                self.artist(artist)

    def artist(self, artist: Person) -> None:
        link = artist.external_urls.spotify
        self.rows["artists"].append((artist.id, artist.uri, artist.name, artist.href, link, None, None, None))

    def images(self, table: str, owner: str | None, images: list[Image] | None) -> None:
        rows = self.rows[table]
        rows += [(owner, at, image.url, image.height, image.width, None) for at, image in enumerate(images or ())]

    def episode(self, episode: Item, now: datetime) -> None:
        show, resume = episode.show, episode.resume_point
        self.rows["episodes"].append(
            (
                *(episode.id, episode.uri, episode.name, show.id if show else None, episode.description),
                *(episode.html_description, episode.duration_ms, episode.explicit, episode.release_date),
                *(episode.release_date_precision, released_on(episode), episode.language, _json(episode.languages)),
                *(episode.is_playable, episode.is_externally_hosted, _json(episode.available_markets)),
                episode.audio_preview_url,
                *(resume.fully_played, resume.resume_position_ms),
                episode.restrictions.reason,
                *(episode.href, episode.external_urls.spotify),
                *(now if episode.id and episode.name else None, None),
            )
        )
        self.images("episode_images", episode.id, episode.images)
        if show and self.is_new(show.id):
            self.show(show)

    def show(self, show: Work) -> None:
        self.rows["shows"].append(
            (
                *(show.id, show.uri, show.name, show.publisher, show.description, show.html_description),
                *(show.explicit, _json(show.languages), show.media_type, show.total_episodes),
                *(show.is_externally_hosted, _json(show.available_markets), show.href),
                *(show.external_urls.spotify, None),
            )
        )
        self.images("show_images", show.id, show.images)

    def write(self, connection: duckdb.DuckDBPyConnection) -> None:
        for table in TABLES:
            if rows := self.rows[table.name]:
                columns = zip(*rows, strict=True)
                arrays = [pa.array(values, c.type) for values, c in zip(columns, table.columns, strict=True)]
                connection.register("batch", pa.Table.from_arrays(arrays, schema=table.arrow))
                connection.execute(f"CREATE TABLE IF NOT EXISTS {table.name} AS FROM batch LIMIT 0")
                connection.execute(f"INSERT INTO {table.name} FROM batch")
                connection.unregister("batch")
                rows.clear()


def _json(raw: msgspec.Raw) -> str | None:
    return bytes(raw).decode() if raw else None
