"""A world that goes on does as real playlists do, says what it did, and does the same for the same seed."""

import re
from collections import Counter
from datetime import timedelta

import duckdb
import pytest

from sources.spotify_sandbox import Weeks, World, WorldError, generate
from sources.spotify_sandbox.world import timestamps
from sources.spotify_sandbox.world.listening import came_out
from sources.spotify_sandbox.world.users import User
from sources.spotify_sandbox.world.words import NEW_FINDS
from sources.spotify_sandbox.worlds import weeks
from sources.spotify_sandbox.worlds.recorded_catalogue import RecordedCatalogue
from tests.sources.spotify_sandbox.asking import shared

LONG = 20
Held = Counter[tuple[str, str | None, str | None]]


def world() -> World:
    """One in which music comes out for as long as it goes on."""
    return generate(3, 48, 3_000, to_come=timedelta(weeks=LONG))


def held(of: World) -> Held:
    """What is on which playlist since when, also on those that have left the library."""
    return Held((each.id, entry.uri, entry.added_at) for each in of.playlists.values() for entry in each.entries)


@pytest.fixture(scope="module")
def life() -> Weeks:
    """Some weeks of a world."""
    life = Weeks(world(), 7)
    for _ in range(LONG):
        life.go_on()
    return life


def test_events_are_all_that_happened() -> None:
    """What is on the playlists in the end is what was there, with what came and without what went."""
    life = Weeks(world(), 7)
    expected = held(life.world)
    for _ in range(LONG):
        life.go_on()
    for event in life.events:
        expected[event.playlist_id, event.uri, event.added_at] += 1 if event.action == "added" else -1
    assert +expected == held(life.world)
    assert min(expected.values()) >= 0


def test_the_seed_decides(life: Weeks) -> None:
    """The same world and seed give the same events and plays, another seed others."""
    again, other = Weeks(world(), 7), Weeks(world(), 8)
    for _ in range(3):
        again.go_on()
        other.go_on()
    assert again.events == life.events[: len(again.events)]
    assert again.heard == life.heard[: len(again.heard)]
    assert again.events != other.events


def test_nothing_happens_before_its_time(life: Weeks) -> None:
    """Nothing is added, saved or heard before it came out, and nothing goes before it came."""
    of = life.world
    for event in life.events:
        assert event.uri is None or came_out(of.content(of.number(event.uri))) <= event.second
        assert event.added_at is None or timestamps.read(event.added_at) <= event.second
    for play in life.heard:
        assert came_out(of.content(play.content)) <= play.ended_at // 1000
    for track_id, second in of.library.listed("track"):
        assert came_out(of.content(of.number(f"spotify:track:{track_id}"))) <= second
    assert [play.ended_at for play in life.heard] == sorted(play.ended_at for play in life.heard)


def test_what_changes_a_week(life: Weeks) -> None:
    """Lists of new finds are replaced, those that are kept up change in part, and most others rest."""
    began, changed = int(life.world.began.timestamp()), Counter[str]()
    for week in range(LONG):
        inside = (event for event in life.events if week * weeks.WEEK < event.second - began <= (week + 1) * weeks.WEEK)
        changed.update({event.playlist_id for event in inside})
    readable = [each for each in life.world.listed() if each.is_readable]
    finds = [changed[each.id] for each in readable if each.name in NEW_FINDS]
    assert finds == [LONG] * 2
    resting = [changed[each.id] for each in readable if not each.collaborative and each.name not in weeks.GROWING]
    assert sorted(resting)[len(resting) // 2] <= 1
    assert len(readable) * LONG * 0.15 < changed.total() < len(readable) * LONG * 0.4


def test_only_generated_worlds_go_on() -> None:
    """A world of recordings has no music to come."""
    other = World(RecordedCatalogue(), User("me", "Me"))
    with pytest.raises(WorldError, match="only generated worlds"):
        Weeks(other)


FIGURES = """
WITH items AS (
    SELECT playlist_id, day, list(track_id) AS items FROM '{0}/entries.parquet' GROUP BY ALL
),
weekly AS (
    SELECT playlist_id, week, max_by(items, day) AS now
    FROM items, (SELECT unnest(generate_series(DATE '2019-05-26', DATE '2021-05-09', INTERVAL 7 DAY)) AS week)
    WHERE day <= week
    GROUP BY ALL
),
pairs AS (
    SELECT *, lag(now) OVER (PARTITION BY playlist_id ORDER BY week) AS before FROM weekly
),
counted AS (
    SELECT playlist_id, playlist_id LIKE '37i9dQ%' AS editorial, len(now) AS size,
        len(list_filter(now, lambda item: NOT list_contains(before, item))) AS added,
        len(list_filter(before, lambda item: NOT list_contains(now, item))) AS removed
    FROM pairs
    WHERE before IS NOT NULL
)
SELECT
    round(100 * avg((added + removed > 0)::INT) FILTER (NOT editorial)),
    round(100 * avg((added + removed > 0)::INT) FILTER (editorial)),
    median(added) FILTER (NOT editorial AND added + removed > 0)
FROM counted
"""


def test_the_figures_are_those_measured() -> None:
    """What the module says of real playlists is what the shared history of them says."""
    [found] = duckdb.execute(FIGURES.format(shared("data/playlist_history"))).fetchall()
    said = re.search(
        r"changed in (\d+) weeks of 100, .*? Spotify's in (\d+) of 100.*?added (\d+) items at most in half",
        " ".join((weeks.__doc__ or "").split()),
    )
    assert said is not None
    assert tuple(map(int, said.groups())) == tuple(map(int, found))
