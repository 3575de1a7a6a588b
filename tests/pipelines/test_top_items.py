"""What a user likes most comes into its tables in order, at one request a page, and again only when it is another."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest

from pipelines.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from sources.spotify_sandbox.world.personal import Personal, TimeRange
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

RANGES: tuple[TimeRange, ...] = get_args(TimeRange)
PLACES = {"duckdb": "top.duckdb", "parquet": "top"}
SHOWN = "SELECT item_uri FROM ranked_list_items WHERE list = '{}' AND subject = '{}' ORDER BY place"
NAMED = (
    "SELECT name FROM ranked_list_items LEFT JOIN tracks ON track_uri = item_uri "
    "WHERE list = 'top_tracks' AND subject = '{}' ORDER BY place"
)
STATES = "SELECT list, subject, count(*) FROM ranked_lists GROUP BY ALL ORDER BY ALL"
CHANGED = "SELECT change, item_uri, place_before, place FROM ranked_list_changes WHERE list = 'top_tracks' ORDER BY ALL"


@pytest.fixture(params=sorted(PLACES))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One on each destination."""
    return Lake(request.param, str(tmp_path / PLACES[request.param]))


@pytest.fixture
def api(lake: Lake) -> Iterator[Sandbox]:
    """A sandbox, in another regime for each destination."""
    regime = {"duckdb": "extended", "parquet": "development"}[lake.destination]
    with Sandbox(generate(seed=4, playlists=1, items=900), regime) as sandbox:
        yield sandbox


def personal(api: Sandbox) -> Personal:
    """What belongs to the user."""
    return api.world.personal(api.world.me.id)


def read(lake: Lake, api: Sandbox, expected: int = 0, **more: Any) -> int:
    """Syncs, and tells how many requests the lists took."""
    before = len(api.requests)
    report = sync(None, lake, resources="top_items", **settings(api), **more)
    assert report.exit_code == expected, report.run.message
    return sum("/me/top/" in request.path for request in api.requests[before:])


def pages(api: Sandbox) -> int:
    """How many pages all lists have."""
    mine = personal(api)
    return sum(ceil(len(ids(time_range)) / 50) for ids in (mine.top_tracks, mine.top_artists) for time_range in RANGES)


def check(lake: Lake, api: Sandbox) -> None:
    """The view shows each list as it is, and every item is known. By name, since a track may play for another."""
    mine, world = personal(api), api.world
    for time_range in RANGES:
        tracks = [(world.content(number).name,) for number in mine.top_tracks(time_range)]  # type: ignore[union-attr]
        artists = [(f"spotify:artist:{artist_id}",) for artist_id in mine.top_artists(time_range)]
        assert select(lake, NAMED.format(time_range)) == tracks
        assert select(lake, SHOWN.format("top_artists", time_range)) == artists
    unknown = "SELECT count(*) FROM ranked_list_items ANTI JOIN artists ON item_uri = uri WHERE item_type = 'artist'"
    assert select(lake, unknown) == [(0,)]


def test_lists_are_stored_when_they_differ(lake: Lake, api: Sandbox) -> None:
    """A page is one request, one more for several pages that are new. What is the same writes nothing."""
    several = sum(len(personal(api).top_tracks(each)) > 50 for each in RANGES)
    several += sum(len(personal(api).top_artists(each)) > 50 for each in RANGES)
    assert several > 0
    assert read(lake, api) == pages(api) + several
    check(lake, api)
    before = select(lake, STATES)
    assert [number for _, _, number in before] == [1] * 6
    assert read(lake, api) == pages(api)
    assert select(lake, STATES) == before
    assert select(lake, "SELECT count(*) FROM resource_reads") == [(6,)]
    tracks = personal(api).top_tracks("short_term")
    [(first,), (second,), *_, (last,)] = select(lake, SHOWN.format("top_tracks", "short_term"))
    tracks[0], tracks[1] = tracks[1], tracks[0]
    place = len(tracks)
    tracks.pop()
    read(lake, api)
    check(lake, api)
    assert select(lake, CHANGED) == [
        ("left", last, place, None),
        *sorted([("moved", first, 1, 2), ("moved", second, 2, 1)], key=lambda row: str(row[1])),
    ]


@pytest.mark.long
def test_a_list_that_is_ranked_again_meanwhile(tmp_path: Path) -> None:
    """What is stored is one state of it; a list that never rests is left to the next sync."""
    lake, world, random = (
        Lake("duckdb", str(tmp_path / "top.duckdb")),
        generate(seed=4, playlists=1, items=900),
        Random(1),
    )
    mine, restless = world.personal(world.me.id), [2]

    def names() -> list[tuple[str]]:
        return [(world.content(number).name,) for number in mine.top_tracks("long_term")]  # type: ignore[union-attr]

    def intercept(request: Any) -> None:
        if request.url.path.endswith("/me/top/tracks") and request.query_params.get("offset") == "50" and restless[0]:
            restless[0] -= 1
            random.shuffle(mine.top_tracks("long_term"))

    with Sandbox(world, intercept=intercept) as api:
        assert len(mine.top_tracks("long_term")) > 50
        read(lake, api)
        assert select(lake, NAMED.format("long_term")) == names()
        restless[0] = 1000
        before = select(lake, SHOWN.format("top_tracks", "long_term"))
        random.shuffle(mine.top_tracks("long_term"))
        read(lake, api, expected=4)
        assert select(lake, SHOWN.format("top_tracks", "long_term")) == before
        told = "SELECT subject FROM resource_reads WHERE outcome = 'changed_while_reading'"
        assert select(lake, told) == [("top_tracks long_term",)]
        restless[0] = 0
        read(lake, api)
        assert select(lake, NAMED.format("long_term")) == names()


def test_a_consent_that_lacks_it(lake: Lake, api: Sandbox) -> None:
    """Nothing is asked, the scope and the command are reported, and it fails only where it was named."""
    environment = api.environment | {
        "SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": api.authorise(
            "playlist-read-private user-library-read user-follow-read"
        )
    }
    place = ("--destination", lake.destination, "--path", lake.location)
    assert playlake("sync", *place, "--resources", "account", environment=environment).code == 0
    assert playlake("sync", *place, "--resources", "top_items", environment=environment).code == 4
    assert not any("/me/top/" in request.path for request in api.requests)
    told = "SELECT DISTINCT outcome, message LIKE '%user-top-read%playlake login.' FROM resource_reads"
    assert select(lake, f"{told} WHERE resource = 'top_items'") == [("not_available", True)]


def test_two_users_in_one_lake(lake: Lake) -> None:
    """Each user's lists are that user's, and what one likes changes nothing of the other's."""
    worlds = [generate(seed=4, playlists=1, items=900) for _ in range(2)]
    for world, user in zip(worlds, ("one", "two"), strict=True):
        world.me = replace(world.me, id=user)
        world.users.add(world.me)
    for _ in range(2):
        for world in worlds:
            with Sandbox(world) as api:
                read(lake, api)
    users = select(lake, "SELECT user_id, count(*) FROM ranked_lists GROUP BY ALL ORDER BY ALL")
    assert users == [("one", 6), ("two", 6)]
