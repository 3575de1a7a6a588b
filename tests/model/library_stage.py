"""Two users' libraries behind an imitation of the API in this process, a lake in memory, and what it must hold."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
import requests

from sources.spotify.config import Settings
from sources.spotify.engine.run import Run
from sources.spotify.resources.registry import selected
from sources.stored.state import Stored
from tests.schemas.test_views import as_json, database
from tests.sources.spotify.stand_in import Reply, StandIn, client, path, query, reply

Entry = tuple[str, int | None]
"""What was saved, by its URI, and when, in seconds since 1970."""

COLLECTIONS = {"tracks": "track", "audiobooks": "audiobook", "artists": "artist"}
FACTS = ("saved_additions", "saved_snapshots", "resource_reads", "runs")
SHOWN = (
    "SELECT item_uri, epoch(added_at)::BIGINT FROM saved_items WHERE user_id = ? AND collection = ? ORDER BY position"
)
CHANGED = (
    "SELECT change, item_uri, count(*) FROM saved_item_changes WHERE user_id = ? AND collection = ? "
    "AND change <> 'moved' GROUP BY ALL"
)


def added_text(second: int) -> str:
    """A time as Spotify writes it."""
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(slots=True)
class Library:
    """A user's collections, newest first.

    Attributes:
        user_id: whose.
        entries: of each collection, in order.
        before_page: called before a page is answered, with the name of the collection.
        asked: how many pages were, by collection.
    """

    user_id: str
    entries: dict[str, list[Entry]] = field(default_factory=lambda: {name: [] for name in COLLECTIONS})
    before_page: Callable[[str], None] = lambda _: None
    asked: Counter[str] = field(default_factory=Counter)

    def answer(self, request: requests.PreparedRequest) -> Reply:
        """What the API says."""
        where, given = path(request), query(request)
        if where == "/v1/me":
            return reply({"id": self.user_id})
        name = "artists" if where == "/v1/me/following" else where.rpartition("/")[2]
        self.before_page(name)
        self.asked[name] += 1
        if name == "artists":
            return reply({"artists": self._followed(given.get("after"), int(given["limit"]))})
        start, limit = int(given["offset"]), int(given["limit"])
        entries = self.entries.get(name, [])
        return reply({"items": [_shown(name, each) for each in entries[start : start + limit]], "total": len(entries)})

    def _followed(self, after: str | None, limit: int) -> dict[str, Any]:
        uris = [uri for uri, _ in self.entries["artists"]]
        ids = [uri.rpartition(":")[2] for uri in uris]
        behind = uris if after is None else uris[ids.index(after) + 1 :] if after in ids else []
        shown = behind[:limit]
        last = shown[-1].rpartition(":")[2] if limit < len(behind) else None
        items = [{"id": uri.rpartition(":")[2], "uri": uri, "name": uri, "type": "artist"} for uri in shown]
        return {"items": items, "total": len(uris), "cursors": {"after": last}, "next": last and "more"}


def _shown(name: str, entry: Entry) -> dict[str, Any]:
    uri, second = entry
    item = {"id": uri.rpartition(":")[2], "uri": uri, "name": uri, "type": COLLECTIONS[name]}
    return item if second is None else {"added_at": added_text(second), COLLECTIONS[name]: item}


class Lake:
    """A lake in memory, into which rows go as dlt would write them."""

    def __init__(self) -> None:
        self.connection = database()
        self.loads = 0
        self.now = datetime(2026, 11, 22, tzinfo=UTC)
        self.believed: dict[tuple[str, str], list[list[Entry]]] = {}
        self.outcomes: Counter[str] = Counter()

    def sync(self, library: Library, *, full: bool = False) -> dict[str, str]:
        """A sync of a user's library; gives how each collection ended."""
        self.now += timedelta(minutes=1)
        stored = Stored(self.connection, [*FACTS, "_dlt_loads"])
        selection = selected(["saved_items", "followed_artists"])
        settings = Settings(full=full, audit_after=timedelta(days=36_000))
        run = Run(client(StandIn(library.answer)), settings, (), lambda: self.now, selection=selection)
        self.loads += 1
        for batch in run.batches(stored):
            if batch.table.name in FACTS:
                rows = [{name: as_json(value) for name, value in row.items()} for row in batch.rows.to_pylist()]
                self._insert(batch.table.name, [row | {"_dlt_load_id": str(self.loads)} for row in rows])
        self.connection.execute("INSERT INTO _dlt_loads (load_id, status) VALUES (?, 0)", [str(self.loads)])
        assert run.error is None
        found = {read.subject: read.outcome for read in run.recorder.resource_reads}
        self.outcomes.update(found.values())
        return found

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        self.connection.register("inserted", pa.Table.from_pylist(rows))
        self.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM inserted")

    def rows(self) -> int:
        """Number of rows in the tables of saved items."""
        [(number,)] = self.connection.execute(
            "SELECT (SELECT count(*) FROM saved_additions) + (SELECT count(*) FROM saved_snapshots)"
        ).fetchall()
        return int(number)

    def shown(self, user_id: str, name: str) -> list[Entry]:
        """What the view shows."""
        return self.connection.execute(SHOWN, [user_id, name]).fetchall()

    def believe(self, user_id: str, name: str) -> None:
        """Adds what the view shows to the history, if it has changed."""
        there = "SELECT count(*) > 0 FROM saved_snapshots WHERE user_id = ? AND collection = ?"
        if self.connection.execute(there, [user_id, name]).fetchall() == [(False,)]:
            return
        states, shown = self.believed.setdefault((user_id, name), []), self.shown(user_id, name)
        if not states or states[-1] != shown:
            states.append(shown)

    def check_history(self) -> None:
        """Changes and stays are exactly the differences of successive states, and no key is there twice."""
        for (user_id, name), states in self.believed.items():
            expected: Counter[tuple[str, str]] = Counter()
            for before, after in pairwise(states):
                expected.update(("added", uri) for uri, _ in (Counter(after) - Counter(before)).elements())
                expected.update(("removed", uri) for uri, _ in (Counter(before) - Counter(after)).elements())
            told = self.connection.execute(CHANGED, [user_id, name]).fetchall()
            assert {(change, uri): number for change, uri, number in told} == expected
        doubles = "SELECT count(*) - count(DISTINCT (user_id, collection, item_key)) FROM saved_additions"
        assert self.connection.execute(doubles).fetchall() == [(0,)]
        open_ = "SELECT count(*) FROM saved_item_history WHERE listed_until IS NULL"
        assert self.connection.execute(open_).fetchall() == [(sum(len(each[-1]) for each in self.believed.values()),)]
