"""The catalogue resources, an entry each.

https://developer.spotify.com/documentation/web-api/reference/get-an-artist and related pages.
"""

from collections.abc import Iterator

from sources.spotify.api import endpoints as of
from sources.spotify.models.answers import Item
from sources.spotify.models.catalogue import FullAlbum, FullArtist, FullAudiobook, FullShow
from sources.spotify.models.library import Audiobook
from sources.spotify.resources.album_tracks import album_tracks
from sources.spotify.resources.base import Context, Row
from sources.spotify.resources.catalogue.budget import Allowance
from sources.spotify.resources.catalogue.list_readers import Discographies, Episodes, RankedOfArtists
from sources.spotify.resources.catalogue.lists import Lists
from sources.spotify.resources.catalogue.lookup import LookupEndpoints
from sources.spotify.resources.catalogue.pages import completed
from sources.spotify.resources.catalogue.resource import CatalogueResource

PLAYBACK = frozenset({"user-read-playback-position"})
"""Without this scope, answers do not say how far the user has listened."""


def _track(_: Context, track: Item, _allowance: Allowance) -> Iterator[Row]:
    yield Row("tracks", track)


def _artist(_: Context, artist: FullArtist, _allowance: Allowance) -> Iterator[Row]:
    yield Row("artists", artist)


def _show(_: Context, show: FullShow, _allowance: Allowance) -> Iterator[Row]:
    yield Row("shows", show)


def _episode(_: Context, episode: Item, _allowance: Allowance) -> Iterator[Row]:
    yield Row("episodes", episode)


def _album(ctx: Context, album: FullAlbum, allowance: Allowance) -> Iterator[Row]:
    """The album, and what is on it."""
    if not completed(ctx, of.ALBUM_TRACKS, str(album.id), album.tracks, allowance):
        return
    yield Row("albums", album)
    yield from album_tracks(album)


def _audiobook(ctx: Context, book: FullAudiobook, allowance: Allowance) -> Iterator[Row]:
    """The audiobook, and its chapters."""
    if not completed(ctx, of.AUDIOBOOK_CHAPTERS, str(book.id), book.chapters, allowance):
        return
    yield Row("audiobooks", book)
    for chapter in (book.chapters.items if book.chapters is not None else None) or ():
        if chapter is not None:
            chapter.audiobook = Audiobook(id=book.id)
            yield Row("chapters", chapter)


CATALOGUE = (
    CatalogueResource("tracks", "track", LookupEndpoints(of.TRACK, of.TRACKS, "tracks"), _track, ("tracks",)),
    CatalogueResource(
        "albums",
        "album",
        LookupEndpoints(of.ALBUM, of.ALBUMS, "albums"),
        _album,
        ("albums", "tracks"),
        extra_endpoints=(of.ALBUM_TRACKS,),
    ),
    CatalogueResource(
        "artists",
        "artist",
        LookupEndpoints(of.ARTIST, of.ARTISTS, "artists"),
        _artist,
        ("artists",),
        lists=(
            Lists("artist_albums", "artist", of.ARTIST_ALBUMS, ("albums", "artist_albums"), Discographies()),
            Lists(
                "artist_top_tracks",
                "artist",
                of.ARTIST_TOP_TRACKS,
                ("tracks", "ranked_lists"),
                RankedOfArtists("artist_top_tracks", of.ARTIST_TOP_TRACKS, "tracks"),
                is_closed=True,
            ),
            Lists(
                "related_artists",
                "artist",
                of.RELATED_ARTISTS,
                ("artists", "ranked_lists"),
                RankedOfArtists("related_artists", of.RELATED_ARTISTS, "artists"),
                is_closed=True,
            ),
        ),
    ),
    CatalogueResource(
        "shows",
        "show",
        LookupEndpoints(of.SHOW, of.SHOWS, "shows"),
        _show,
        ("shows",),
        scopes=PLAYBACK,
        lists=(Lists("show_episodes", "show", of.SHOW_EPISODES, ("episodes",), Episodes(), only_saved=True),),
    ),
    CatalogueResource(
        "episodes",
        "episode",
        LookupEndpoints(of.EPISODE, of.EPISODES, "episodes"),
        _episode,
        ("episodes",),
        scopes=PLAYBACK,
    ),
    CatalogueResource(
        "audiobooks",
        "audiobook",
        LookupEndpoints(of.AUDIOBOOK, of.AUDIOBOOKS, "audiobooks"),
        _audiobook,
        ("audiobooks", "chapters"),
        extra_endpoints=(of.AUDIOBOOK_CHAPTERS,),
    ),
)
"""In this order, since each resource looks up what the ones before it mention."""
