"""An entry of a streaming history, extended or short, and the play that it describes.

The files come with a description (`ReadMeFirst_ExtendedStreamingHistory.pdf`); it is also at
https://support.spotify.com/article/understanding-my-data/. Addresses and user agents are not even decoded.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from sources.play_keys import named

Int = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MILLISECONDS_FROM = 100_000_000_000
"""A moment of such a number or more is in milliseconds; in seconds it would be thousands of years from now."""
LATEST = 4_102_444_800
"""The year 2100, in seconds; a later moment is none."""


class HistoryEntry(Struct, gc=False):
    """One play. The extended history has the fields down to `incognito_mode`, the short one those below."""

    ts: str | None = None
    username: str | None = None
    platform: str | None = None
    ms_played: Int | None = None
    conn_country: str | None = None
    master_metadata_track_name: str | None = None
    master_metadata_album_artist_name: str | None = None
    master_metadata_album_album_name: str | None = None
    spotify_track_uri: str | None = None
    episode_name: str | None = None
    episode_show_name: str | None = None
    spotify_episode_uri: str | None = None
    audiobook_title: str | None = None
    audiobook_uri: str | None = None
    audiobook_chapter_uri: str | None = None
    audiobook_chapter_title: str | None = None
    reason_start: str | None = None
    reason_end: str | None = None
    shuffle: bool | None = None
    skipped: bool | None = None
    offline: bool | None = None
    offline_timestamp: float | None = None
    incognito_mode: bool | None = None
    endTime: str | None = None  # noqa: N815 (Spotify's name)
    msPlayed: Int | None = None  # noqa: N815
    artistName: str | None = None  # noqa: N815
    trackName: str | None = None  # noqa: N815
    podcastName: str | None = None  # noqa: N815
    episodeName: str | None = None  # noqa: N815
    audiobookName: str | None = None  # noqa: N815
    chapterName: str | None = None  # noqa: N815

    @property
    def is_play(self) -> bool:
        """Whether it is an entry of a streaming history at all."""
        return (self.ts is not None and self.ms_played is not None) or self.endTime is not None


class Played(NamedTuple):
    """What was played, as far as an entry says it; `artist` is the show of an episode and the book of a chapter."""

    kind: str | None
    uri: str | None
    name: str | None
    artist: str | None
    album: str | None = None

    @property
    def identity(self) -> str:
        """The identity of the item: its URI, or else its names."""
        return self.uri or named(self.name, self.artist, self.album)


NOTHING = Played(None, None, None, None)


def played(entry: HistoryEntry) -> Played:
    """What was played; nothing is known of what Spotify has deleted."""
    e = entry
    if e.spotify_track_uri or e.master_metadata_track_name:
        artist, album = e.master_metadata_album_artist_name, e.master_metadata_album_album_name
        return Played("track", e.spotify_track_uri or None, e.master_metadata_track_name or None, artist, album)
    if e.audiobook_chapter_uri or e.audiobook_uri or e.audiobook_title:
        kind = "chapter" if e.audiobook_chapter_uri or e.audiobook_chapter_title else "audiobook"
        uri = e.audiobook_chapter_uri or e.audiobook_uri or None
        return Played(kind, uri, e.audiobook_chapter_title or None, e.audiobook_title or None)
    if e.spotify_episode_uri or e.episode_name:
        return Played("episode", e.spotify_episode_uri or None, e.episode_name or None, e.episode_show_name or None)
    return _played_short(e)


def _played_short(e: HistoryEntry) -> Played:
    if e.trackName:
        return Played("track", None, e.trackName, e.artistName or None)
    if e.episodeName or e.podcastName:
        return Played("episode", None, e.episodeName or None, e.podcastName or None)
    if e.chapterName or e.audiobookName:
        return Played("chapter", None, e.chapterName or None, e.audiobookName or None)
    return NOTHING


def moment(text: str) -> int:
    """A time as the files have it, in microseconds since 1970; it is UTC where it does not say so.

    Raises:
        ValueError: the text is not a valid time.
        OverflowError: the time is before the year 1 or after 9999.
    """
    time = datetime.fromisoformat(text)
    # In UTC it must still be within the years that there are.
    return ((time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)) - EPOCH) // MICROSECOND


def offline_moment(number: float | None) -> int | None:
    """When a device played something offline, in microseconds since 1970: sent in seconds, or in milliseconds, or 0."""
    if not number or number < 0:
        return None
    seconds = number / 1000 if number >= MILLISECONDS_FROM else number
    return round(seconds * 1_000_000) if seconds < LATEST else None
