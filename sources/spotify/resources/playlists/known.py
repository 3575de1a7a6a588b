"""What the destination knows of playlists, and the questions that reading them asks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sources.spotify.resources.keys import Identity
from sources.spotify.resources.playlists.descriptions import Descriptions
from sources.spotify.resources.playlists.listings import Listings


@dataclass(frozen=True, slots=True)
class Look:
    """How a user's newest look at a playlist ended.

    Attributes:
        user_id: whose sync it was; null if it did not say.
        outcome: `read`, `metadata_only` or `gone`.
        snapshot_id: the version looked at.
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
        looks: the newest of each user.
        items: how many that state has; of a playlist that was never read as many as Spotify counts.
        name: as in `playlists`, and so are the others.
        public: whether it is on the owner's profile.
        collaborative: whether others may edit it.
        in_library: whether it is in anybody's list.
        left_at: when it left.
        doubted: the mark of contents that the newest reading showed and that were kept back.
        lacks_additions: additions of that state are lost.
    """

    snapshot_id: str | None = None
    observed_at: datetime | None = None
    access: str | None = None
    looks: tuple[Look, ...] = ()
    items: int | None = None
    name: str | None = None
    public: bool | None = None
    collaborative: bool | None = None
    in_library: bool | None = None
    left_at: datetime | None = None
    doubted: str | None = None
    lacks_additions: bool = False

    def withheld_snapshot_id(self, user_id: str | None) -> str | None:
        """The version of which a user's newest look saw no contents; null if it saw them, or was never."""
        newest = self._newest_of(user_id)
        return newest.snapshot_id if newest is not None and newest.outcome == "metadata_only" else None

    def was_read_by(self, user_id: str | None) -> bool:
        """Whether a user's newest look saw its contents."""
        newest = self._newest_of(user_id)
        return newest is not None and newest.outcome == "read"

    @property
    def lacks_states(self) -> bool:
        """Whether it was read, and nothing tells what was read: something was lost."""
        return self.observed_at is None and any(look.outcome == "read" for look in self.looks)

    def _newest_of(self, user_id: str | None) -> Look | None:
        own = [look for look in self.looks if _may_be_one(look.user_id, user_id)]
        return max(own, key=lambda look: look.finished_at, default=None)

    def checked_at(self, user_id: str | None) -> datetime | None:
        """When anybody last read it, or this user found that it may not."""
        looks = [look for look in self.looks if look.outcome == "read" or _may_be_one(look.user_id, user_id)]
        return max((look.finished_at for look in looks), default=None)

    def is_readable_for_another(self, user_id: str | None) -> bool:
        """Whether the newest look of somebody else saw its contents."""
        return any(look.outcome == "read" and not _may_be_one(look.user_id, user_id) for look in self.looks)


def _may_be_one(one: str | None, other: str | None) -> bool:
    """Whether two syncs may be the same user's: those that only read playlists by id do not know whose they are."""
    return one is None or other is None or one == other


@dataclass(frozen=True, slots=True)
class Recorded:
    """The additions that are stored of a playlist, also those that have left it.

    Attributes:
        identities: what their keys stand for.
        authors: who is known to have made them, by their keys.
        named_at: when the last of `playlist_addition_authors` was named.
    """

    identities: dict[int, Identity]
    authors: dict[int, str | None]
    named_at: datetime | None = None


class PlaylistState(Protocol):
    """What is stored of playlists, wherever it is stored."""

    @property
    def links(self) -> dict[str, list[str]]:
        """Tracks that play for others: URIs of those that were added, by the URI of the one that plays."""

    def playlists(self) -> dict[str, KnownPlaylist]:
        """All known playlists by id."""

    def listings(self) -> Listings:
        """What the users' lists last said of each playlist."""

    def descriptions(self) -> Descriptions:
        """How playlists were last described."""

    def hidden_playlists(self, user_id: str) -> int:
        """How many rows of a user's list were null when it last was told for sure what they are."""

    def item_keys(self, playlist_id: str, observed_at: datetime) -> list[int]:
        """The keys of a stored state, in order."""

    def additions(self, playlist_id: str) -> Recorded:
        """All additions that are stored of a playlist."""

    def titles(self, uris: Sequence[str]) -> dict[str, str]:
        """What tracks and episodes are called, by their URIs; those without a name are left out."""
