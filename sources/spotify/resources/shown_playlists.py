"""Rows for playlists that a search or a browse list shows: described, but not read, and in nobody's library."""

from collections.abc import Iterator, Sequence

from sources.spotify.models.playlists import Playlist
from sources.spotify.models.rows import SeenPlaylist
from sources.spotify.resources.base import Context, Row
from sources.spotify.resources.playlists.lookup import Lookup


class ShownPlaylists:
    """Makes their rows.

    Args:
        ctx: the run.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._was_listed = Lookup[bool](lambda ids: ctx.state.were_listed(ids))

    def rows(self, playlists: Sequence[Playlist | None]) -> Iterator[Row]:
        """Rows of `playlists`, except those that are or were in a library, whose rows say more."""
        self._was_listed.prepare(playlist.id for playlist in playlists if playlist is not None and playlist.id)
        for playlist in playlists:
            if playlist is None or not playlist.id:
                continue
            was_listed = self._was_listed.get(playlist.id)
            if was_listed:
                continue
            contents = playlist.contents
            yield Row(
                "playlists",
                SeenPlaylist(
                    playlist,
                    self._ctx.started_at if was_listed is None else None,
                    items_total=contents.total if contents else None,
                ),
            )
