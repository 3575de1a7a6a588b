"""What tells additions apart, and which of them moved."""

from datetime import UTC, datetime
from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.table import TIME
from sources.spotify.keys import Identity, item_keys, moved_keys, parse_time

TIMES = ["2015-01-15T12:39:22Z", "1970-01-01T00:00:00Z", None, "", "nonsense"]
identities = st.tuples(
    st.sampled_from(["spotify:track:1", "spotify:track:2", "spotify:local:::x:1", None]) | st.text(max_size=3),
    st.sampled_from(TIMES),
    st.sampled_from(["me", "marcel#spotify", "", None]),
)
playlists = st.lists(identities, max_size=12)


def numbered(entries: list[Identity]) -> list[tuple[Identity, int]]:
    """Each entry with its ordinal among exact equals: what a key may depend on."""
    return [(entry, entries[:place].count(entry)) for place, entry in enumerate(entries)]


def same(entry: Identity) -> Identity:
    """An entry as the keys see it: nothing and an empty text are the same."""
    uri, added_at, added_by = entry
    return uri or "", added_at or "", added_by or ""


@given(playlists)
def test_keys_are_distinct_and_fit_a_column(entries: list[Identity]) -> None:
    """Each entry has a key of its own, exact equals too, and it is a signed 64-bit number."""
    keys = item_keys(entries)
    assert len(set(keys)) == len(entries)
    assert pa.array(keys, pa.int64()).to_pylist() == keys


@given(playlists, st.data())
def test_keys_do_not_depend_on_the_other_entries(entries: list[Identity], data: st.DataObject) -> None:
    """Removing, inserting and reordering others leaves a key as it was, as long as equals keep their order."""
    after = data.draw(st.permutations(entries)) + data.draw(playlists)
    after = [entry for entry in after if data.draw(st.booleans())]
    before_keys = dict(zip(numbered(list(map(same, entries))), item_keys(entries), strict=True))
    after_keys = dict(zip(numbered(list(map(same, after))), item_keys(after), strict=True))
    for addition in before_keys.keys() & after_keys.keys():
        assert before_keys[addition] == after_keys[addition]
    for addition in before_keys.keys() - after_keys.keys():
        assert before_keys[addition] not in after_keys.values()


def test_keys_stay_when_times_get_finer() -> None:
    """The key counts in seconds: another notation of the same second is the same addition."""
    notations = [
        "2015-01-15T12:39:22Z",
        "2015-01-15T12:39:22.345Z",
        "2015-01-15T13:39:22+01:00",
        "2015-01-15T12:39:22",
    ]
    assert len({item_keys([("spotify:track:1", text, "me")])[0] for text in notations}) == 1


def test_keys_are_those_of_yesterday() -> None:
    """Keys are stored: another way to compute them would look like every item was removed and added again."""
    entries: list[Identity] = [
        ("spotify:track:1", "2015-01-15T12:39:22Z", "me"),
        ("spotify:track:1", "2015-01-15T12:39:22Z", "me"),
        (None, None, None),
    ]
    assert item_keys(entries) == [-3_604_322_820_746_612_202, -3_952_173_011_892_381_490, -8_496_704_843_724_294_718]


@given(st.text(), st.text(), st.text())
def test_any_text_has_a_key(uri: str, added_at: str, added_by: str) -> None:
    """Whatever characters a user's name or a file's title holds."""
    assert len(item_keys([(uri, added_at, added_by), ("\ud800", "\ud800", "\ud800")])) == 2


def longest_increasing(values: list[int]) -> int:
    """The length of the longest increasing subsequence, by trying all."""
    return next(
        size
        for size in range(len(values), -1, -1)
        if any(list(chosen) == sorted(chosen) for chosen in combinations(values, size))
    )


@given(st.lists(st.integers(0, 9), unique=True, max_size=8), st.lists(st.integers(0, 9), unique=True, max_size=8))
def test_moved_keys_are_the_fewest_that_explain_the_order(before: list[int], after: list[int]) -> None:
    """Without the moved ones both orders agree, and no smaller set does that."""
    moved = moved_keys(before, after)
    common = [key for key in after if key in before]
    rest = [key for key in common if key not in moved]
    assert rest == [key for key in before if key in rest]
    assert len(moved) == len(common) - longest_increasing([before.index(key) for key in common])
    assert moved == [key for key in after if key in moved]


@given(st.lists(st.integers(), unique=True), st.lists(st.integers(), unique=True), st.data())
def test_nothing_moves_when_others_come_and_go(before: list[int], new: list[int], data: st.DataObject) -> None:
    """Insertions and removals shift entries but move none."""
    after = [key for key in before if data.draw(st.booleans())]
    for key in set(new) - set(before):
        after.insert(data.draw(st.integers(0, len(after))), key)
    assert moved_keys(before, after) == []


def test_a_long_reversed_list_takes_no_recursion() -> None:
    """A playlist of 11,000 turned around: all but one moved."""
    keys = list(range(11_000))
    assert len(moved_keys(keys, keys[::-1])) == 10_999


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2015-01-15T12:39:22Z", datetime(2015, 1, 15, 12, 39, 22, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2015-01-15T12:39:22.5+02:00", datetime(2015, 1, 15, 10, 39, 22, 500_000, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("0000", None),
        ("yesterday", None),
        ("2015-02-30T00:00:00Z", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_parse_time(text: str | None, time: datetime | None) -> None:
    """Times are UTC and come back from Arrow as they went in; what is no time is null."""
    assert parse_time(text) == time
    assert pa.array([parse_time(text)], TIME).to_pylist() == [time]
