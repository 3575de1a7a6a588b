"""The albums, artists and shows that the tracks and episodes of an observed world name."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

from sources.spotify_sandbox.world.contents import (
    Album,
    Artist,
    Audiobook,
    Chapter,
    Episode,
    Performer,
    Release,
    Show,
    Track,
)
from sources.spotify_sandbox.world.search_index import SearchIndex
from sources.spotify_sandbox.world.works import AlbumGroup, by_group

Content = Track | Episode


class ObservedWorks:
    """Works of which only tracks and episodes were observed; all other values are empty or zero.

    It is put together when it is first asked for. There are no audiobooks.

    Args:
        numbers: Gives the numbers of all contents, in an order that lasts.
        content: Gives the content with a number; None for what can be in playlists only.
    """

    def __init__(self, numbers: Callable[[], Iterable[int]], content: Callable[[int], Content | None]) -> None:
        self._numbers = numbers
        self._content = content
        self.search = SearchIndex(self)

    @cached_property
    def _index(self) -> "_Index":
        contents = ((number, self._content(number)) for number in self._numbers())
        return _Index((number, content) for number, content in contents if content is not None)

    def track(self, number: int) -> Track:
        """The track with a number."""
        content = self._content(number)
        if not isinstance(content, Track):
            raise KeyError(number)
        return content

    def episode(self, number: int) -> Episode:
        """The episode with a number."""
        content = self._content(number)
        if not isinstance(content, Episode):
            raise KeyError(number)
        return content

    def release(self, album_id: str) -> Release | None:
        """The album with an id, as long as its tracks are observed."""
        album = self._index.albums.get(album_id)
        if album is None:
            return None
        tracks = tuple(self._index.album_tracks(album_id))
        counted = replace(album, total_tracks=max(album.total_tracks, len(tracks)))
        return Release(counted, label="", upc=None, popularity=0, tracks=tracks)

    def performer(self, artist_id: str) -> Performer | None:
        """The artist with an id."""
        artist = self._index.artists.get(artist_id)
        return None if artist is None else Performer(artist, 0, (), 0, None)

    def discography(self, artist_id: str) -> Sequence[tuple[AlbumGroup, Album]]:
        """The albums of an artist by group, in each the latest first."""
        index = self._index
        albums = (index.albums[album_id] for album_id in index.albums_of.get(artist_id, ()))
        return by_group([(_group(album, artist_id), album) for album in albums])

    def tracks_by(self, artist_id: str) -> Sequence[int]:
        """The numbers of the tracks on which an artist plays."""
        return self._index.tracks_of.get(artist_id, [])

    def related(self, artist_id: str) -> Sequence[Performer]:
        """The artists on the same albums."""
        index = self._index
        albums = (index.albums[album_id] for album_id in index.albums_of.get(artist_id, ()))
        tracks = (number for album in albums for number in index.album_tracks(album.id))
        others = {artist.id: artist for number in tracks for artist in self.track(number).artists}
        others.pop(artist_id, None)
        return [Performer(artist, 0, (), 0, None) for artist in islice(others.values(), 20)]

    def show(self, show_id: str) -> Show | None:
        """The podcast with an id."""
        return self._index.shows.get(show_id)

    def episodes(self, show: Show) -> Sequence[int]:
        """The numbers of a podcast's observed episodes, the latest first."""
        return self._index.episodes_of.get(show.id, [])

    def audiobook(self, audiobook_id: str) -> Audiobook | None:  # noqa: ARG002
        """None was observed."""
        return None

    def chapters(self, audiobook: Audiobook) -> Sequence[Chapter]:  # noqa: ARG002
        """None was observed."""
        return []

    def chapter(self, chapter_id: str) -> Chapter | None:  # noqa: ARG002
        """None was observed."""
        return None

    def every_track(self) -> Sequence[int]:
        """The numbers of all tracks."""
        return self._index.tracks

    def every_episode(self) -> Sequence[int]:
        """The numbers of all episodes."""
        return self._index.episodes

    def every_release(self) -> Iterator[Release]:
        """All albums."""
        return (release for release in map(self.release, self._index.albums) if release is not None)

    def every_performer(self) -> Iterator[Performer]:
        """All artists."""
        return (Performer(artist, 0, (), 0, None) for artist in self._index.artists.values())

    def every_show(self) -> Iterator[Show]:
        """All podcasts."""
        return iter(self._index.shows.values())

    def every_audiobook(self) -> Iterator[Audiobook]:
        """None was observed."""
        return iter(())


class _Index:
    """An index of tracks by album and artist."""

    def __init__(self, contents: Iterable[tuple[int, Content]]) -> None:
        self.tracks: list[int] = []
        self.episodes: list[int] = []
        self.albums: dict[str, Album] = {}
        self.artists: dict[str, Artist] = {}
        self.shows: dict[str, Show] = {}
        self.albums_of: dict[str, dict[str, None]] = defaultdict(dict)
        self.tracks_of: dict[str, list[int]] = defaultdict(list)
        self.episodes_of: dict[str, list[int]] = defaultdict(list)
        self._on_album: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        released: dict[int, str] = {}
        for number, content in contents:
            if isinstance(content, Track):
                self._add_track(number, content)
            else:
                released[number] = content.release_date
                self.episodes.append(number)
                self.shows.setdefault(content.show.id, content.show)
                self.episodes_of[content.show.id].append(number)
        for numbers in self.episodes_of.values():
            numbers.sort(key=released.__getitem__, reverse=True)

    def _add_track(self, number: int, track: Track) -> None:
        self.tracks.append(number)
        album = track.album
        if album.id:
            self.albums.setdefault(album.id, album)
            self._on_album[album.id].append((track.disc_number, track.track_number, number))
        for artist in (*album.artists, *track.artists):
            self.artists.setdefault(artist.id, artist)
            if album.id:
                self.albums_of[artist.id].setdefault(album.id)
        for artist in track.artists:
            self.tracks_of[artist.id].append(number)

    def album_tracks(self, album_id: str) -> list[int]:
        """The numbers of an album's observed tracks, in order."""
        return [number for _, _, number in sorted(self._on_album[album_id])]


def _group(album: Album, artist_id: str) -> AlbumGroup:
    return album.type if any(artist.id == artist_id for artist in album.artists) else "appears_on"
