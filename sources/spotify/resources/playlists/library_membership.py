"""Decides when a playlist joined or left a user's library, from what the user's list shows.

`library_rows.py` makes the rows of it, and tells people in the words of `messages.py`.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from datetime import datetime, timedelta
from functools import cached_property

from sources.spotify.models.rows import Listing
from sources.spotify.resources.playlists.lookup import Lookup

LISTED, MISSING, LEFT = "listed", "missing", "left"


class LibraryMembership:
    """Which playlists are in which users' libraries, as their lists last showed.

    Args:
        newest: of each playlist the newest row of `playlist_listings` of each user.
        library: gives the playlists that ever were in a user's list, as stored.
        user_ids: gives the users whose lists are stored.
    """

    def __init__(
        self,
        newest: Lookup[Sequence[Listing]],
        library: Callable[[str], Set[str]],
        user_ids: Callable[[], Set[str]],
    ) -> None:
        self._stored, self._library, self._stored_users = newest, library, user_ids
        self._libraries: dict[str, Set[str]] = {}
        self._looked_up: dict[str, dict[str, Listing]] = {}

    @cached_property
    def _known_users(self) -> Set[str]:
        return self._stored_users()

    @property
    def user_ids(self) -> set[str]:
        """The users whose lists are known."""
        return {*self._known_users, *(user_id for users in self._looked_up.values() for user_id in users)}

    def library(self, user_id: str) -> set[str]:
        """All playlists that ever were in a user's list."""
        if user_id not in self._libraries:
            self._libraries[user_id] = self._library(user_id)
        new = {playlist_id for playlist_id, users in self._looked_up.items() if user_id in users}
        return new.union(self._libraries[user_id])

    def in_library(self, playlist_id: str) -> bool | None:
        """Whether it is in anybody's list; null if it never was."""
        users = self._users(playlist_id)
        return any(listing.state != LEFT for listing in users.values()) if users else None

    def left_at(self, playlist_id: str) -> datetime | None:
        """When it left the last list that had it; null if it is in one."""
        if self.in_library(playlist_id) is not False:
            return None
        return max(listing.observed_at for listing in self._users(playlist_id).values())

    def compare(
        self, user_id: str, shown: Set[str], may_lack: Callable[[str], bool] | None, now: datetime
    ) -> Iterator[Listing]:
        """The playlists that joined or left a user's library; they count as such from then on.

        A playlist has left when two complete lists in a row lack it: a single one may be an error of Spotify's. An
        incomplete list proves nothing about what it lacks.

        Args:
            user_id: the user whose list it is.
            shown: the playlists in it.
            may_lack: whether a playlist may be missing although it is in the library; null for an incomplete list.
            now: when the list was read.
        """
        for playlist_id in sorted(shown):
            if self._state(user_id, playlist_id) != LISTED:
                yield self._note(user_id, playlist_id, LISTED, now)
        if may_lack is None:
            return
        for playlist_id in sorted(self.library(user_id) - shown):
            state = self._state(user_id, playlist_id)
            if state in (LISTED, MISSING) and not may_lack(playlist_id):
                yield self._note(user_id, playlist_id, MISSING if state == LISTED else LEFT, now)

    def lacking(self, user_id: str, shown: Set[str]) -> list[str]:
        """The playlists that were in a user's list and are not shown any more, but have not left yet."""
        lacking = self.library(user_id) - shown
        return sorted(each for each in lacking if self._state(user_id, each) in (LISTED, MISSING))

    def close(self, playlist_id: str, now: datetime) -> Iterator[Listing]:
        """A playlist no longer exists: it leaves every list."""
        for user_id in sorted(self._users(playlist_id)):
            if self._state(user_id, playlist_id) != LEFT:
                yield self._note(user_id, playlist_id, LEFT, now)

    def _users(self, playlist_id: str) -> dict[str, Listing]:
        """The newest row of each user who ever had a playlist in the list; what is added to it counts from then on."""
        users = self._looked_up.get(playlist_id)
        if users is None:
            stored = self._stored.get(playlist_id) or ()
            users = self._looked_up[playlist_id] = {listing.user_id: listing for listing in stored}
        return users

    def _state(self, user_id: str, playlist_id: str) -> str | None:
        listing = self._users(playlist_id).get(user_id)
        return listing.state if listing is not None else None

    def _note(self, user_id: str, playlist_id: str, state: str, now: datetime) -> Listing:
        users = self._users(playlist_id)
        before = users.get(user_id)
        if before is not None:
            # A clock that was set back must not make the older row the newer.
            now = max(now, before.observed_at + timedelta(microseconds=1))
        users[user_id] = Listing(user_id, playlist_id, now, state)
        return users[user_id]
