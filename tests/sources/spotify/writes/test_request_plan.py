import heapq
from collections import Counter
from itertools import combinations, product
from math import ceil
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.spotify.writes.request_plan import PRICE, Limits, Plan, plan
from sources.spotify.writes.steps import Add, Entry, Move, Remove, Step, after
from tests.examples import examples
from tests.sources.spotify.writes.api_model import Kept, PlaylistModel

TRACKS = [f"spotify:track:{letter}" for letter in "abcdefgh"]
EPISODES = ["spotify:episode:x", "spotify:episode:y"]
LOCAL = ["spotify:local:::one:1", "spotify:local:::two:2"]
GONE = ["spotify:track:gone1", "spotify:track:gone2"]

uris = st.sampled_from([*TRACKS, *EPISODES, *LOCAL, *GONE, None])
entries = st.builds(Entry, uris, st.integers(0, 3))
lists = st.lists(entries, max_size=14)
sizes = st.sampled_from([1, 2, 3, 100])


def carried_out(way: Plan, limits: Limits, gone: frozenset[str] = frozenset()) -> PlaylistModel:
    """The playlist after the plan, by the model of the API."""
    rows = [(entry.uri, entry.added_at or 0) for entry in way.current]
    model = PlaylistModel(rows, gone, limits.at_once, limits.most)
    for step in way.steps:
        match step:
            case Add(uris=uris, position=position):
                model.add(uris, position)
            case Remove(uris=uris):
                model.remove(uris)
            case Move(start=start, length=length, before=before):
                model.move(start, length, before)
    return model


@settings(max_examples=examples(600))
@given(lists, lists, sizes, st.booleans())
def test_carrying_out_a_plan_gives_the_target(
    current: list[Entry], wanted: list[Entry], at_once: int, gone_is_known: bool
) -> None:
    """Whatever is on a playlist, a plan's requests are accepted and lead to the wanted list, but for what it names."""
    limits = Limits(refused=frozenset(GONE), at_once=at_once)
    if not gone_is_known:
        limits = Limits(doubtful=frozenset(GONE), at_once=at_once)
    way = plan(current, wanted, limits)
    model = carried_out(way, limits, frozenset(GONE) if gone_is_known else frozenset())
    assert model.uris == way.result
    assert model.requests == way.requests == len(way.steps)
    stuck = Counter(current[place].uri for place in way.surplus)
    expected = [entry.uri for number, entry in enumerate(wanted) if number not in way.missing]
    assert Counter(model.uris) == Counter(expected) + stuck


@settings(max_examples=examples(500))
@given(lists, lists)
def test_what_is_wanted_comes_in_its_order(current: list[Entry], wanted: list[Entry]) -> None:
    """What cannot go stays among the others, and does not change their order."""
    way = plan(current, wanted, Limits(refused=frozenset(GONE)))
    order = [item for item in way.layout.target if item < 0 or item not in way.surplus]
    found = [current[item].uri if item >= 0 else wanted[~item].uri for item in order]
    assert found == [entry.uri for number, entry in enumerate(wanted) if number not in way.missing]


@settings(max_examples=examples(500))
@given(lists, lists)
def test_only_what_the_api_cannot_do_is_left(current: list[Entry], wanted: list[Entry]) -> None:
    """Missing are only hidden items, local files and what is gone; surplus only hidden ones and copies of those."""
    way = plan(current, wanted, Limits(refused=frozenset(GONE)))
    now, then = Counter(entry.uri for entry in current), Counter(entry.uri for entry in wanted)
    for number in way.missing:
        uri = wanted[number].uri
        assert uri is None or uri in GONE or uri.startswith("spotify:local:")
        assert uri is None or then[uri] > now[uri]
    for place in way.surplus:
        uri = current[place].uri
        assert uri is None or (now[uri] > then[uri] > 0 and (uri in GONE or uri.startswith("spotify:local:")))


@settings(max_examples=examples(500))
@given(lists, sizes)
def test_nothing_is_done_twice(wanted: list[Entry], at_once: int) -> None:
    """A list that is there already needs no request."""
    assert plan(wanted, wanted, Limits(at_once=at_once)).steps == []


@settings(max_examples=examples(500))
@given(lists, lists, sizes)
def test_a_plan_can_be_broken_off_anywhere(current: list[Entry], wanted: list[Entry], at_once: int) -> None:
    """From wherever a plan was broken off, another one leads to the same list."""
    limits = Limits(doubtful=frozenset(GONE), at_once=at_once)
    way = plan(current, wanted, limits)
    line: list[str | None] = [entry.uri for entry in current]
    for step in way.steps:
        line = after(line, step)
        rest = plan([Entry(uri) for uri in line], [Entry(uri) for uri in way.result], limits)
        assert not rest.missing
        # Hidden entries are known by nothing but their dates, which this list has lost.
        assert Counter(rest.result) == Counter(way.result)
        assert None in line or rest.result == way.result


@settings(max_examples=examples(500))
@given(st.lists(st.sampled_from(TRACKS), max_size=14), st.lists(st.sampled_from(TRACKS), max_size=14), sizes)
def test_never_dearer_than_replacing_everything(current: list[str], wanted: list[str], at_once: int) -> None:
    """A plan sends no more requests than removing and adding everything, but for one for every three dates it keeps."""
    way = plan([Entry(uri, 1) for uri in current], [Entry(uri) for uri in wanted], Limits(at_once=at_once))
    replacing = ceil(len(set(current)) / at_once) + ceil(len(wanted) / at_once)
    kept = sum(row[1] == 1 for row in carried_out(way, Limits(at_once=at_once)).rows)
    assert PRICE * way.requests <= PRICE * replacing + kept


def test_a_shuffled_playlist_is_filled_again() -> None:
    """Where nothing is in order any more, a thousand entries are not moved one by one."""
    wanted = [Entry(f"spotify:track:{number}", number) for number in range(1000)]
    current = list(wanted)
    Random(1).shuffle(current)
    assert plan(current, wanted).requests <= 20


def test_small_edits_keep_all_dates() -> None:
    """What a collaborator mangled is put right around everything else."""
    wanted = [Entry(f"spotify:track:{number}", number) for number in range(40)]
    current = [*wanted[:5], Entry("spotify:track:new", 99), *wanted[8:20], *wanted[30:35], *wanted[20:30], *wanted[36:]]
    way = plan(current, wanted)
    # One for what was added, one for the range that was moved, two for the two holes.
    assert way.requests == 4
    assert [len(found) for found in (way.added, way.removed, way.renewed, way.moved)] == [4, 1, 0, 5]
    assert sum(row[1] == 1_000_000 for row in carried_out(way, Limits()).rows) == 4


def test_a_copy_too_many_is_removed_with_the_others() -> None:
    """The API removes all copies of an item, so those that stay are put back, and it is said that their dates go."""
    current = [Entry(TRACKS[0], 1), Entry(TRACKS[1], 2), Entry(TRACKS[0], 3)]
    way = plan(current, [Entry(TRACKS[0], 1), Entry(TRACKS[1], 2)])
    assert way.steps == [Remove((TRACKS[0],)), Add((TRACKS[0],), 0)]
    assert (way.added, way.renewed, way.removed) == ([], [0], [2])


def test_local_files_stay_when_all_else_is_exchanged() -> None:
    """A local file is never removed to be added again, and is moved to its place."""
    current = [Entry(uri, 1) for uri in (LOCAL[0], *TRACKS[:4], LOCAL[1])]
    wanted = [Entry(uri) for uri in (*TRACKS[4:], LOCAL[1], LOCAL[0])]
    way = plan(current, wanted)
    assert way.result == [entry.uri for entry in wanted]
    assert not way.missing
    assert not {uri for step in way.steps if isinstance(step, Remove) for uri in step.uris} & set(LOCAL)


def test_the_limit_of_a_playlist_is_kept() -> None:
    """What does not fit is named, and nothing beyond it is sent."""
    wanted = [Entry(f"spotify:track:{number}") for number in range(12)]
    limits = Limits(most=10)
    way = plan(wanted[:3], wanted, limits)
    assert sorted(way.missing) == [10, 11]
    assert len(carried_out(way, limits).rows) == 10


small = st.lists(st.sampled_from(TRACKS[:4]), max_size=4)


@settings(max_examples=examples(150))
@given(small, small, st.sampled_from([1, 2]))
def test_small_plans_are_near_the_best(current: list[str], wanted: list[str], at_once: int) -> None:
    """Compared with all sequences of requests, the price in requests and dates is that of the best, or nearly."""
    before = tuple((uri, number) for number, uri in enumerate(current))
    way = plan([Entry(uri, at) for uri, at in before], [Entry(uri) for uri in wanted], Limits(at_once=at_once))
    rows = carried_out(way, Limits(at_once=at_once)).rows
    lost = sum(at == 1_000_000 for _, at in rows)
    assert PRICE * way.requests + lost <= best(before, wanted, at_once) + PRICE + 1


def best(before: tuple[Kept, ...], wanted: list[str], at_once: int) -> int:
    """The least price of any sequence of requests, by Dijkstra's algorithm over all lists."""
    queue: list[tuple[int, int, tuple[Kept, ...]]] = [(0, 0, before)]
    done: set[tuple[Kept, ...]] = set()
    pushed = 0
    while queue:
        price, _, rows = heapq.heappop(queue)
        if rows in done:
            continue
        done.add(rows)
        if [uri for uri, _ in rows] == wanted:
            return price
        for follower, new in followers(rows, sorted(set(wanted)), at_once, len(wanted) + 2):
            if follower not in done:
                pushed += 1
                heapq.heappush(queue, (price + PRICE + new, pushed, follower))
    raise AssertionError


def followers(
    rows: tuple[Kept, ...], alphabet: list[str], at_once: int, longest: int
) -> list[tuple[tuple[Kept, ...], int]]:
    """All lists that one request leads to, with how many of their entries it has added."""
    found: list[tuple[tuple[Kept, ...], int]] = []
    there = sorted({str(uri) for uri, _ in rows})
    for count in range(1, at_once + 1):
        for some in combinations(there, count):
            found += [(tuple(row for row in rows if row[0] not in some), 0)]
        if len(rows) + count <= longest:
            for new in product(alphabet, repeat=count):
                inserted = tuple((uri, 1_000_000) for uri in new)
                found += [((*rows[:at], *inserted, *rows[at:]), count) for at in range(len(rows) + 1)]
    for start, length in product(range(len(rows)), range(1, len(rows) + 1)):
        if start + length <= len(rows):
            rest = rows[:start] + rows[start + length :]
            block = rows[start : start + length]
            found += [((*rest[:at], *block, *rest[at:]), 0) for at in range(len(rest) + 1)]
    return found


@pytest.mark.parametrize("step", [Move(0, 2, 5), Move(3, 2, 1), Move(2, 1, 2), Remove(("b",)), Add(("z", "z"), 3)])
def test_what_a_step_does_is_what_the_api_does(step: Step) -> None:
    """The planner's idea of a request's effect is the model's."""
    line: list[str | None] = ["a", "b", "c", "b", "d", "e"]
    model = PlaylistModel([(uri, 0) for uri in line])
    match step:
        case Add(uris=some, position=position):
            model.add(some, position)
        case Remove(uris=some):
            model.remove(some)
        case Move(start=start, length=length, before=before):
            model.move(start, length, before)
    assert after(line, step) == model.uris
