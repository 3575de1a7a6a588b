"""Rows with words: the views for people say what the exact views say, with names, and count places from 1."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(2)

LEFT = "WHERE playlist_id NOT IN (SELECT playlist_id FROM playlists WHERE NOT in_library)"

PLACES = "playlist, playlist_id, place, item_uri, item_type, added_at, added_by"


@pytest.fixture(scope="module", params=["duckdb", "parquet"])
def lake(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake after three syncs of a world in which people edit, with local files and episodes."""
    lake = Lake(request.param, str(tmp_path_factory.mktemp("items") / "lake"))
    world = generate(seed=4, playlists=10, items=300)
    with Sandbox(world) as api:
        for round_ in range(3):
            sync(lake=lake, **settings(api))
            evolve(world, Random(round_), 30)
        sync(lake=lake, **settings(api))
    return lake


@pytest.mark.long
@pytest.mark.parametrize(
    ("view", "exact", "shared"),
    [
        ("items", "playlist_items", "playlist_id, {} AS place, item_uri, item_type, added_at"),
        ("item_changes", "playlist_changes", "playlist_id, observed_at, change, item_uri, {0} AS a, {1} AS b"),
        (
            "item_history",
            "playlist_item_history",
            "playlist_id, item_uri, added_at, listed_from, listed_until, {0} AS a, {1} AS b",
        ),
    ],
)
def test_they_hold_the_rows_of_the_exact_views(lake: Lake, view: str, exact: str, shared: str) -> None:
    """Not one row more or fewer but for playlists that left, and every place is a position and one."""
    places = {
        "items": (["place"], ["position + 1"]),
        "item_changes": (["from_place", "to_place"], ["from_position + 1", "to_position + 1"]),
        "item_history": (["first_place", "last_place"], ["first_position + 1", "last_position + 1"]),
    }[view]
    rows = [
        sorted(select(lake, f"SELECT {shared.format(*names)} FROM {name} {where}"), key=repr)
        for name, names, where in zip((view, exact), places, ("", LEFT if view == "items" else ""), strict=True)
    ]
    assert rows[0] == rows[1]
    assert rows[0]


def test_an_item_has_the_words_of_its_track_or_episode(lake: Lake) -> None:
    """Title, artists in order, album, date, length and code are those of the catalogue's tables."""
    expected = select(
        lake,
        """
        SELECT i.item_uri, t.name, t.isrc, epoch_ms(i.duration), t.duration_ms, i.artists, i.first_artist,
            (SELECT string_agg(artist_name, ', ' ORDER BY position) FROM track_artists AS a
             WHERE a.track_uri = t.track_uri AND artist_name <> '') AS artists_there,
            i.title, i.isrc, i.album, coalesce(b.name, t.album_name), i.released_on, b.released_on
        FROM items AS i JOIN tracks AS t ON t.track_uri = i.item_uri LEFT JOIN albums AS b USING (album_id)
        """,
    )
    assert expected
    for _, name, isrc, length, length_there, artists, first, artists_there, title, isrc_here, *pairs in expected:
        assert (title, isrc_here, length, artists) == (name, isrc, length_there, artists_there)
        assert artists is None or artists.startswith(first or artists)
        assert pairs[0] == pairs[1]
        assert pairs[2] == pairs[3]
    episodes = select(
        lake,
        "SELECT i.title, i.artists, e.name, s.name FROM items AS i JOIN episodes AS e ON e.uri = i.item_uri "
        "JOIN shows AS s USING (show_id)",
    )
    assert episodes
    assert all((title, artists) == (name, show) for title, artists, name, show in episodes)


@pytest.mark.long
def test_items_now_are_items_at_this_time(lake: Lake) -> None:
    """`items_at` of the present gives `items`, and nothing as of a time before the first sync."""
    now, order = datetime.now(UTC).isoformat(), "ORDER BY playlist_id, place"
    assert select(lake, f"FROM items_at('{now}') {order}") == select(lake, f"FROM items {order}")
    assert select(lake, "FROM items_at('2008-10-07')") == []


@pytest.mark.long
def test_any_observed_time_comes_back(tmp_path: Path) -> None:
    """The items can be had as each earlier sync found them, in order, under the names that playlists had then.

    Titles are those of today: the catalogue is as last seen.
    """
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    world = generate(seed=9, playlists=8, items=150)
    times, found = list[datetime](), list[list[tuple[Any, ...]]]()
    with Sandbox(world) as api:
        for round_ in range(4):
            done = sync(lake=lake, **settings(api))
            assert done.run.finished_at is not None
            times.append(done.run.finished_at)
            found.append(select(lake, f"SELECT {PLACES} FROM items ORDER BY playlist_id, place"))
            evolve(world, Random(round_), 15)
    for time, expected in zip(times, found, strict=True):
        then = select(lake, f"SELECT {PLACES} FROM items_at('{time.isoformat()}') ORDER BY playlist_id, place")
        assert then == expected
