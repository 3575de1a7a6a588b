"""The resource `saved_items`: what a user has liked or saved.

https://developer.spotify.com/documentation/web-api/reference/get-users-saved-tracks and related pages.
"""

from sources.spotify.api.endpoints import (
    SAVED_ALBUMS,
    SAVED_AUDIOBOOKS,
    SAVED_EPISODES,
    SAVED_SHOWS,
    SAVED_TRACKS,
)
from sources.spotify.models.library import Audiobook
from sources.spotify.models.saved import SavedEntry
from sources.spotify.resources.album_tracks import album_tracks
from sources.spotify.resources.collection import Collection, Collections
from sources.spotify.resources.collection_reading import Saved
from sources.spotify.resources.newest_first_pages import NewestFirstPages


def _track(entry: SavedEntry) -> Saved | None:
    return Saved(entry.added_at, entry.track) if entry.track is not None else None


def _album(entry: SavedEntry) -> Saved | None:
    return Saved(entry.added_at, entry.album) if entry.album is not None else None


def _episode(entry: SavedEntry) -> Saved | None:
    return Saved(entry.added_at, entry.episode) if entry.episode is not None else None


def _show(entry: SavedEntry) -> Saved | None:
    return Saved(entry.added_at, entry.show) if entry.show is not None else None


def _audiobook(book: Audiobook) -> Saved | None:
    return Saved(None, book)


SAVED_ITEMS = Collections(
    "saved_items",
    frozenset({"user-library-read", "user-read-playback-position"}),
    (
        # Before tracks, whose albums are in short form: the first row in a load counts.
        Collection("albums", "album", NewestFirstPages(SAVED_ALBUMS, _album), "albums", album_tracks, ("tracks",)),
        Collection("tracks", "track", NewestFirstPages(SAVED_TRACKS, _track), "tracks"),
        Collection("episodes", "episode", NewestFirstPages(SAVED_EPISODES, _episode), "episodes"),
        Collection("shows", "show", NewestFirstPages(SAVED_SHOWS, _show), "shows"),
        Collection("audiobooks", "audiobook", NewestFirstPages(SAVED_AUDIOBOOKS, _audiobook), "audiobooks"),
    ),
)
