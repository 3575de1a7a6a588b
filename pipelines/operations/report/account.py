"""The page's section about the account: saved items, plays, top artists, and the genres of all of these."""

from datetime import datetime

import duckdb
import msgspec

from pipelines.operations.query import run_sql
from pipelines.operations.report.asking import rows

NEEDED = {"saved_items", "listening", "ranked_list_changes", "artist_genres"}
"""Tables and views that are missing in a lake that was last synced by an earlier version."""


class Saved(msgspec.Struct):
    """How much a user has saved of a kind, and how much of it is on no playlist."""

    whose: str
    collection: str
    items: int
    on_no_playlist: int


class Week(msgspec.Struct):
    """What was played in a week, which begins on a Monday in UTC."""

    begins_at: datetime
    plays: int
    hours: float
    tracks: int


class TopArtist(msgspec.Struct):
    """A top artist of a user in the last four weeks: the place, and the place before; null if new."""

    whose: str
    place: int
    artist: str | None
    place_before: int | None
    is_new: bool


class Genre(msgspec.Struct):
    """A genre of the first artists of what is on playlists or saved."""

    genre: str
    items: int
    artists: int


class Account(msgspec.Struct):
    """Everything about accounts besides playlists; empty where only playlists are synced."""

    saved: list[Saved] = []
    weeks: list[Week] = []
    top_artists: list[TopArtist] = []
    genres: list[Genre] = []

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.saved or self.weeks or self.top_artists or self.genres)


def find_account(connection: duckdb.DuckDBPyConnection) -> Account:
    """Asks a lake for it.

    Args:
        connection: to the lake, after `queries/prepare.sql`.
    """
    known = run_sql(connection, "SELECT table_name FROM information_schema.tables").rows
    if not {name for (name,) in known} >= NEEDED:
        return Account()
    return Account(
        saved=rows(connection, "saved", Saved),
        weeks=rows(connection, "weeks", Week),
        top_artists=rows(connection, "top_artists", TopArtist),
        genres=rows(connection, "genres", Genre),
    )
