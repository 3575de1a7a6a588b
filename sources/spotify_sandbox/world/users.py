"""The people of a world, numbered so that entries can name them in four bytes."""

from collections.abc import Iterator
from dataclasses import dataclass

from sources.spotify_sandbox.world import ids


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who owns playlists or adds to them. An id may hold any character: ``marcel#spotify``."""

    id: str
    display_name: str | None
    country: str = "SE"
    followers: int = 0
    image: str | None = None
    product: str = "premium"

    @property
    def account_id(self) -> str:
        """The immutable identifier that ``GET /me`` has given since May 2026."""
        return ids.derive("account", self.id)[:10]


class Users:
    """Users by number and by id."""

    def __init__(self) -> None:
        self._users: list[User] = []
        self._numbers: dict[str, int] = {}

    def __getitem__(self, number: int) -> User:
        return self._users[number]

    def __iter__(self) -> Iterator[User]:
        return iter(self._users)

    def __contains__(self, user_id: str) -> bool:
        return user_id in self._numbers

    def add(self, user: User) -> int:
        """The number of a user, who is added or updated."""
        number = self._numbers.setdefault(user.id, len(self._users))
        self._users[number : number + 1] = [user]
        return number

    def number(self, user_id: str) -> int:
        """The number of the user with an id; an unknown one is added with the id as name."""
        if user_id not in self._numbers:
            return self.add(User(user_id, user_id))
        return self._numbers[user_id]

    def find(self, user_id: str) -> User:
        """The user with an id."""
        return self._users[self.number(user_id)]
