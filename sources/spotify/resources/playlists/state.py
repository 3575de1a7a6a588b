"""The stored state that reading playlists needs (a protocol), and its types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sources.spotify.models.rows import Description, Listing
from sources.spotify.resources.addition_identity import Identity


@dataclass(frozen=True, slots=True)
class LastRead:
    """How a user's last read of a playlist ended.

    Attributes:
        user_id: the user of the sync; null if it was not recorded.
        outcome: `read`, `metadata_only` or `gone`.
        snapshot_id: the version that was read.
        finished_at: when.
    """

    user_id: str | None
    outcome: str
    snapshot_id: str | None
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class KnownPlaylist:
    """What the destination knows of a playlist. What one user may not read, another of the same lake may.

    Attributes:
        snapshot_id: of its newest completely read state; null if it was never read.
        observed_at: when that was.
        access: as in `playlists`.
        last_reads: the newest of each user.
        items: how many that state has; of a playlist that was never read as many as Spotify counts.
        name: as in `playlists`, and so are the others.
        public: whether it is on the owner's profile.
        collaborative: whether others may edit it.
        in_library: whether it is in anybody's list.
        left_at: when it left.
        doubted: the mark of contents that the newest reading showed and that were not stored.
        lacks_additions: additions of that state are lost.
    """

    snapshot_id: str | None = None
    observed_at: datetime | None = None
    access: str | None = None
    last_reads: tuple[LastRead, ...] = ()
    items: int | None = None
    name: str | None = None
    public: bool | None = None
    collaborative: bool | None = None
    in_library: bool | None = None
    left_at: datetime | None = None
    doubted: str | None = None
    lacks_additions: bool = False

    def withheld_snapshot_id(self, user_id: str | None) -> str | None:
        """The version whose contents were withheld in a user's last read; null if they were not, or there was none."""
        newest = self._newest_of(user_id)
        return newest.snapshot_id if newest is not None and newest.outcome == "metadata_only" else None

    def was_read_by(self, user_id: str | None) -> bool:
        """Whether a user's last read saw its contents."""
        newest = self._newest_of(user_id)
        return newest is not None and newest.outcome == "read"

    def _newest_of(self, user_id: str | None) -> LastRead | None:
        own = [look for look in self.last_reads if same_or_unknown_user(look.user_id, user_id)]
        return max(own, key=lambda look: look.finished_at, default=None)

    def checked_at(self, user_id: str | None) -> datetime | None:
        """When any user last read it, or this user was last refused."""
        last_reads = [
            look for look in self.last_reads if look.outcome == "read" or same_or_unknown_user(look.user_id, user_id)
        ]
        return max((look.finished_at for look in last_reads), default=None)

    def is_readable_for_another(self, user_id: str | None) -> bool:
        """Whether another user's last read saw its contents."""
        return any(
            look.outcome == "read" and not same_or_unknown_user(look.user_id, user_id) for look in self.last_reads
        )


def same_or_unknown_user(one: str | None, other: str | None) -> bool:
    """True unless both users are known and differ: a sync that only reads playlists by id does not know its user."""
    return one is None or other is None or one == other


@dataclass(frozen=True, slots=True)
class KnownAdditions:
    """The additions that are stored of a playlist, also those that have left it.

    Attributes:
        identities: those of their keys.
        authors: who is known to have made them, by their keys.
        named_at: `observed_at` of the newest row of `playlist_addition_authors`.
    """

    identities: dict[int, Identity]
    authors: dict[int, str | None]
    named_at: datetime | None = None


class PlaylistState(Protocol):
    """What is stored of playlists, in any destination."""

    @property
    def links(self) -> dict[str, list[str]]:
        """Tracks that play for others: URIs of those that were added, by the URI of the one that plays."""

    def playlists(self, playlist_ids: Sequence[str], user_id: str | None) -> dict[str, KnownPlaylist]:
        """What is known of playlists, by id; not those of which nothing is.

        Args:
            playlist_ids: which.
            user_id: whose sync asks: each of theirs looks for lost additions in another part of a large library.
        """

    def were_listed(self, playlist_ids: Sequence[str]) -> dict[str, bool]:
        """Whether playlists are or were in anybody's library, by id; not those of which nothing is known."""

    def lost_states(self) -> int:
        """How many playlists were read whose states are all lost."""

    def listings(self, playlist_ids: Sequence[str]) -> dict[str, list[Listing]]:
        """The newest row of `playlist_listings` of each user, by playlist."""

    def library(self, user_id: str) -> set[str]:
        """The playlists that ever were in a user's list."""

    def listing_users(self) -> set[str]:
        """The users whose lists were read."""

    def descriptions(self, playlist_ids: Sequence[str]) -> dict[str, Description]:
        """How playlists were last described, by id."""

    def hidden_playlists(self, user_id: str) -> int:
        """How many rows of a user's last complete list were null."""

    def item_keys(self, states: Mapping[str, datetime]) -> dict[str, list[int]]:
        """The keys of stored states, in order, by the playlist's id; `states` says of which time."""

    def additions(self, playlist_ids: Sequence[str], limit: int) -> dict[str, KnownAdditions]:
        """All additions stored of playlists: of the first, and of the next as long as all have no more than `limit`."""

    def titles(self, uris: Sequence[str]) -> dict[str, str]:
        """What tracks and episodes are called, by their URIs; those without a name are left out."""
