"""Pages of which anything may be wrong, by the thousand: rows, or an error that says so.

PLAYLAKE_FUZZ_PAGES=1000000 PLAYLAKE_FUZZ_SEED=7 pytest tests/fuzz -s
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from random import Random
from typing import Any

import duckdb
import msgspec
import pytest

from sources.spotify.engine.batches import Rows
from sources.spotify.models.answers import EntriesPage, Entry
from sources.spotify.models.lenient_decode import decode_leniently
from sources.spotify.resources.playlists.diff import facts
from sources.spotify.resources.playlists.state import KnownPlaylist
from sources.spotify.resources.playlists.stored_contents import StoredContents
from sources.spotify.resources.playlists.which_to_read import Task
from sources.stored.state import Stored
from tests.sources.spotify.recordings import entries, recordings
from tests.sources.spotify.test_hostile import ENTRY, EPISODE, TRACK

PAGES = int(os.environ.get("PLAYLAKE_FUZZ_PAGES", "3000"))
SEED = int(os.environ.get("PLAYLAKE_FUZZ_SEED", "1"))
PAGES_PER_FLUSH = 200
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

LOCAL = TRACK | {"id": None, "uri": "spotify:local:A+%26+B::%C3%9C:61", "is_local": True, "album": {"name": ""}}
GONE = EPISODE | {"id": None, "uri": None, "name": None, "languages": [None], "release_date": "0000"}
ENTRIES: list[Any] = [
    ENTRY | {"item": TRACK, "video_thumbnail": {"url": None}},
    ENTRY | {"track": TRACK, "item": TRACK},
    ENTRY | {"item": EPISODE},
    ENTRY | {"track": LOCAL, "is_local": True},
    ENTRY | {"item": GONE, "added_by": None},
    ENTRY | {"track": None, "added_at": "1970-01-01T00:00:00Z", "added_by": {"id": ""}},
    None,
]
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 2**31, 2**63, -(2**63) - 1, 10**400, 1e308),
    *("", "0000", "x", "\x00", "\u202e", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "spotify:track:"),
    *([], {}, [None], [[]], [{}], {"id": ""}, {"items": []}, [1, "a", None], {"uri": 5}, "é" * 5000),
]


def mutated(page: Any, random: Random) -> None:
    """Changes a page at one to five places: another value, nothing, a copy, or what stands elsewhere."""
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        inner: Any = page
        key: Any = "items"
        while isinstance(inner[key], dict | list) and inner[key] and random.random() < 0.85:
            inner = inner[key]
            key = random.choice(list(inner)) if isinstance(inner, dict) else random.randrange(len(inner))
        change = random.random()
        if change < 0.7:
            inner[key] = deepcopy(random.choice(VALUES))
        elif change < 0.85 and inner is not page:
            del inner[key]
        elif isinstance(inner, list):
            inner.insert(key, deepcopy(inner[key]))
        else:
            inner[random.choice(list(inner))] = deepcopy(inner[key])
        if not isinstance(page.get("items"), list):
            return


def damaged(body: bytes, random: Random) -> bytes:
    """Cuts an answer off, or spoils a few bytes of it."""
    if random.random() < 0.3:
        return body[: random.randrange(len(body))]
    spoilt = bytearray(body)
    for _ in range(random.randint(1, 4)):
        spoilt[random.randrange(len(spoilt))] = random.randrange(256)
    return bytes(spoilt)


def bodies(known: list[Any], random: Random) -> Iterator[bytes]:
    """Pages of up to three entries."""
    for number in range(PAGES):
        rows = [deepcopy(random.choice(known)) for _ in range(random.randint(1, 3))]
        page = {"items": rows, "limit": 50, "next": None, "offset": 0, "total": len(rows)}
        mutated(page, random)
        body = json.dumps(page).encode()
        yield damaged(body, random) if number % 10 == 0 else body


@pytest.fixture(params=["made", "recorded"])
def known(request: pytest.FixtureRequest) -> list[Any]:
    """Entries to start from, all odd ones among them."""
    if request.param == "made":
        return ENTRIES
    folder = request.getfixturevalue("shared") / "recordings"
    return ENTRIES + [row for found in recordings(folder) for row in entries(found)]


def test_rows_and_refusals_account_for_every_page(known: list[Any]) -> None:
    """Every page either gives a valid row for each of its entries, or is refused as a whole with one kind of error."""
    random = Random(SEED)
    task, state = Task("p", KnownPlaylist()), Stored(duckdb.connect(), ())
    stored = StoredContents(lambda: state, [task])
    told: Counter[str] = Counter()
    rows, waiting = Rows(seen_at=NOW), 0
    for number, body in enumerate(bodies(known, random), 1):
        try:
            page, left_out = decode_leniently(body, EntriesPage)
        except msgspec.DecodeError as error:
            told["refused" if isinstance(error, msgspec.ValidationError) else "no JSON"] += 1
            continue
        found = [row or Entry() for row in page.items or ()]
        additions = facts(task, "s", found, stored, NOW).additions
        assert len(additions) == len(found)
        for entry in found:
            rows.add("entries", entry)
        for addition in additions:
            rows.add("playlist_additions", addition)
        waiting += len(additions)
        told["with values left out" if left_out else "whole"] += 1
        if number % PAGES_PER_FLUSH == 0 or number == PAGES:
            waiting -= flushed(rows)
            assert waiting == 0
    assert flushed(rows) == waiting
    assert told.total() == PAGES
    assert min(told[kind] for kind in ("refused", "no JSON", "with values left out", "whole")) > 0
    sys.stdout.write(f"\n{PAGES:,} pages of {len(known)} known entries, seed {SEED}: {dict(told)}\n")


def flushed(rows: Rows) -> int:
    """Makes all tables, valid to the last value, and tells how many additions there were."""
    additions = 0
    for batch in rows.flush(everything=True):
        batch.rows.validate(full=True)
        for column, declared in zip(batch.rows.columns, batch.rows.schema, strict=True):
            assert declared.nullable or column.null_count == 0, (batch.table.name, declared.name)
        additions += batch.rows.num_rows if batch.table.name == "playlist_additions" else 0
    return additions
