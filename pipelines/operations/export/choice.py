"""Selects playlists by id, URI, link or name."""

from collections.abc import Sequence
from difflib import get_close_matches

from pipelines.operations.export.contents import Playlist
from pipelines.operations.export.words import named_briefly
from sources.errors import ConfigurationError
from sources.spotify.api.ids import playlist_id


def choose(known: Sequence[Playlist], named: Sequence[str]) -> list[Playlist]:
    """The playlists that are named, each once; if none is named, all in the library that have contents.

    Args:
        known: all playlists of the lake.
        named: ids, URIs, links or names; case is ignored if no playlist has exactly this name.

    Raises:
        ConfigurationError: no playlist or several playlists have a name, or a playlist has no contents at that time.
    """
    if not named:
        return [playlist for playlist in known if playlist.is_there and playlist.is_read]
    found = [_meant(known, text) for text in named]
    for playlist in found:
        _check(playlist)
    return list({playlist.playlist_id: playlist for playlist in found}.values())


def left_out(known: Sequence[Playlist]) -> list[Playlist]:
    """The playlists in the library whose contents the lake does not have."""
    return [playlist for playlist in known if playlist.is_there and playlist.is_listed and not playlist.is_read]


def _meant(known: Sequence[Playlist], text: str) -> Playlist:
    found = [playlist for playlist in known if playlist.playlist_id == _id(text)]
    found = found or [playlist for playlist in known if playlist.name == text]
    found = found or [playlist for playlist in known if playlist.name.strip().casefold() == text.strip().casefold()]
    # Playlists that left, or only occurred in a search, count only if no other has the same name.
    found = [one for one in found if one.is_there and one.is_read] or found
    if len(found) > 1:
        ids = named_briefly([playlist.playlist_id for playlist in found])
        msg = f"{len(found)} playlists are named {text!r}: use the id of one ({ids})."
        raise ConfigurationError(msg)
    if not found:
        near = get_close_matches(text, [playlist.name for playlist in known if playlist.is_there], n=1)
        hint = f"did you mean {near[0]!r}?" if near else "playlake status lists the playlists."
        msg = f"There is no playlist {text!r} in this lake: {hint}"
        raise ConfigurationError(msg)
    return found[0]


def _id(text: str) -> str | None:
    try:
        return playlist_id(text)
    except ConfigurationError:
        return None


def _check(playlist: Playlist) -> None:
    """Refuses a playlist without contents.

    Raises:
        ConfigurationError: it had left the library, or had not been read.
    """
    name = f"Playlist {playlist.name!r} ({playlist.playlist_id})"
    if not playlist.is_there:
        hint = f"; --as-of {playlist.last_there_at} exports its last contents" if playlist.last_there_at else ""
        msg = f"{name} had left the library{hint}."
        raise ConfigurationError(msg)
    if not playlist.is_read:
        msg = (
            f"{name} has no contents in this lake at that time: it had not been synced, or Spotify does not show its "
            "contents to this app."
        )
        raise ConfigurationError(msg)
