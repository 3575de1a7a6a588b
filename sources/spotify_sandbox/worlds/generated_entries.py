"""Generates entries of playlists: in sessions, a few at once, favourites again, and some special cases.

Nothing is added before it came out, and hardly anything twice: of 87 real playlists 5 held a track more than once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sources.spotify_sandbox.world.entries import BARE, NOTHING, PLAIN, Rows
from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue

_DAY = 86_400
_TRIES = 8
"""One of this many items is added although it is on the list already."""
_OWN = 3
"""How much more often the owner of a shared playlist adds to it than another."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Who adds to a playlist, the owner first, from when until when, and whether all at once, as in editorial ones."""

    adders: list[int]
    first: int
    last: int
    at_once: bool


def entries(random: Random, catalogue: GeneratedCatalogue, size: int, habits: Habits) -> Rows:
    """Ordinary entries, added in sessions; the order is the array's, not that of the times."""
    times = _times(random, size, habits)
    people, weights = habits.adders, [_OWN, *[1] * (len(habits.adders) - 1)]
    rows, held = Rows(), set[int]()
    for at, count in times:
        adder = people[0] if len(people) == 1 else random.choices(people, weights)[0]
        for content in _chosen(random, catalogue, at, count, held):
            rows.contents.append(content)
            rows.added_at.append(at)
            rows.added_by.append(adder)
            rows.forms.append(PLAIN)
    return _arranged(random, rows, habits)


def _chosen(random: Random, catalogue: GeneratedCatalogue, at: int, count: int, held: set[int]) -> Iterator[int]:
    """What is added in a session: single tracks, or one after the other of an album."""
    layout, whole = catalogue.layout, count > 2 and random.random() < 0.5
    while count > 0:
        first = catalogue.releases.pick(random, at)
        for _ in range(_TRIES):
            if first not in held:
                break
            first = catalogue.releases.pick(random, at)
        whole = whole and first not in held
        block = map(layout.track, layout.places(layout.album(layout.place(first))[0])) if whole else (first,)
        for content in block:
            if count > 0 and not (whole and content in held):
                held.add(content)
                yield content
                count -= 1


def _times(random: Random, size: int, habits: Habits) -> list[tuple[int, int]]:
    """When something was added, and how much at once, oldest first."""
    last = habits.last
    if habits.at_once:
        return [(last - random.randint(0, 7 * _DAY), size)]
    now = habits.first
    pace = (last - now) // (size + 1) + 1
    sessions = []
    while size > 0:
        count = min(size, random.randint(2, 40) if random.random() < 0.1 else 1)
        sessions.append((now, count))
        size -= count
        now = min(last, now + random.randint(1, 2 * pace * count))
    return sessions


def _arranged(random: Random, rows: Rows, habits: Habits) -> Rows:
    """The entries as they came, the newest first, or with an older half moved to the top."""
    size, sort = len(rows), random.random()
    if habits.at_once or sort > 0.5:
        return rows
    if sort < 0.3:
        rows.keep(range(size)[::-1])
    else:
        rows.keep([*range(size // 2, size), *range(size // 2)])
    return rows


def oddities(random: Random, rows: Rows, catalogue: GeneratedCatalogue, nobody: int) -> None:
    """Put special cases of real playlists at some positions: at least one of each kind."""
    size = len(rows)
    episodes = range(catalogue.tracks, catalogue.tracks + catalogue.episodes)
    files = range(episodes.stop, episodes.stop + catalogue.files)
    places = random.sample(range(1, size), min(size - 1, 8 + size // 25))
    for number, place in enumerate(places):
        sort = number % 8
        if sort == 0:
            _null(rows, place, nobody)
        elif sort in {1, 2}:
            rows.contents[place] = random.choice(episodes)
            rows.added_at[place] = max(rows.added_at[place], catalogue.releases.of(rows.contents[place]))
        elif sort in {3, 4}:
            rows.contents[place] = random.choice(files)
        elif sort == 5:
            _again(rows, place, exactly=number % 16 < 8)
        elif sort == 6:
            rows.added_at[place] = NOTHING
            rows.added_by[place] = random.choice((NOTHING, nobody))
        else:
            rows.added_at[place] = 0


def _null(rows: Rows, place: int, nobody: int) -> None:
    rows.contents[place] = NOTHING
    rows.added_by[place] = nobody
    rows.forms[place] = BARE if place % 2 else PLAIN


def _again(rows: Rows, place: int, *, exactly: bool) -> None:
    """The previous entry again: with all its values, or with another time."""
    rows.contents[place] = rows.contents[place - 1]
    rows.forms[place] = rows.forms[place - 1]
    if exactly or rows.added_at[place] < rows.added_at[place - 1]:
        rows.added_at[place] = rows.added_at[place - 1]
    if exactly:
        rows.added_by[place] = rows.added_by[place - 1]
