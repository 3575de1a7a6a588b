"""Answers about playlists, except for their contents.

https://developer.spotify.com/documentation/web-api/reference/get-playlist
"""

from msgspec import UNSET, Struct, UnsetType

from sources.spotify.models.answers import EntriesPage, ExternalUrls, Followers, Image, Int, User


class Playlist(Struct, gc=False):
    """A playlist: `items` in the API of 2026, `tracks` before, neither where contents are withheld."""

    id: str | None = None
    uri: str | None = None
    name: str | None = None
    description: str | None = None
    owner: User | None = None
    public: bool | None = None
    collaborative: bool | None = None
    snapshot_id: str | None = None
    followers: Followers | None = None
    external_urls: ExternalUrls | None = None
    href: str | None = None
    primary_color: str | None = None
    images: list[Image | None] | UnsetType | None = UNSET
    items: EntriesPage | UnsetType | None = UNSET
    tracks: EntriesPage | UnsetType | None = UNSET

    @property
    def is_spotifys(self) -> bool:
        """Whether it is one of Spotify's own, whose snapshot_id is not reliable."""
        return self.owner is not None and self.owner.id == "spotify"

    @property
    def contents(self) -> EntriesPage | None:
        """The first page of entries, or what a list says of it; null where contents are withheld."""
        if isinstance(self.items, EntriesPage):
            return self.items
        return self.tracks if isinstance(self.tracks, EntriesPage) else None


class PlaylistsPage(Struct, gc=False):
    """A page of a user's playlists; hidden ones are null. Its `href` names the user, whose id is nowhere else."""

    href: str | None = None
    items: list[Playlist | None] | None = None
    limit: Int | None = None
    next: str | None = None
    offset: Int | None = None
    total: Int | None = None
