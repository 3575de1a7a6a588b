"""Recorded answers of searches and of browsing become lists and rows: all of them, null places too."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
import requests

from schemas import TABLES
from sources.spotify.config import Settings
from sources.spotify.engine.run import Run
from sources.spotify.list_settings import SEARCH_TYPES
from sources.spotify.resources.registry import selected
from sources.stored.state import Stored
from tests.sources.spotify.stand_in import Reply, StandIn, client, path, refusal, reply

Json = dict[str, Any]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JMPEREZ = "JMPerez_spotify-web-api-js"
JAVA = "spotify-web-api-java/main/data"
URI = {"tracks": "track_uri"}
"""Names of the column with the URI, where it is not `uri`."""

BROWSED = {
    f"{JMPEREZ}/new_releases.json": "/browse/new-releases",
    f"{JAVA}/browse/GetListOfNewReleasesRequest.json": "/browse/new-releases",
    f"{JMPEREZ}/featured_playlists.json": "/browse/featured-playlists",
    f"{JAVA}/browse/GetListOfFeaturedPlaylistsRequest.json": "/browse/featured-playlists",
    "_decoded_cassettes/guilhermesad_rspotify_vcr__playlist_browse_featured_001.json": "/browse/featured-playlists",
}
KINDS = {"/browse/new-releases": "albums", "/browse/featured-playlists": "playlists"}
CATEGORIES = {
    f"{JMPEREZ}/browse_categories.json": f"{JMPEREZ}/category_playlists.json",
    f"{JAVA}/browse/GetListOfCategoriesRequest.json": f"{JAVA}/browse/GetCategorysPlaylistsRequest.json",
}
SEEDS = (f"{JMPEREZ}/genre_seeds.json", f"{JAVA}/browse/miscellaneous/GetAvailableGenreSeedsRequest.json")
TRACKS = (f"{JMPEREZ}/recommendations.json", f"{JAVA}/browse/GetRecommendationsRequest.json")


class Read(NamedTuple):
    """What came of a run: rows by table, lists by name and subject, outcomes by subject."""

    rows: dict[str, list[Json]]
    lists: dict[tuple[str, str], list[str | None]]
    outcomes: dict[str, str]


def read(resource: str, settings: Settings, answers: dict[str, Json]) -> Read:
    """The rows of a first sync in which some paths answer, and others are not there."""

    def answer(request: requests.PreparedRequest) -> Reply:
        asked = path(request)
        body = answers.get(asked)
        if body is None or int(parse_qs(urlsplit(str(request.url)).query).get("offset", ["0"])[0]):
            return refusal(404, "Not found.")
        return reply(body)

    run = Run(client(StandIn(answer)), settings, (), lambda: NOW, selection=selected([resource]))
    rows: dict[str, list[Json]] = {table.name: [] for table in TABLES}
    with duckdb.connect() as connection:
        for batch in run.batches(Stored(connection, ())):
            batch.rows.validate(full=True)
            assert batch.rows.schema == batch.table.arrow
            rows[batch.table.name] += batch.rows.to_pylist()
    lists = {(row["list"], row["subject"]): row["item_uris"] for row in rows["ranked_lists"]}
    return Read(rows, lists, {read.subject: read.outcome for read in run.recorder.resource_reads})


def body(file: Path) -> Json:
    """A recorded answer, bare or with its request."""
    found: Json = json.loads(file.read_text())
    return found["body"] if "status" in found and "body" in found else found


def one_page(answer: Json) -> Json:
    """The answer as if its page were the whole list."""
    return {
        name: value | {"next": None, "total": len(value["items"])} if isinstance(value, dict) else value
        for name, value in answer.items()
    }


def searches(folder: Path) -> Iterator[tuple[str, Json]]:
    """Recorded answers of searches, by the names of their files."""
    for file in sorted(folder.rglob("*earch*.json")):
        answer = body(file)
        pages = [value for name, value in answer.items() if name.removesuffix("s") in SEARCH_TYPES]
        if pages and "id" not in answer and all(isinstance(page, dict) and "items" in page for page in pages):
            yield str(file.relative_to(folder)), answer


def uris(elements: list[Json | None]) -> list[str | None]:
    """What a list shows."""
    return [each["uri"] if each else None for each in elements]


def check_rows(rows: dict[str, list[Json]], table: str, elements: list[Json | None]) -> None:
    """Each element is a row with its name."""
    named = {(row[URI.get(table, "uri")], row["name"]) for row in rows[table]}
    assert named >= {(each["uri"], each["name"]) for each in elements if each}


def test_every_recorded_search_becomes_lists(shared: Path) -> None:
    """A list of each kind that was answered, in order, and a row of each result."""
    checked, hidden = 0, []
    for name, answer in searches(shared / "recordings"):
        found = read("searches", Settings(searches=("q",)), {"/v1/search": answer})
        assert found.outcomes == {"q": "read"}, name
        for kind in SEARCH_TYPES:
            page = answer.get(f"{kind}s")
            assert found.lists.get((f"search:{kind}", "q")) == (uris(page["items"]) if page else None), name
            if page:
                check_rows(found.rows, f"{kind}s", page["items"])
            hidden += [name] if page and None in page["items"] else []
        checked += 1
    assert checked > 20
    assert f"{JAVA}/search/simplified/SearchEpisodesRequest.json" in hidden


@pytest.mark.parametrize("name", BROWSED)
def test_recorded_lists(name: str, shared: Path) -> None:
    """New releases and featured playlists, in order and as rows."""
    asked, answer = BROWSED[name], one_page(body(shared / "recordings" / name))
    kind = KINDS[asked]
    found = read("browse", Settings(), {f"/v1{asked}": answer})
    elements = answer[kind]["items"]
    assert found.lists == {(asked.rpartition("/")[2].replace("-", "_"), ""): uris(elements)}
    check_rows(found.rows, kind, elements)


@pytest.mark.parametrize("name", CATEGORIES)
def test_recorded_categories(name: str, shared: Path) -> None:
    """Categories with their icons; of the one whose playlists were recorded these, in order; the others have none."""
    categories = one_page(body(shared / "recordings" / name))
    playlists = one_page(body(shared / "recordings" / CATEGORIES[name]))
    featured: Json = {"playlists": {"items": [], "total": 0, "next": None}}
    first = categories["categories"]["items"][0]["id"]
    answers = {
        "/v1/browse/categories": categories,
        f"/v1/browse/categories/{first}/playlists": playlists,
        "/v1/browse/featured-playlists": featured,
    }
    found = read("browse", Settings(), answers)
    listed = categories["categories"]["items"]
    assert {(row["category_id"], row["name"]) for row in found.rows["categories"]} == {
        (each["id"], each["name"]) for each in listed
    }
    assert [row["url"] for row in found.rows["category_icons"]] == [i["url"] for each in listed for i in each["icons"]]
    assert found.lists[("category_playlists", first)] == uris(playlists["playlists"]["items"])
    check_rows(found.rows, "playlists", playlists["playlists"]["items"])
    assert found.outcomes["category_playlists"] == "read"


@pytest.mark.parametrize("name", SEEDS)
def test_recorded_genre_seeds(name: str, shared: Path) -> None:
    """Names of genres, in order."""
    answer = body(shared / "recordings" / name)
    found = read("browse", Settings(), {"/v1/recommendations/available-genre-seeds": answer})
    assert found.lists == {("genre_seeds", ""): answer["genres"]}


@pytest.mark.parametrize("name", TRACKS)
def test_recorded_recommendations(name: str, shared: Path) -> None:
    """Tracks in order; the type of an album in small letters, as everywhere else."""
    answer = body(shared / "recordings" / name)
    found = read("browse", Settings(recommendation_seeds=("genre:salsa",)), {"/v1/recommendations": answer})
    assert found.lists == {("recommendations", "genre:salsa"): uris(answer["tracks"])}
    check_rows(found.rows, "tracks", answer["tracks"])
    types = {row["album_type"] for row in found.rows["albums"]}
    assert types == {each["album"]["album_type"].lower() for each in answer["tracks"]}
