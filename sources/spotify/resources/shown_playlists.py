"""Rows for playlists that a search or a browse list shows: described, but not read, and in nobody's library."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from sources.spotify.models.playlists import Playlist
from sources.spotify.models.rows import SeenPlaylist
from sources.spotify.resources.base import Context, Row
from sources.spotify.resources.playlists.state import KnownPlaylist


class ShownPlaylists:
    """Makes their rows.

    Args:
        ctx: the run.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    @cached_property
    def _known(self) -> Mapping[str, KnownPlaylist]:
        return self._ctx.state.playlists()

    def rows(self, playlists: Iterable[Playlist | None]) -> Iterator[Row]:
        """Rows of `playlists`, except those that are or were in a library, whose rows say more."""
        for playlist in playlists:
            if playlist is None or not playlist.id:
                continue
            known = self._known.get(playlist.id)
            if known is not None and known.in_library is not None:
                continue
            contents = playlist.contents
            yield Row(
                "playlists",
                SeenPlaylist(
                    playlist,
                    self._ctx.started_at if known is None else None,
                    items_total=contents.total if contents else None,
                ),
            )
