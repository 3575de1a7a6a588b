"""What an entry of a playlist can hold: a track, an episode, a local file, or a recorded answer's JSON."""

from dataclasses import dataclass
from typing import Literal

from sources.spotify_sandbox.markets import Markets

Kind = Literal["track", "episode", "local"]


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist as tracks and albums carry it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Album:
    """An album as tracks carry it; ``cover`` is the part that the URLs of its three images share."""

    id: str
    name: str
    type: str
    artists: tuple[Artist, ...]
    release_date: str | None
    precision: str | None
    total_tracks: int
    cover: str | None
    markets: Markets


@dataclass(frozen=True, slots=True)
class Track:
    """A track; ``replacement`` is the id that relinking puts in its place where it is not sold."""

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
