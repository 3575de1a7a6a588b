"""Collections of saved items and followed artists as lists to export: `saved:tracks` and others."""

from collections.abc import Sequence

import duckdb
import msgspec

from pipelines.operations.export.contents import Contents, items_of, query_text, rows_of
from sources.errors import ConfigurationError

PREFIX = "saved:"
COLLECTIONS = {
    "tracks": "Saved tracks",
    "albums": "Saved albums",
    "episodes": "Saved episodes",
    "shows": "Saved shows",
    "audiobooks": "Saved audiobooks",
    "artists": "Followed artists",
}
"""Collections, and how each is named in files."""


class Collection(msgspec.Struct):
    """A collection of a user's library that has been read."""

    user_id: str
    collection: str
    owner: str

    @property
    def list_id(self) -> str:
        """Identifies it among all lists."""
        return f"{PREFIX}{self.collection}:{self.user_id}"


def saved(connection: duckdb.DuckDBPyConnection, named: Sequence[str]) -> list[Contents]:
    """The contents of collections, of every user in the lake, in the order of `saved_items`.

    Args:
        connection: the lake's, prepared.
        named: `saved:tracks`, …

    Raises:
        ConfigurationError: there is no such collection, or it had not been read at that time.
    """
    known = rows_of(connection, query_text("saved_lists"), Collection)
    chosen = {one.list_id: one for name in named for one in _meant(known, name)}
    found = items_of(connection, query_text("saved"), list(chosen)) if chosen else {}
    users = {one.user_id for one in chosen.values()}
    return [
        Contents(list_id, None, _name(one, users), None, one.owner, found.get(list_id, []))
        for list_id, one in chosen.items()
    ]


def _meant(known: Sequence[Collection], name: str) -> list[Collection]:
    collection = name.removeprefix(PREFIX)
    if collection not in COLLECTIONS:
        msg = f"There is no collection {name!r}: use {PREFIX} and one of {', '.join(COLLECTIONS)}."
        raise ConfigurationError(msg)
    found = [one for one in known if one.collection == collection]
    if not found:
        msg = (
            f"The lake has no {name} at that time: playlake sync --resources account reads saved items and followed "
            "artists."
        )
        raise ConfigurationError(msg)
    return found


def _name(one: Collection, users: set[str]) -> str:
    return COLLECTIONS[one.collection] + (f" of {one.owner}" if len(users) > 1 else "")
