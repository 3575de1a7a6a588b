"""Decides the access to a playlist when its contents are withheld or it answers 404; pure functions."""

from collections.abc import Sequence

from sources.spotify.resources.playlists.state import KnownPlaylist
from sources.spotify.resources.playlists.which_to_read import Task


def withheld_access(task: Task, user_id: str | None) -> str | None:
    """The value of `access` where this user sees no contents; null, and so unchanged, if another user does."""
    return None if task.known.is_readable_for_another(user_id) else "metadata_only"


def is_missed(task: Task, user_id: str | None) -> bool:
    """Whether it matters that contents are withheld: they were asked for by id, or were read before.

    That an app may not read all that its user follows is normal.
    """
    return task.listed is None or task.known.was_read_by(user_id)


def is_gone_for_all(known: KnownPlaylist, *, is_only_user: bool) -> bool:
    """Whether 404 says that a playlist is in nobody's list any more, and not only hidden from who asks.

    Private ones are hidden from all but their owner, and Spotify's own from apps that never could read them.
    """
    if known.access == "metadata_only":
        return False
    return known.public is not False or is_only_user


def may_lack(scopes: Sequence[str], known: KnownPlaylist) -> bool:
    """Whether a playlist may be missing from a list because the user's consent lacks scopes."""
    return ("playlist-read-private" in scopes and known.public is not True) or (
        "playlist-read-collaborative" in scopes and known.collaborative is not False
    )
