"""The tracks that come with an album: with names, but without ISRC and popularity."""

from collections.abc import Iterator

from sources.spotify.models.answers import Album
from sources.spotify.models.catalogue import FullAlbum
from sources.spotify.resources.base import Row


def album_tracks(album: FullAlbum) -> Iterator[Row]:
    """The rows of an album's tracks, if the response has all of them."""
    for track in album.listed or ():
        if track is not None:
            track.album = Album(id=album.id, name=album.name)
            yield Row("tracks", track)
