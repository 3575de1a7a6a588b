"""Public lists of other users are read where the app may, beside the user's own or for an app alone."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from pipelines.lake import Lake
from pipelines.sync.service import Report, sync
from sources.errors import ConfigurationError
from sources.spotify.list_settings import user_ids
from sources.spotify_sandbox import Sandbox, World, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

PLACES = {"duckdb": "users.duckdb", "parquet": "users"}
THEM = ("marcel#spotify", "[sop]rocky")
THEIRS = "SELECT playlist_id, owner_id, access, in_library, left_at FROM playlists ORDER BY playlist_id"
COUNT = "SELECT count(*) FROM playlist_items"


@pytest.fixture(params=sorted(PLACES))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One on each destination."""
    return Lake(request.param, str(tmp_path / PLACES[request.param]))


@pytest.fixture
def world() -> World:
    """One in which others have playlists, too."""
    return generate(seed=6, playlists=30, items=120)


def read(lake: Lake, api: Sandbox, expected: int = 0, *, alone: bool = False, **more: Any) -> Report:
    """Syncs playlists, as the user or as the app alone."""
    given = settings(api)
    if alone:
        del given["credentials"]["refresh_token"]
    report = sync(None, lake, **{**given, "users": THEM, **more})
    assert report.exit_code == expected, report.run.message
    return report


def test_an_app_alone_reads_the_lists_of_users(lake: Lake, world: World) -> None:
    """All that they show is read, and in nobody's library; a second sync costs a request a list and writes nothing."""
    shown = [playlist for playlist in world.listed() if playlist.owner in THEM and playlist.public]
    with Sandbox(world) as api:
        report = read(lake, api, alone=True)
        expected = sorted((each.id, each.owner, "readable", None, None) for each in shown)
        assert select(lake, THEIRS) == expected
        assert len({owner for _, owner, *_ in expected}) == len(THEM)
        assert (report.run.playlists, report.run.read) == (len(shown), len(shown))
        items = select(lake, COUNT)
        assert items == [(sum(len(each.entries) for each in shown),)]
        before = len(api.requests)
        report = read(lake, api, alone=True)
        paths = [unquote(request.path) for request in api.requests[before:] if request.method == "GET"]
        assert paths == [f"/v1/users/{user}/playlists" for user in THEM]
        assert (report.run.unchanged, select(lake, COUNT)) == (len(shown), items)
        assert {read.outcome for read in report.resource_reads} == {"unchanged"}


def test_beside_the_users_own(world: World, tmp_path: Path) -> None:
    """What the user follows as well is read once, and stays in the library."""
    lake = Lake("duckdb", str(tmp_path / "mine.duckdb"))
    with Sandbox(world) as api:
        report = read(lake, api)
        assert report.run.playlists == 30
        assert select(lake, "SELECT count(*), count(*) FILTER (in_library) FROM playlists") == [(30, 30)]
        assert [read.subject for read in report.resource_reads] == [f"user {user}" for user in THEM]


def test_apps_in_development_mode_may_not(world: World, tmp_path: Path) -> None:
    """Each user that was named is reported as not available, with exit code 4; the user's own list is read."""
    place = str(tmp_path / "refused.duckdb")
    with Sandbox(world, "development") as api:
        told = playlake("sync", "--path", place, "--users", ",".join(THEM), environment=api.environment)
        assert (told.code, "not for this app" in told.err) == (4, True)
        outcomes = select(Lake("duckdb", place), "SELECT subject, outcome FROM resource_reads ORDER BY subject")
        assert outcomes == [(f"user {user}", "not_available") for user in sorted(THEM)]
        assert select(Lake("duckdb", place), COUNT) > [(0,)]
        paths = [request.path for request in api.requests if "/users/" in request.path]
        assert len(paths) == len(THEM)


@pytest.mark.sampled(1)
def test_users_are_named_in_several_ways() -> None:
    """By id, URI or link, each once; what names nobody is refused."""
    link = "https://open.spotify.com/user/marcel%23spotify?si=1"
    assert user_ids(f"anna, spotify:user:ben {link} anna") == ("anna", "ben", "marcel#spotify")
    for wrong in ("a/b", "..", "https://open.spotify.com/artist/0OdUWJ0sBjDrqHygGUXeCF"):
        with pytest.raises(ConfigurationError, match="is not a valid user"):
            user_ids(wrong)


@pytest.mark.sampled(1)
def test_playlists_and_users_exclude_each_other(tmp_path: Path) -> None:
    """A command that names both is refused, and nothing is made."""
    told = playlake("sync", "--path", str(tmp_path / "x.duckdb"), "--users", "anna", "5ieJqeLJjjI8iJWaxeBLuK")
    assert (told.code, "--users reads whole lists" in told.err, list(tmp_path.iterdir())) == (2, True, [])
