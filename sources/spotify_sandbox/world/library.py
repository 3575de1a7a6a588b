"""A user's library: saved tracks, albums, episodes, shows and audiobooks, followed artists and users."""

from typing import Literal, get_args

Kind = Literal["track", "album", "episode", "show", "audiobook", "artist", "user"]
"""Kinds as in Spotify's URIs. Playlists that a user follows are in the world's listing instead."""

KINDS: tuple[Kind, ...] = get_args(Kind)


class Library:
    """Ids by kind, each with the second since 1970 in which it was saved."""

    def __init__(self) -> None:
        self.saved: dict[Kind, dict[str, int]] = {kind: {} for kind in KINDS}

    def save(self, kind: Kind, item_id: str, second: int) -> None:
        """Save something at a time; what is saved already keeps its time."""
        self.saved[kind].setdefault(item_id, second)

    def date(self, kind: Kind, item_id: str, second: int) -> None:
        """Save something at a time, also if it is saved already."""
        self.saved[kind].pop(item_id, None)
        self.saved[kind][item_id] = second

    def remove(self, kind: Kind, item_id: str) -> None:
        """Remove something."""
        self.saved[kind].pop(item_id, None)

    def contains(self, kind: Kind, item_id: str) -> bool:
        """Whether something is saved."""
        return item_id in self.saved[kind]

    def listed(self, kind: Kind) -> list[tuple[str, int]]:
        """All of a kind with the times of saving, the latest first."""
        # With the same time, what was saved last comes first.
        latest = list(self.saved[kind].items())[::-1]
        return sorted(latest, key=lambda pair: -pair[1])
