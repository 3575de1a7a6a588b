"""Numbers that move are written when they differ from what was written last, once a day at most."""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import popularity_history
from schemas.lake import SQL_TYPES
from sources.spotify.engine.batches import Rows
from sources.spotify.models.answers import Followers, Item, User
from sources.spotify.models.catalogue import FullAlbum, FullArtist
from sources.stored.state import Stored

TABLE = popularity_history.TABLE
NIGHT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
Seen = tuple[int, int | None, int | None]
"""How many half hours after NIGHT, popularity and followers."""


def artist(popularity: int | None, followers: int | None) -> FullArtist:
    """An artist with these numbers."""
    told = None if followers is None else Followers(followers)
    return FullArtist(id="a", name="A", popularity=popularity, followers=told)


def observed(sights: list[Seen], zone: str = "UTC") -> list[tuple[datetime, int | None, int | None]]:
    """The rows after several syncs, the last of whose loads never completed."""
    with duckdb.connect() as connection:
        columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in TABLE.columns)
        connection.execute(f"SET TimeZone = '{zone}'; CREATE TABLE {TABLE.name} ({columns}, _dlt_load_id VARCHAR)")
        connection.execute("CREATE TABLE _dlt_loads (load_id VARCHAR, status BIGINT)")
        connection.execute(f"INSERT INTO {TABLE.name} VALUES ('artist', 'a', '2099-01-01', 99, 99, 'incomplete')")
        stored = Stored(connection, ("_dlt_loads", TABLE.name))
        for number, (half_hours, *numbers) in enumerate(sights):
            rows = Rows(seen_at=NIGHT + timedelta(minutes=30) * half_hours)
            for _ in range(2):
                rows.add("artists", artist(*numbers))
                rows.begin_resource()
            for batch in rows.flush(everything=True):
                if batch.table is TABLE:
                    new = stored.changed(batch)
                    connection.register("new", new.append_column("load", pa.array([str(number)] * new.num_rows)))
                    connection.execute(f"INSERT INTO {TABLE.name} SELECT * FROM new")
            connection.execute("INSERT INTO _dlt_loads VALUES (?, 0)", [str(number)])
        return connection.execute(
            f"SELECT observed_at, popularity, followers_total FROM {TABLE.name} "
            "WHERE _dlt_load_id <> 'incomplete' ORDER BY _dlt_load_id::BIGINT"
        ).fetchall()


def expected(sights: list[Seen]) -> list[tuple[datetime, int | None, int | None]]:
    """The same in plain Python."""
    written: list[tuple[datetime, int | None, int | None]] = []
    for half_hours, popularity, followers in sights:
        at = NIGHT + timedelta(minutes=30) * half_hours
        told = (None if popularity == 0 and followers is None else popularity, followers)
        if told == (None, None):
            continue
        # A clock that was set back must not put an observation before a later one.
        newest = max(written, default=None)
        if newest is None:
            written.append((at, *told))
            continue
        popularity, followers = (new if new is not None else old for new, old in zip(told, newest[1:], strict=True))
        if (popularity, followers) != newest[1:] and at.date() > newest[0].date():
            written.append((at, popularity, followers))
    return written


NUMBERS = st.sampled_from([None, 0, 7, 2**53 + 1])


@settings(max_examples=60)
@given(sights=st.lists(st.tuples(st.integers(0, 120), NUMBERS, NUMBERS), max_size=8))
def test_what_differs_is_written_once_a_day(sights: list[Seen]) -> None:
    """Whatever moves, is not sent, or is seen with a clock that was set back; days are those of UTC."""
    assert observed(sights, "Asia/Kathmandu") == expected(sights)


def test_a_day_ends_at_midnight_utc() -> None:
    """A worked example: two moves before midnight are one row, which the first of them made; null stays as it was."""
    rows = observed([(-2, 50, 900), (-1, 51, 900), (0, 51, 901), (1, 51, None), (2, 52, 902)])
    assert [(at - NIGHT, *numbers) for at, *numbers in rows] == [
        (timedelta(hours=-1), 50, 900),
        (timedelta(minutes=30), 51, 900),
    ]


@pytest.mark.parametrize(
    ("table", "seen", "numbers"),
    [
        ("artists", artist(0, None), None),
        ("artists", FullArtist(id="a", name="", popularity=9), None),
        ("albums", FullAlbum(id="a", name="A", label="L", popularity=0), ("album", 0, None)),
        ("albums", FullAlbum(id="a", name="A", popularity=0), None),
        ("tracks", Item(id="a", uri="spotify:track:a", name="A", popularity=3), ("track", 3, None)),
        ("tracks", Item(id="a", uri="spotify:track:a", name="", popularity=3), None),
        ("tracks", Item(uri="spotify:local:::a:1", name="A", popularity=3), None),
        ("users", User(id="a", followers=Followers(0)), ("user", None, 0)),
        ("users", User(id="a"), None),
    ],
)
def test_numbers_that_are_not_believed_are_not_kept(table: str, seen: Any, numbers: tuple[Any, ...] | None) -> None:
    """Neither those of what is blanked, nor a 0 where nothing else that only some apps get was sent."""
    rows = Rows(seen_at=NIGHT)
    rows.add(table, seen)
    found = {batch.table.name: batch.rows.to_pylist() for batch in rows.flush(everything=True)}.get(TABLE.name, [])
    assert [(row["item_type"], row["popularity"], row["followers_total"]) for row in found] == [numbers] * bool(numbers)
