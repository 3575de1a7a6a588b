"""Rows for playlists that a search or a browse list shows: described, but not read, and in nobody's library."""

from collections.abc import Iterator, Sequence

from sources.spotify.models.playlists import Playlist
from sources.spotify.models.rows import SeenPlaylist
from sources.spotify.resources.base import Context, Row
from sources.spotify.resources.playlists.lookup import Lookup
from sources.spotify.resources.playlists.state import KnownPlaylist


class ShownPlaylists:
    """Makes their rows.

    Args:
        ctx: the run.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._known = Lookup[KnownPlaylist](lambda ids: ctx.state.playlists(ids, ctx.client.user_id))

    def rows(self, playlists: Sequence[Playlist | None]) -> Iterator[Row]:
        """Rows of `playlists`, except those that are or were in a library, whose rows say more."""
        self._known.prepare(playlist.id for playlist in playlists if playlist is not None and playlist.id)
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
