"""How people fill playlists: in sessions, a few at once, favourites again, and with odd things here and there."""

from array import array
from dataclasses import dataclass
from random import Random

from sources.spotify_sandbox.world.entries import BARE, NOTHING, PLAIN, Rows
from sources.spotify_sandbox.world.timestamps import BEGINNING
from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue

_LAST = int(BEGINNING.timestamp()) - 86_400
_FIRST = _LAST - 12 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class Habits:
    """Who adds to a playlist, and whether all of it came in one second, as in editorial ones."""

    adders: list[int]
    at_once: bool


def entries(random: Random, catalogue: GeneratedCatalogue, size: int, habits: Habits) -> Rows:
    """Ordinary entries, added in sessions; the order is the array's, not that of the times."""
    tracks, draw = catalogue.tracks, random.random
    rows = Rows()
    rows.contents = array("i", [int(tracks * draw() ** 2.5) for _ in range(size)])
    rows.forms = array("i", bytes(4 * size))
    rows.added_at = _times(random, size, habits.at_once)
    if len(habits.adders) == 1:
        rows.added_by = array("i", habits.adders * size)
    else:
        rows.added_by = array("i", random.choices(habits.adders, k=size))
    return rows


def _times(random: Random, size: int, at_once: bool) -> "array[int]":
    now = random.randint(_FIRST, _LAST)
    if at_once:
        return array("q", [_LAST - random.randint(0, 604_800)] * size)
    times: list[int] = []
    pace = (_LAST - now) // (size + 1) + 1
    while len(times) < size:
        if random.random() < 0.1:
            times += [now] * random.randint(2, 40)
        else:
            times.append(now)
        now = min(_LAST, now + random.randint(1, 2 * pace))
    del times[size:]
    if random.random() < 0.3:
        times.reverse()
    elif random.random() < 0.3:
        half = size // 2
        times = times[half:] + times[:half]
    return array("q", times)


def oddities(random: Random, rows: Rows, catalogue: GeneratedCatalogue, nobody: int) -> None:
    """Put what real playlists hold besides tracks into some places: at least one of each sort."""
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
    """The entry before once more: with all its values, or at another time."""
    rows.contents[place] = rows.contents[place - 1]
    rows.forms[place] = rows.forms[place - 1]
    if exactly:
        rows.added_at[place] = rows.added_at[place - 1]
        rows.added_by[place] = rows.added_by[place - 1]
