"""What Spotify puts forward comes into its tables where the app may ask; where not, a part costs a request."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipelines.lake import Lake
from pipelines.sync.service import Report, sync
from sources.spotify_sandbox import Sandbox, World, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select
from tests.sources.spotify_sandbox.asking import Api

pytestmark = pytest.mark.sampled(3)

PLACES = {"duckdb": "browsed.duckdb", "parquet": "browsed"}
PARTS = ("markets", "genre_seeds", "new_releases", "featured_playlists", "categories", "category_playlists")
LISTS = "SELECT list, subject, user_id, item_uris::VARCHAR[] FROM ranked_lists ORDER BY list, subject, observed_at"
WRITTEN = "SELECT (SELECT count(*) FROM ranked_lists), (SELECT count(*) FROM resource_reads)"


@pytest.fixture(params=sorted(PLACES))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One on each destination."""
    return Lake(request.param, str(tmp_path / PLACES[request.param]))


@pytest.fixture
def world() -> World:
    """One with some playlists of Spotify's own."""
    return generate(seed=6, playlists=30, items=300)


def browse(lake: Lake, api: Sandbox, expected: int = 0, resources: str = "browse", **more: Any) -> Report:
    """Syncs what there is to browse."""
    report = sync(None, lake, resources=resources, **settings(api), **more)
    assert report.exit_code == expected, report.run.message
    return report


def outcomes(report: Report) -> dict[str, str]:
    """How reading each part ended."""
    return {read.subject: read.outcome for read in report.resource_reads}


def uris(elements: list[Any]) -> list[str | None]:
    """What a list of the API's shows."""
    return [each["uri"] if each else None for each in elements]


def test_everything_of_an_older_app(lake: Lake, world: World) -> None:
    """Each list is there in Spotify's order with the names of what is on it; a second sync writes nothing."""
    witness = Api(world)
    categories = witness.get("/browse/categories", limit=50).json["categories"]["items"]
    albums = [
        each
        for offset in (0, 50)
        for each in witness.get("/browse/new-releases", limit=50, offset=offset).json["albums"]["items"]
    ]
    expected = {
        ("genre_seeds", ""): witness.get("/recommendations/available-genre-seeds").json["genres"],
        ("new_releases", ""): uris(albums),
        ("featured_playlists", ""): uris(witness.get("/browse/featured-playlists").json["playlists"]["items"]),
    }
    for each in categories:
        answer = witness.get(f"/browse/categories/{each['id']}/playlists", limit=50)
        expected["category_playlists", each["id"]] = uris(answer.json["playlists"]["items"])
    with Sandbox(world) as api:
        assert outcomes(browse(lake, api)) == dict.fromkeys(PARTS, "read")
        stored = {(name, subject): found for name, subject, user, found in select(lake, LISTS) if user == ""}
        assert stored == expected
        assert {code for (code,) in select(lake, "SELECT country FROM markets")} == set(
            witness.get("/markets").json["markets"]
        )
        icons = "SELECT category_id, name, url FROM categories JOIN category_icons USING (category_id)"
        assert {row[:2] for row in select(lake, icons)} == {(each["id"], each["name"]) for each in categories}
        assert set(select(lake, "SELECT uri, name FROM albums")) >= {(each["uri"], each["name"]) for each in albums}
        shown = "SELECT count(*), count(name), count(in_library), count(access) FROM playlists"
        assert select(lake, shown) == [(2, 2, 0, 0)]
        before = select(lake, WRITTEN)
        assert outcomes(browse(lake, api)) == dict.fromkeys(PARTS, "unchanged")
        assert select(lake, WRITTEN) == before


@pytest.mark.long
def test_an_app_in_development_mode(lake: Lake, world: World) -> None:
    """Each part is reported as not available after one request; that is a failure only for who named it."""
    refused = {part: "not_available" for part in PARTS if part != "category_playlists"}
    with Sandbox(world, "development") as api:
        assert outcomes(browse(lake, api, 4, recommendation_seeds="salsa")) == refused | {
            "recommendations": "not_available"
        }
        asked = Counter(request.path for request in api.requests if request.method == "GET")
        assert set(asked.values()) == {1}
        assert len(asked) == len(refused) + 1
        report = browse(lake, api, resources="all")
        assert {part: outcome for part, outcome in outcomes(report).items() if part in PARTS} == refused
        assert select(lake, "SELECT count(*) FROM ranked_lists WHERE user_id = ''") == [(0,)]
        told = "SELECT DISTINCT outcome, message LIKE '%not for this app%' OR message LIKE '%is not there%' "
        assert select(lake, f"{told} FROM resource_reads WHERE resource = 'browse'") == [("not_available", True)]


@pytest.mark.parametrize("closed", [False, True])
def test_categories_that_are_elsewhere(world: World, tmp_path: Path, *, closed: bool) -> None:
    """A category without playlists here is told and leaves the others; where all are closed to the app one is asked."""
    lake = Lake("duckdb", str(tmp_path / "closed.duckdb"))

    def absent(request: Request) -> Response | None:
        path = request.url.path
        missing = path.endswith(("/playlists", "/featured-playlists")) if closed else path.endswith("/jazz/playlists")
        return JSONResponse({"error": {"status": 404, "message": "Not found."}}, 404) if missing else None

    with Sandbox(world, intercept=absent) as api:
        report = browse(lake, api, 4 if closed else 0)
        asked = [request for request in api.requests if request.path.endswith("/playlists")]
        if closed:
            assert outcomes(report)["category_playlists"] == "not_available"
            assert len(asked) == 1
        else:
            read = next(read for read in report.resource_reads if read.subject == "category_playlists")
            assert (read.outcome, read.message) == ("read", "Without playlists in this country: Jazz.")
            [(lists,)] = select(lake, "SELECT count(*) FROM ranked_lists WHERE list = 'category_playlists'")
            assert lists == len(asked) - 1


def test_recommendations_need_seeds(world: World, lake: Lake) -> None:
    """They are asked for with the seeds that are set, one request; their albums have types as everywhere else."""
    with Sandbox(world) as api:
        artist = Api(world).get("/search", q="a", type="artist", limit=1).json["artists"]["items"]
        seeds = ["salsa", *(each["uri"] for each in artist)]
        assert outcomes(browse(lake, api, recommendation_seeds=seeds))["recommendations"] == "read"
        [request] = [request for request in api.requests if request.path == "/v1/recommendations"]
        expected = Api(world).get("/recommendations", **request.query).json["tracks"]
        [(subject, found)] = select(
            lake, "SELECT subject, item_uris::VARCHAR[] FROM ranked_lists WHERE list = 'recommendations'"
        )
        assert found == uris(expected)
        assert subject.startswith("genre:salsa")
        assert set(select(lake, "SELECT track_uri, name FROM tracks")) == {(e["uri"], e["name"]) for e in expected}
        types = {album_type for (album_type,) in select(lake, "SELECT DISTINCT album_type FROM albums")}
        assert types <= {"album", "single", "compilation"}


def test_more_markets(world: World, lake: Lake) -> None:
    """A country that is new is a row more; one that is listed no more stays known."""
    markets = ["DE", "SE"]

    def answer(request: Request) -> Response | None:
        return JSONResponse({"markets": markets}) if request.url.path.endswith("/markets") else None

    with Sandbox(world, intercept=answer) as api:
        browse(lake, api)
        first = select(lake, "SELECT country, first_seen_at FROM markets ORDER BY country")
        markets[:] = ["SE", "XK"]
        report = browse(lake, api)
        [read] = [read for read in report.resource_reads if read.subject == "markets"]
        assert (read.outcome, read.items, read.new_items) == ("read", 2, 1)
        stored = select(lake, "SELECT country, first_seen_at FROM markets ORDER BY country")
        assert (stored[:2], [country for country, _ in stored]) == (first, ["DE", "SE", "XK"])


def test_what_is_not_for_the_app_is_reported_to_whoever_named_it(world: World, tmp_path: Path) -> None:
    """A group leaves it out with a count on the last line, so that no hourly sync mails it each time."""
    place = ("--path", str(tmp_path / "lake.duckdb"))
    with Sandbox(world, "development") as api:
        group = playlake("sync", *place, "--resources", "all", environment=api.environment)
        named = playlake("sync", *place, "--resources", "browse", environment=api.environment)
    assert (group.code, "is not for this app" in group.err, "not available here (playlake doctor" in group.out) == (
        0,
        False,
        True,
    )
    assert (named.code, "browse markets: " in named.err, "5 not available here" in named.out) == (4, True, True)
