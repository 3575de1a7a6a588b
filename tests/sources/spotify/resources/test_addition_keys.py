"""What tells additions apart, and which of them moved."""

from datetime import UTC, datetime
from hashlib import blake2b
from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.spec import TIME
from sources.errors import CollisionError
from sources.spotify.models.times import parse_time, seconds
from sources.spotify.resources import addition_keys
from sources.spotify.resources.addition_identity import Identity
from sources.spotify.resources.addition_keys import item_keys, moved_keys

URIS = ["spotify:track:1", "spotify:track:2", "spotify:local:::x:1", None]
identities = st.tuples(st.sampled_from(URIS) | st.text(max_size=3), st.sampled_from([0, -1, 1_421_325_562, None]))
playlists = st.lists(identities, max_size=12)


def numbered(entries: list[Identity]) -> list[tuple[Identity, int]]:
    """Each entry with its ordinal among exact equals: what a key may depend on."""
    return [(entry, entries[:place].count(entry)) for place, entry in enumerate(entries)]


def same(entry: Identity) -> Identity:
    """An entry as the keys see it: nothing and an empty text are the same."""
    return entry[0] or None, entry[1]


@given(playlists)
def test_keys_are_distinct_and_fit_a_column(entries: list[Identity]) -> None:
    """Each entry has a key of its own, exact equals too, and it is a signed 64-bit number."""
    keys = item_keys(entries)
    assert len(set(keys)) == len(entries)
    assert pa.array(keys, pa.int64()).to_pylist() == keys


@given(playlists, st.data())
def test_keys_do_not_depend_on_the_other_entries(entries: list[Identity], data: st.DataObject) -> None:
    """Removing, inserting and reordering others leaves a key as it was, as long as equals keep their order."""
    entries = list(map(same, entries))
    after = data.draw(st.permutations(entries)) + list(map(same, data.draw(playlists)))
    after = [entry for entry in after if data.draw(st.booleans())]
    before_keys = dict(zip(numbered(entries), item_keys(entries), strict=True))
    after_keys = dict(zip(numbered(after), item_keys(after), strict=True))
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
    assert {seconds(text) for text in notations} == {1_421_325_562}
    assert [seconds(text) for text in ("1969-12-31T23:59:59.5Z", "", None, "nonsense")] == [-1, None, None, None]


def test_keys_are_those_of_yesterday() -> None:
    """Keys are stored: with other keys, every item would seem removed and added again."""
    entries: list[Identity] = [("spotify:track:1", 1_421_325_562), ("spotify:track:1", 1_421_325_562), (None, None)]
    assert item_keys(entries) == [3_093_411_235_480_211_302, 1_443_803_762_818_864_092, -5_425_471_696_002_325_457]


@given(st.text())
def test_any_text_has_a_key(uri: str) -> None:
    """Whatever characters a file's title holds."""
    assert len(item_keys([(uri, 0), ("\ud800", 0)])) == 2


@pytest.fixture
def bytewise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Digests of one byte, of which many are the same."""
    monkeypatch.setattr(addition_keys, "blake2b", lambda text, digest_size: blake2b(text, digest_size=digest_size // 8))


@pytest.mark.usefixtures("bytewise")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(st.integers(0, 60).map(str), st.integers(0, 1)), max_size=60), max_size=6))
def test_colliding_additions_keep_keys_of_their_own(readings: list[list[Identity]]) -> None:
    """In a reading and against all that was ever stored, a key means one addition, and an addition keeps its key."""
    stored: dict[int, Identity] = {}
    known: dict[tuple[Identity, int], int] = {}
    for entries in readings:
        for addition, key in zip(numbered(entries), item_keys(entries, stored), strict=True):
            assert known.setdefault(addition, key) == key
            assert stored.setdefault(key, addition[0]) == addition[0]
    assert len(set(known.values())) == len(known)


@pytest.mark.usefixtures("bytewise")
def test_more_additions_than_keys_are_refused() -> None:
    """All keys are used, and then it is said that there is none left."""
    entries: list[Identity] = [(str(number), 0) for number in range(256)]
    assert len(set(item_keys(entries[:200]))) == 200
    with pytest.raises(CollisionError, match="no key is left for one more"):
        item_keys([*entries, ("one more", 0)])


def test_keys_of_an_earlier_rule_stay() -> None:
    """What is stored under a key that would be another today keeps it, and new copies of it get one of today's."""
    stored: dict[int, Identity] = {1: ("spotify:track:1", 0), 2: ("spotify:track:2", 0), 3: ("spotify:track:2", 0)}
    found = item_keys([("spotify:track:2", 0), ("spotify:track:1", 0), *[("spotify:track:2", 0)] * 2], stored)
    assert found[:3] == [2, 1, 3]
    assert found[3] == item_keys([("spotify:track:2", 0)] * 3)[2]


def test_a_lost_addition_gets_its_own_key_again() -> None:
    """The copy whose row is lost does not take the place of the one whose row is there."""
    copies: list[Identity] = [("spotify:track:1", 0)] * 3
    before = item_keys(copies)
    assert item_keys(copies, {before[2]: copies[2]}) == before


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
