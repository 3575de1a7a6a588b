"""A list that grows at its top and loses items anywhere is read exactly, in few requests."""

from collections.abc import Iterator, Sequence
from math import ceil, log2
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.spotify.resources.newest_first_bisection import ListChangedError, ListPage, NewestFirst, UnknownOrderError

LIMIT = 5


class Server:
    """A list behind pages, which counts requests."""

    def __init__(self, entries: Sequence[int | None], most: int = LIMIT) -> None:
        self.entries, self.most = list(entries), most
        self.asked: list[int] = []

    def pages(self, offsets: Sequence[int], limit: int) -> Iterator[ListPage[int]]:
        """Its pages, as the API gives them."""
        for offset in offsets:
            self.asked.append(offset)
            yield ListPage(self.entries[offset : offset + min(limit, self.most)], len(self.entries))


def reading(server: Server, known: Sequence[int | None]) -> NewestFirst[int]:
    return NewestFirst(server.pages, known, LIMIT)


def read(server: Server, known: Sequence[int | None]) -> list[int | None]:
    """As a resource does it: what changed, or else the whole."""
    made = reading(server, known)
    try:
        found = made.changes()
    except UnknownOrderError:
        found = made.whole()
    made.check()
    return found


def most(total: int) -> int:
    """Requests for all pages, and one to see that nothing moved meanwhile."""
    pages = max(ceil(total / LIMIT), 1)
    return pages + (pages > 1)


KNOWN = st.integers(0, 120).map(lambda size: list(range(size)))


@given(KNOWN, st.integers(0, 30), st.data())
def test_additions_and_removals_against_a_list(known: list[int], new: int, data: st.DataObject) -> None:
    """The result is the list, for the requests that were promised and never more than reading it whole."""
    gone = data.draw(st.sets(st.sampled_from(known), max_size=6)) if known else set()
    now = [*range(1000, 1000 + new), *(each for each in known if each not in gone)]
    server = Server(now)
    assert read(server, known) == now
    assert len(server.asked) <= most(len(now))
    if not gone and now:
        pages = min(ceil((new + 1) / LIMIT), ceil(len(now) / LIMIT))
        assert len(server.asked) == pages + (pages > 1)


@given(KNOWN, st.data())
def test_any_order_against_a_list(known: list[int], data: st.DataObject) -> None:
    """Entries that came deep in the list, or moved, are found where the total tells, and all when it is read whole."""
    now = data.draw(st.permutations(known[:20])) + known[20:]
    server = Server([*now, 5000])
    assert read(server, known) == [*now, 5000]
    assert len(server.asked) <= most(len(now) + 1)
    assert reading(Server(now), known).whole() == now


@pytest.mark.parametrize("size", [1000, 10_000])
def test_one_removal_costs_a_bisection(size: int) -> None:
    """About as many requests as the logarithm of the pages."""
    known = list(range(size))
    for gone in (0, 1, size // 3, size // 2, size - 2, size - 1):
        server = Server([each for each in known if each != gone])
        assert read(server, known) == server.entries
        assert len(server.asked) <= log2(size / LIMIT) + 3


@pytest.mark.parametrize("seed", range(40))
def test_a_large_library_with_few_changes(seed: int) -> None:
    """10,000 entries, of which 7 went here and there and 3 came: a bisection each, and not 200 pages."""
    random, limit = Random(seed), 50
    known = list(range(10_000))
    server = Server([*range(20_000, 20_003), *sorted({*known} - {*random.sample(known, 7)})], limit)
    made = NewestFirst(server.pages, known, limit)
    assert made.changes() == server.entries
    made.check()
    assert len(server.asked) <= 7 * log2(len(known) / limit) + 2 < 60


@given(KNOWN, st.data())
def test_hidden_entries_keep_their_place(known: list[int], data: st.DataObject) -> None:
    """What is shown as null keeps its place and its identity, in a whole reading too."""
    hidden = data.draw(st.sets(st.sampled_from(known))) if known else set()
    shown = [None if each in hidden else each for each in known]
    assert reading(Server(shown), known).whole() == known
    assert read(Server(shown), known) == known


def test_a_list_that_changes_is_noticed() -> None:
    """Between two pages, and between the first and the last."""
    server = Server(range(30))
    made = reading(server, [])
    made.whole()
    server.entries.insert(0, 99)
    with pytest.raises(ListChangedError):
        made.check()
    server = Server(range(30))
    made = reading(server, list(range(28)))
    with pytest.raises(UnknownOrderError):
        made.changes()
    server.entries.pop()
    with pytest.raises(ListChangedError):
        made.whole()


@given(KNOWN, st.integers(1, LIMIT), st.integers(0, 9), st.data())
def test_a_server_that_gives_less_than_was_asked_for(
    known: list[int], most: int, new: int, data: st.DataObject
) -> None:
    """No row between two pages is skipped."""
    gone = data.draw(st.sets(st.sampled_from(known), max_size=3)) if known else set()
    now = [*range(1000, 1000 + new), *(each for each in known if each not in gone)]
    assert read(Server(now, most), known) == now
    assert reading(Server(now, most), known).whole() == now
