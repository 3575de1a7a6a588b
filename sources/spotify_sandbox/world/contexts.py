"""What can be played as a whole: playlists, albums, artists, podcasts, and the tracks that a user likes."""

from collections.abc import Sequence
from urllib.parse import unquote

from sources.spotify_sandbox.world.contents import Track
from sources.spotify_sandbox.world.entries import NOTHING
from sources.spotify_sandbox.world.world import World

_TOP = 10


def tracks_of(world: World, user_id: str, uri: str) -> Sequence[int] | None:
    """The numbers of the contents of a context, in the order in which they play; None if there is no such context."""
    kind, _, item_id = uri.removeprefix("spotify:").partition(":")
    works = world.catalogue.works
    if kind == "playlist":
        playlist = world.playlists.get(item_id)
        return None if playlist is None else [number for number in playlist.rows.contents if number != NOTHING]
    if kind == "album":
        release = works.release(item_id)
        return None if release is None else release.tracks
    if kind == "artist":
        return None if works.performer(item_id) is None else most_popular(world, works.tracks_by(item_id))[:_TOP]
    if kind == "show":
        show = works.show(item_id)
        return None if show is None else works.episodes(show)
    if kind == "user" and unquote(item_id) == f"{user_id}:collection":
        found = (world.catalogue.find(f"spotify:track:{saved}") for saved, _ in _liked(world, user_id))
        return [number for number in found if number is not None]
    return None


def _liked(world: World, user_id: str) -> list[tuple[str, int]]:
    return world.personal(user_id).library.listed("track")


def most_popular(world: World, numbers: Sequence[int]) -> list[int]:
    """Some tracks, the most popular first."""
    return sorted(numbers, key=lambda number: -_popularity(world, number))


def _popularity(world: World, number: int) -> int:
    content = world.content(number)
    return content.popularity if isinstance(content, Track) else 0
