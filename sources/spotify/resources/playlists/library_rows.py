"""Rows about libraries: playlists, listings and descriptions. When one has left is decided in `library_membership`."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import partial

from sources.spotify.api.pagination import ListSeen
from sources.spotify.models.playlists import Playlist
from sources.spotify.models.rows import Description, Listing, SeenPlaylist
from sources.spotify.resources.base import Context, Row
from sources.spotify.resources.covers import Covers
from sources.spotify.resources.playlists.access import is_gone_for_all, may_lack
from sources.spotify.resources.playlists.descriptions import Descriptions
from sources.spotify.resources.playlists.library_membership import LibraryMembership
from sources.spotify.resources.playlists.lookup import Lookup
from sources.spotify.resources.playlists.messages import left
from sources.spotify.resources.playlists.state import KnownPlaylist


class LibraryRows:
    """The libraries of a lake's users, as one run sees them.

    Args:
        ctx: the run.
        covers: what fetches the pictures of covers; null where they are not to be kept.
    """

    def __init__(self, ctx: Context, covers: Covers | None) -> None:
        self._ctx = ctx
        self._covers = covers
        self._stored_listings = Lookup[Sequence[Listing]](lambda ids: ctx.state.listings(ids))
        self._stored_descriptions = Lookup[Description](lambda ids: ctx.state.descriptions(ids))
        self._listings = LibraryMembership(
            self._stored_listings, lambda user_id: ctx.state.library(user_id), lambda: ctx.state.listing_users()
        )
        self._descriptions = Descriptions(self._stored_descriptions)
        self._listed: set[str] = set()

    def prepare(self, playlist_ids: Collection[str]) -> None:
        """Looks up what is stored of playlists, all at once."""
        for stored in (self._stored_listings, self._stored_descriptions):
            stored.prepare(playlist_ids)

    def described(self) -> Iterator[Row]:
        """Rows of descriptions that have changed, once per load."""
        for description in self._descriptions.changed(self._ctx.started_at):
            yield Row("playlist_descriptions", description)

    def compare(self, seen: ListSeen, known: Lookup[KnownPlaylist]) -> Iterator[Row]:
        """Rows for playlists that joined or left the user's library, as far as this list proves it."""
        ctx, listings, user_id = self._ctx, self._listings, self._ctx.client.user_id
        self._listed = seen.ids
        all_ids = seen.ids | (listings.library(user_id) if user_id is not None else set())
        known.prepare(all_ids)
        self.prepare(all_ids)
        # Without a user id it may be anybody's list.
        if user_id is not None:
            # If there are more hidden ones than before, the missing ones may be among them.
            lacking = listings.lacking(user_id, seen.ids)
            is_sure = seen.is_complete and (not lacking or seen.hidden <= ctx.state.hidden_playlists(user_id))
            ctx.recorder.record.hidden_playlists = seen.hidden if is_sure else None
            may = partial(_may_lack, ctx.client.lacking_scopes, known) if is_sure else None
            for listing in listings.compare(user_id, seen.ids, may, ctx.started_at):
                yield Row("playlist_listings", listing)
            # Of another user's playlist this list says nothing: that user's next sync notes it.
            for playlist_id in sorted(listings.library(user_id) - seen.ids):
                yield from self.note_absent(playlist_id, known.get(playlist_id) or KnownPlaylist())

    def see(self, playlist: Playlist, snapshot_id: str | None, access: str | None = None) -> Iterator[Row]:
        """The row of a playlist as seen now, with the version that was read to the end."""
        ctx, playlist_id = self._ctx, str(playlist.id)
        is_listed = playlist_id in self._listed
        ctx.recorder.names[playlist_id] = playlist.name or playlist_id
        if self._covers is not None:
            self._covers.see(playlist)
        contents = playlist.contents
        seen = SeenPlaylist(
            playlist,
            ctx.started_at,
            snapshot_id,
            followers_total=playlist.followers.total if playlist.followers else None,
            items_total=contents.total if contents else None,
            access=access,
            read_at=ctx.now() if access == "readable" else None,
            in_library=is_listed or self._listings.in_library(playlist_id),
            left_at=None if is_listed else self._listings.left_at(playlist_id),
        )
        self._descriptions.see(_description(seen, ctx.started_at))
        yield Row("playlists", seen)

    def note_absent(self, playlist_id: str, known: KnownPlaylist, access: str | None = None) -> Iterator[Row]:
        """The row of a playlist that this run does not see: whether it is in any library; adds news if it left."""
        ctx = self._ctx
        in_library, left_at = self._listings.in_library(playlist_id), self._listings.left_at(playlist_id)
        if access is None and (in_library, left_at) == (known.in_library, known.left_at):
            return
        self._descriptions.see(Description(playlist_id, ctx.started_at, in_library=in_library))
        if in_library is False and known.in_library is not False:
            ctx.recorder.tell(left(playlist_id, known.name or playlist_id, known.items))
        absent = Playlist(id=playlist_id)
        yield Row("playlists", SeenPlaylist(absent, None, access=access, in_library=in_library, left_at=left_at))

    def note_gone(self, playlist_id: str, known: KnownPlaylist) -> Iterator[Row]:
        """Rows for a playlist that answers 404: it leaves every library, unless it may only be hidden here."""
        is_only_user = self._ctx.client.is_user and len(self._listings.user_ids) <= 1
        if is_gone_for_all(known, is_only_user=is_only_user):
            for listing in self._listings.close(playlist_id, self._ctx.started_at):
                yield Row("playlist_listings", listing)
        yield from self.note_absent(playlist_id, known, access="gone")


def _may_lack(scopes: tuple[str, ...], known: Lookup[KnownPlaylist], playlist_id: str) -> bool:
    return may_lack(scopes, known.get(playlist_id) or KnownPlaylist())


def _description(seen: SeenPlaylist, seen_at: datetime) -> Description:
    playlist = seen.playlist
    return Description(
        str(playlist.id),
        seen_at,
        playlist.name,
        playlist.description,
        playlist.owner.id if playlist.owner else None,
        playlist.public,
        playlist.collaborative,
        seen.followers_total,
        seen.items_total,
        seen.in_library,
    )
