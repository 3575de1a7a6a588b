"""The contents of playlist entries: a track, an episode, a local file, or a recorded answer's JSON."""

from dataclasses import dataclass
from typing import Literal

from sources.spotify_sandbox.world.markets import Markets

Kind = Literal["track", "episode", "local"]
AlbumType = Literal["album", "single", "compilation"]


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist inside a track or an album."""

    id: str
    name: str


VARIOUS = Artist("0LyfQWJT6nXafLPZqxe9Of", "Various Artists")
"""The artist of compilations; Spotify has the same id."""


@dataclass(frozen=True, slots=True)
class Album:
    """An album inside a track; ``cover`` is the part that the URLs of its three images share."""

    id: str
    name: str
    type: AlbumType
    artists: tuple[Artist, ...]
    release_date: str | None
    precision: str | None
    total_tracks: int
    cover: str | None
    markets: Markets


@dataclass(frozen=True, slots=True)
class Track:
    """A track; ``replacement`` is the id of the track that relinking plays where it is not sold."""

    id: str
    name: str
    album: Album
    artists: tuple[Artist, ...]
    disc_number: int
    track_number: int
    duration_ms: int
    explicit: bool
    isrc: str | None
    popularity: int
    markets: Markets
    preview_url: str | None = None
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """A podcast."""

    id: str
    name: str
    publisher: str
    description: str
    explicit: bool
    language: str
    total_episodes: int
    cover: str
    markets: Markets


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode of a podcast."""

    id: str
    name: str
    description: str
    duration_ms: int
    explicit: bool
    release_date: str
    cover: str
    show: Show


@dataclass(frozen=True, slots=True)
class Release:
    """An album in full, as it is requested by id; ``tracks`` are numbers, in order."""

    album: Album
    label: str
    upc: str | None
    popularity: int
    tracks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Performer:
    """An artist in full; ``picture`` is the part that the URLs of the three images share."""

    artist: Artist
    followers: int
    genres: tuple[str, ...]
    popularity: int
    picture: str | None


@dataclass(frozen=True, slots=True)
class Audiobook:
    """An audiobook. Its URI is that of a show."""

    id: str
    name: str
    authors: tuple[str, ...]
    narrators: tuple[str, ...]
    publisher: str
    description: str
    edition: str
    explicit: bool
    language: str
    release_date: str
    total_chapters: int
    cover: str
    markets: Markets


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of an audiobook, numbered from 0. Its URI is that of an episode."""

    id: str
    name: str
    chapter_number: int
    duration_ms: int
    audiobook: Audiobook


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file on somebody's disk: nothing but its tags, any of which may be empty."""

    artist: str
    album: str
    title: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Verbatim:
    """The content of a recorded entry, as JSON that still names the real host."""

    json: bytes


Content = Track | Episode | LocalFile | Verbatim
