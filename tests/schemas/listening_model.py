"""Which plays of two sources are the same, as a few lines of Python say it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

START = datetime(2024, 2, 29, 23, 50, tzinfo=UTC)
LENGTHS = {"a": 200_000, "b": 30_000, "gone": None}
"""Lengths of items, by URI; a gone one is no longer known."""
MARGIN = 120_000


@dataclass(frozen=True, slots=True)
class Told:
    """A play as a source tells it: whose, of what, and when in milliseconds after the start."""

    user: str
    source: str
    uri: str
    at: int
    key: int

    @property
    def row(self) -> dict[str, Any]:
        """Its row of `plays`."""
        return {
            "user_id": self.user,
            "play_key": self.key,
            "source": self.source,
            "played_at": START + timedelta(milliseconds=self.at),
            "played_at_precision": "second" if self.source == "export" else "millisecond",
            "item_uri": self.uri,
            "item_type": "track",
            "item_name": None,
            "artist_name": None,
            "context_uri": "from" if self.source == "api" else None,
            "ms_played": self.key if self.source == "export" else None,
            "first_observed_at": START,
            "run_id": "r",
        }


Shown = tuple[str, str, int, str, int]
"""A row of the view: user, URI, milliseconds after the start, source, key."""


def random_plays(random: Random) -> list[Told]:
    """Plays of two users in an hour, of few items, so that many could be the same."""
    plays = []
    for key in range(random.randrange(40)):
        source = random.choice(["api", "export"])
        # Whole seconds and coarse ones, so that distances are equal now and then.
        at = random.choice([1_000, 30_000]) * random.randrange(40)
        plays.append(Told(random.choice("uuv"), source, random.choice(list(LENGTHS)), at, key))
    return plays


def listening(plays: list[Told]) -> list[Shown]:
    """The rows of the view: pairs in the order of their distance, of which each play is in one at most."""
    pairs = sorted(
        (abs(api.at - export.at), api.at, export.at, api.user, api.key, export.key)
        for api in plays
        for export in plays
        if (api.source, export.source) == ("api", "export")
        and (api.user, api.uri) == (export.user, export.uri)
        and abs(api.at - export.at) < (LENGTHS[api.uri] or 0) + MARGIN
    )
    taken: set[int] = set()
    both: set[int] = set()
    for *_, api_key, export_key in pairs:
        if not {api_key, export_key} & taken:
            taken |= {api_key, export_key}
            both.add(export_key)
    return sorted(
        (play.user, play.uri, play.at, "both" if play.key in both else play.source, play.key)
        for play in plays
        if play.source == "export" or play.key not in taken
    )
