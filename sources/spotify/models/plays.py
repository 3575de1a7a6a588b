"""The answer of `GET /me/player/recently-played`.

https://developer.spotify.com/documentation/web-api/reference/get-recently-played
"""

from msgspec import Struct

from sources.spotify.models.answers import Entry
from sources.spotify.models.player import PlayContext


class PlayedEntry(Entry, gc=False):
    """A play; `played_at` is when it ended: times of plays in a row differ by the length of the later one."""

    played_at: str | None = None
    context: PlayContext | None = None


class PlaysPage(Struct, gc=False):
    """The latest plays, newest first; there are never more than 50."""

    items: list[PlayedEntry | None] | None = None
