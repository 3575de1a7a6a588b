"""When playlists join and leave the libraries of a lake's users."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from sources.spotify.models.rows import Listing
from sources.spotify.resources.playlists.library_membership import LEFT, LISTED, MISSING, LibraryMembership
from sources.spotify.resources.playlists.lookup import Lookup

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
Rows = dict[tuple[str, str], Listing]


def stored(rows: Rows) -> tuple[LibraryMembership, Counter[str]]:
    """What a sync gets of stored rows, and how often it looks up a playlist."""
    looked_up = Counter[str]()

    def newest(playlist_ids: Sequence[str]) -> dict[str, list[Listing]]:
        looked_up.update(playlist_ids)
        found: dict[str, list[Listing]] = {}
        for row in rows.values():
            if row.playlist_id in playlist_ids:
                found.setdefault(row.playlist_id, []).append(row)
        return found

    membership = LibraryMembership(
        Lookup(newest),
        lambda user_id: {row.playlist_id for row in rows.values() if row.user_id == user_id},
        lambda: {row.user_id for row in rows.values()},
    )
    return membership, looked_up


def row(user_id: str, playlist_id: str, state: str = LISTED) -> Rows:
    """A stored row, by its user and playlist."""
    return {(user_id, playlist_id): Listing(user_id, playlist_id, NOON, state)}


def test_of_a_thousand_users_a_sync_looks_up_one() -> None:
    """Comparing a list costs as much in a lake of many users as in one of this user alone."""
    rows: Rows = {}
    for user in range(1000):
        rows |= row(f"user{user}", f"theirs{user}") | row(f"user{user}", "everybodys")
    membership, looked_up = stored(rows)
    assert membership.library("user7") == {"theirs7", "everybodys"}
    assert membership.lacking("user7", {"new", "everybodys"}) == ["theirs7"]
    noted = list(membership.compare("user7", {"new", "everybodys"}, lambda _: False, NOON + HOUR))
    assert [(each.playlist_id, each.state) for each in noted] == [("new", LISTED), ("theirs7", MISSING)]
    assert membership.library("user7") == {"theirs7", "everybodys", "new"}
    assert looked_up == {"everybodys": 1, "theirs7": 1, "new": 1}
    assert len(membership.user_ids) == 1000


def test_it_is_in_a_library_as_long_as_anybody_lists_it() -> None:
    """It leaves with the last user, and what is gone leaves them all, at a time after what was known."""
    membership, _ = stored(row("a", "p") | row("b", "p", LEFT) | row("a", "q") | row("b", "q", MISSING))
    assert (membership.in_library("p"), membership.left_at("p"), membership.in_library("x")) == (True, None, None)
    early = NOON - HOUR
    assert [(each.user_id, each.state) for each in membership.close("p", early)] == [("a", LEFT)]
    assert (membership.in_library("p"), membership.left_at("p")) == (False, NOON + timedelta(microseconds=1))
    assert [each.user_id for each in membership.close("q", NOON + HOUR)] == ["a", "b"]
    assert (membership.in_library("q"), membership.left_at("q")) == (False, NOON + HOUR)
    assert membership.user_ids == {"a", "b"}


@pytest.mark.parametrize("seed", range(20))
def test_random_lists(seed: int) -> None:
    """What syncs note of random lists, each from the rows that were stored, is what a simple model says."""
    random, rows, lacked = Random(seed), Rows(), dict[tuple[str, str], int]()
    for step in range(60):
        user = random.choice("abc")
        shown = {playlist for playlist in "pqrst" if random.random() < 0.6}
        is_complete = random.random() < 0.7
        membership, _ = stored(rows)
        may_lack = (lambda playlist_id: playlist_id == "p") if is_complete else None
        for noted in membership.compare(user, shown, may_lack, NOON + step * HOUR):
            rows[user, noted.playlist_id] = noted
        for playlist in "pqrst":
            if playlist in shown:
                lacked[user, playlist] = 0
            elif (user, playlist) in lacked and is_complete and playlist != "p":
                lacked[user, playlist] = min(lacked[user, playlist] + 1, 2)
        states = {key: (LISTED, MISSING, LEFT)[times] for key, times in lacked.items()}
        assert {key: each.state for key, each in rows.items()} == states
        for playlist in "pqrst":
            of_all = [state for (_, its), state in states.items() if its == playlist]
            expected = any(state != LEFT for state in of_all) if of_all else None
            assert stored(rows)[0].in_library(playlist) is expected
