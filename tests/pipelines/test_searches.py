"""What Spotify finds for the configured queries comes into its tables, in its order, and again only when it differs."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipelines.lake import Lake
from pipelines.operations.status import playlists_status
from pipelines.sync.service import Report, sync
from sources.spotify.list_settings import SEARCH_TYPES
from sources.spotify_sandbox import Sandbox, World, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select
from tests.sources.spotify_sandbox.asking import Api

pytestmark = pytest.mark.sampled(3)

PLACES = {"duckdb": "found.duckdb", "parquet": "found"}
QUERIES = ("fire", "hits")
LISTS = "SELECT list, subject, user_id, item_uris::VARCHAR[], item_count FROM ranked_lists ORDER BY observed_at"
NAMES = {
    "track": "SELECT track_uri, name FROM tracks",
    "artist": "SELECT uri, name FROM artists",
    "album": "SELECT uri, name FROM albums",
    "playlist": "SELECT uri, name FROM playlists",
    "show": "SELECT uri, name FROM shows",
    "episode": "SELECT uri, name FROM episodes",
    "audiobook": "SELECT uri, name FROM audiobooks",
}


class Searching:
    """A sandbox of a regime that is searched, and the lake with what it finds."""

    def __init__(self, lake: Lake, regime: str = "extended", world: World | None = None) -> None:
        self.lake, self.regime = lake, regime
        self.world = world or generate(seed=6, playlists=30, items=400)
        self.api = Sandbox(self.world, regime=regime)

    def sync(self, expected: int = 0, resources: str = "searches", **more: Any) -> Report:
        """Syncs them."""
        report = sync(None, self.lake, **{"resources": resources, "searches": QUERIES, **settings(self.api), **more})
        assert report.exit_code == expected, report.run.message
        return report

    def found(self, query: str, kind: str) -> list[dict[str, Any] | None]:
        """What the sandbox finds, asked in another way."""
        answer = Api(self.world, self.regime).get("/search", q=query, type=kind, limit=10)
        results: list[dict[str, Any] | None] = answer.json[f"{kind}s"]["items"]
        return results

    def id(self, name: str) -> str:
        """The id of a playlist."""
        return next(each.id for each in self.world.playlists.values() if each.name == name)

    @property
    def asked(self) -> list[dict[str, str]]:
        """The queries of all requests for results."""
        return [request.query for request in self.api.requests if request.path == "/v1/search"]


@pytest.fixture(params=sorted(PLACES))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One on each destination."""
    return Lake(request.param, str(tmp_path / PLACES[request.param]))


@pytest.mark.parametrize("regime", ["extended", "development"])
def test_results_are_those_of_spotify(lake: Lake, regime: str) -> None:
    """For each query and kind the first ten, in order, null where hidden, for one request a query; names come too."""
    searching = Searching(lake, regime)
    with searching.api:
        searching.sync()
        assert [query["q"] for query in searching.asked] == list(QUERIES)
        stored = {(name, subject): (user, uris, count) for name, subject, user, uris, count in select(lake, LISTS)}
        assert len(stored) == len(QUERIES) * len(SEARCH_TYPES)
        for query in QUERIES:
            for kind in SEARCH_TYPES:
                found = searching.found(query, kind)
                uris = [each["uri"] if each else None for each in found]
                assert stored[f"search:{kind}", query] == ("", uris, len(uris)), (query, kind)
                names = {(each["uri"], each["name"]) for each in found if each}
                assert names <= set(select(lake, NAMES[kind])), (query, kind)
    # Spotify's own playlists are hidden from apps in development mode.
    hidden = [uris.count(None) for (name, _), (_, uris, _) in stored.items() if name == "search:playlist"]
    assert hidden == [0, 2 if regime == "development" else 0]
    assert len(stored["search:track", "fire"][1]) == 10


@pytest.mark.long
def test_only_what_differs_is_written(lake: Lake) -> None:
    """The same results add nothing; a track that is found no more makes one state of one list."""
    searching = Searching(lake)
    with searching.api:
        searching.sync()
        before = select(lake, LISTS)
        report = searching.sync()
        assert {read.outcome for read in report.resource_reads} == {"unchanged"}
        assert report.run.requests == len(QUERIES) + 1
        assert select(lake, LISTS) == before
        assert select(lake, "SELECT count(DISTINCT run_id) FROM resource_reads") == [(1,)]
        first = next(each for each in searching.found(QUERIES[1], "playlist") if each)
        searching.world.playlists[first["id"]].name = "Something else"
        report = searching.sync()
        [changed] = select(lake, LISTS)[len(before) :]
        assert (changed[0], changed[1], first["uri"] in changed[3]) == ("search:playlist", QUERIES[1], False)
        assert [(r.subject, r.outcome, r.removed_items) for r in report.resource_reads if r.outcome == "read"] == [
            (QUERIES[1], "read", 1)
        ]


def test_users_of_a_lake_have_results_of_their_own(lake: Lake) -> None:
    """Those of two countries do not replace each other; the first user's are nobody's, as where there is only one."""

    def somebody(request: Request) -> Response | None:
        return JSONResponse({"id": "abroad", "type": "user"}) if request.url.path == "/v1/me" else None

    here, abroad = Searching(lake), Searching(lake, world=generate(seed=7, playlists=30, items=400))
    abroad.api = Sandbox(abroad.world, intercept=somebody)
    with here.api, abroad.api:
        for searching in (here, abroad):
            searching.sync(resources="followed_artists,searches")
        before = select(lake, LISTS)
        assert [user for _, _, user, *_ in before] == [""] * (len(before) // 2) + ["abroad"] * (len(before) // 2)
        for searching in (here, abroad):
            # Also where no other resource says who is signed in.
            for resources in ("searches", "followed_artists,searches"):
                report = searching.sync(resources=resources)
                assert {read.outcome for read in report.resource_reads if read.resource == "searches"} == {"unchanged"}
        assert select(lake, LISTS) == before


def test_kinds_can_be_chosen(lake: Lake) -> None:
    """Only these are asked for and kept."""
    searching = Searching(lake)
    with searching.api:
        searching.sync(searches="tag:new; paper", search_types="track,album")
        assert [query["type"] for query in searching.asked] == ["album,track"] * 2
        lists = {(name, subject) for name, subject, *_ in select(lake, LISTS)}
        assert lists == {(f"search:{kind}", query) for kind in ("album", "track") for query in ("tag:new", "paper")}


@pytest.mark.long
def test_without_queries_nothing_is_asked(lake: Lake) -> None:
    """Who named searches is told, with exit code 4; for `all` it is nothing to speak of."""
    searching = Searching(lake)
    with searching.api:
        report = searching.sync(4, searches=None)
        assert "sources.spotify.searches" in str(report.resource_reads[0].message)
        report = searching.sync(0, resources="all", searches=None)
        assert [read for read in report.resource_reads if read.resource == "searches"] == []
        assert searching.asked == []


def test_a_refused_query_leaves_the_others(lake: Lake) -> None:
    """An error of one query is told by its name; the others are stored."""

    def refuse(request: Request) -> Response | None:
        return JSONResponse({}, status_code=400) if request.query_params.get("q") == "no" else None

    with Sandbox(generate(seed=6, playlists=2, items=40), intercept=refuse) as api:
        report = sync(None, lake, resources="searches", searches=["fire", "no", "hits"], **settings(api))
        assert [(read.subject, read.outcome) for read in report.resource_reads] == [
            ("fire", "read"),
            ("no", "failed"),
            ("hits", "read"),
        ]
        assert (report.exit_code, "no (searches)" in str(report.run.message)) == (4, True)


def test_found_playlists_are_in_no_library(lake: Lake) -> None:
    """They are described and not counted, until they come into a library; what is known of a library's stays."""
    searching = Searching(lake)
    mine = "SELECT * FROM playlists WHERE in_library"
    others = "SELECT name, access FROM playlists WHERE in_library IS NULL"
    # Names of plain words, each of one playlist: one that is no longer listed, one that is, and one for later.
    names = Counter(each.name for each in searching.world.listed())
    plain = [name for name, times in names.items() if times == 1 and all(map(str.isalpha, name.split()))]
    unlisted, *queries = plain[:3]
    with searching.api:
        user = Api(searching.world, scope="playlist-modify-public")
        assert user.send("DELETE", f"/playlists/{searching.id(unlisted)}/followers").status == 200
        asked = [unlisted, queries[0]]
        searching.sync(searches=asked)
        found = {each["uri"]: each["name"] for query in asked for each in searching.found(query, "playlist") if each}
        assert {unlisted, queries[0]} <= set(found.values())
        assert sorted(select(lake, others)) == [(name, None) for name in sorted(found.values())]
        assert playlists_status(lake, timedelta(days=7)).rows == []
        report = searching.sync(resources="playlists")
        assert (unlisted, None) in select(lake, others)
        listed = sorted(select(lake, mine), key=str)
        in_library = len(list(searching.world.listed()))
        assert report.run.playlists == len(listed) == len(playlists_status(lake, timedelta(days=7)).rows) == in_library
        before = sorted(select(lake, others))
        searching.sync(searches=[*asked, queries[1]])
        assert sorted(select(lake, mine), key=str) == listed
        assert sorted(select(lake, others)) == before


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    """A kind that cannot be searched for is reported before anything is asked."""
    told = playlake(
        "sync", "--path", str(tmp_path / "x.duckdb"), environment={"SOURCES__SPOTIFY__SEARCH_TYPES": "songs"}
    )
    assert (told.code, "search_types = 'songs'" in told.err, list(tmp_path.iterdir())) == (2, True, [])
