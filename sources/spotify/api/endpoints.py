"""The endpoints that are read: one entry each.

Limits are those of https://developer.spotify.com/documentation/web-api/reference/get-playlists-items and the
neighbouring pages; a page may still be shorter than asked.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sources.spotify.models.answers import EntriesPage, Item, User
from sources.spotify.models.audio import AudioAnalysis, AudioFeatures, SeveralAudioFeatures
from sources.spotify.models.catalogue import (
    ChaptersPage,
    DiscographyPage,
    EpisodesPage,
    FullAlbum,
    FullArtist,
    FullAudiobook,
    FullShow,
    SeveralAlbums,
    SeveralArtists,
    SeveralAudiobooks,
    SeveralEpisodes,
    SeveralShows,
    SeveralTracks,
    TracksPage,
)
from sources.spotify.models.library import AudiobooksPage
from sources.spotify.models.lists import (
    BrowsedPlaylists,
    Categories,
    GenreSeeds,
    Markets,
    NewReleases,
    Recommendations,
    SearchResults,
)
from sources.spotify.models.personal import Following, TopArtistsPage, TopTracksPage
from sources.spotify.models.player import Devices, PlayerState, Queue
from sources.spotify.models.playlists import Playlist, PlaylistsPage
from sources.spotify.models.plays import PlaysPage
from sources.spotify.models.saved import SavedPage

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[T]):
    """One endpoint.

    Attributes:
        path: below the API's root; `{id}` stands for the id of the object.
        answer: the type to which its JSON is decoded.
        limit: the page size that is requested, if it has pages.
        takes_market: whether it has the parameter `market`.
        method: the HTTP method.
        idempotent: whether a request may be repeated if it is not known whether it was executed.
        scopes: of which the user's consent must cover one; none where any token will do, or where some of the
            answer is left out without them.
        may_be_empty: whether 204 without a body is valid and means that there is nothing.
    """

    path: str
    answer: type[T]
    limit: int | None = None
    takes_market: bool = True
    method: str = "GET"
    idempotent: bool = True
    scopes: tuple[str, ...] = ()
    may_be_empty: bool = False


ME = Endpoint("/me", User, takes_market=False)
ME_PLAYLISTS = Endpoint("/me/playlists", PlaylistsPage, limit=50, takes_market=False)
USER = Endpoint("/users/{id}", User, takes_market=False)
USER_PLAYLISTS = Endpoint("/users/{id}/playlists", PlaylistsPage, limit=50, takes_market=False)
PLAYLIST = Endpoint("/playlists/{id}", Playlist)
PLAYLIST_ITEMS = Endpoint("/playlists/{id}/items", EntriesPage, limit=50)
PLAYLIST_TRACKS = Endpoint("/playlists/{id}/tracks", EntriesPage, limit=50)
# More than 10 a page are refused to apps in development mode.
SEARCH = Endpoint("/search", SearchResults, limit=10)
NEW_RELEASES = Endpoint("/browse/new-releases", NewReleases, limit=50, takes_market=False)
FEATURED_PLAYLISTS = Endpoint("/browse/featured-playlists", BrowsedPlaylists, limit=50, takes_market=False)
CATEGORIES = Endpoint("/browse/categories", Categories, limit=50, takes_market=False)
CATEGORY_PLAYLISTS = Endpoint("/browse/categories/{id}/playlists", BrowsedPlaylists, limit=50, takes_market=False)
RECOMMENDATIONS = Endpoint("/recommendations", Recommendations, limit=100)
GENRE_SEEDS = Endpoint("/recommendations/available-genre-seeds", GenreSeeds, takes_market=False)
MARKETS = Endpoint("/markets", Markets, takes_market=False)
LIBRARY = ("user-library-read",)
SAVED_TRACKS = Endpoint("/me/tracks", SavedPage, limit=50, scopes=LIBRARY)
SAVED_ALBUMS = Endpoint("/me/albums", SavedPage, limit=50, scopes=LIBRARY)
SAVED_EPISODES = Endpoint("/me/episodes", SavedPage, limit=50, scopes=LIBRARY)
SAVED_SHOWS = Endpoint("/me/shows", SavedPage, limit=50, takes_market=False, scopes=LIBRARY)
SAVED_AUDIOBOOKS = Endpoint("/me/audiobooks", AudiobooksPage, limit=50, takes_market=False, scopes=LIBRARY)
FOLLOWED_ARTISTS = Endpoint("/me/following", Following, limit=50, takes_market=False, scopes=("user-follow-read",))
TOP = ("user-top-read",)
TOP_ARTISTS = Endpoint("/me/top/artists", TopArtistsPage, limit=50, takes_market=False, scopes=TOP)
TOP_TRACKS = Endpoint("/me/top/tracks", TopTracksPage, limit=50, takes_market=False, scopes=TOP)
RECENTLY_PLAYED = Endpoint(
    "/me/player/recently-played", PlaysPage, limit=50, takes_market=False, scopes=("user-read-recently-played",)
)
STATE, PLAYING = "user-read-playback-state", "user-read-currently-playing"
PLAYER = Endpoint("/me/player", PlayerState, scopes=(STATE,), may_be_empty=True)
CURRENTLY_PLAYING = Endpoint("/me/player/currently-playing", PlayerState, scopes=(PLAYING,), may_be_empty=True)
DEVICES = Endpoint("/me/player/devices", Devices, takes_market=False, scopes=(STATE,), may_be_empty=True)
QUEUE = Endpoint("/me/player/queue", Queue, takes_market=False, scopes=(PLAYING, STATE), may_be_empty=True)

TRACK = Endpoint("/tracks/{id}", Item)
TRACKS = Endpoint("/tracks", SeveralTracks, limit=50)
ALBUM = Endpoint("/albums/{id}", FullAlbum)
ALBUMS = Endpoint("/albums", SeveralAlbums, limit=20)
ALBUM_TRACKS = Endpoint("/albums/{id}/tracks", TracksPage, limit=50)
ARTIST = Endpoint("/artists/{id}", FullArtist, takes_market=False)
ARTISTS = Endpoint("/artists", SeveralArtists, limit=50, takes_market=False)
ARTIST_ALBUMS = Endpoint("/artists/{id}/albums", DiscographyPage, limit=50)
ARTIST_TOP_TRACKS = Endpoint("/artists/{id}/top-tracks", SeveralTracks)
RELATED_ARTISTS = Endpoint("/artists/{id}/related-artists", SeveralArtists, takes_market=False)
SHOW = Endpoint("/shows/{id}", FullShow)
SHOWS = Endpoint("/shows", SeveralShows, limit=50)
SHOW_EPISODES = Endpoint("/shows/{id}/episodes", EpisodesPage, limit=50)
EPISODE = Endpoint("/episodes/{id}", Item)
EPISODES = Endpoint("/episodes", SeveralEpisodes, limit=50)
AUDIOBOOK = Endpoint("/audiobooks/{id}", FullAudiobook)
AUDIOBOOKS = Endpoint("/audiobooks", SeveralAudiobooks, limit=50)
AUDIOBOOK_CHAPTERS = Endpoint("/audiobooks/{id}/chapters", ChaptersPage, limit=50)
AUDIO_FEATURES = Endpoint("/audio-features/{id}", AudioFeatures, takes_market=False)
SEVERAL_AUDIO_FEATURES = Endpoint("/audio-features", SeveralAudioFeatures, limit=100, takes_market=False)
AUDIO_ANALYSIS = Endpoint("/audio-analysis/{id}", AudioAnalysis, takes_market=False)

ENDPOINTS: tuple[Endpoint[Any], ...] = tuple(value for value in list(globals().values()) if isinstance(value, Endpoint))
"""All endpoints of this module."""
