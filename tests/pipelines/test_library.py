"""Playlists that left are reported by name and no longer counted; an erroneous list makes none leave."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.report.findings import find
from pipelines.operations.status import playlists_status
from pipelines.sync.service import Report, sync
from sources.errors import TryLaterError
from sources.spotify.http.retry_transport import RetryTransport
from sources.spotify.http.transport import Answer, Request
from sources.spotify_sandbox import Fault, Sandbox, Weather, World, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select
from tests.pipelines.test_accounts import neighbour

pytestmark = pytest.mark.sampled(3)

PLACES = {"duckdb": "all.duckdb", "parquet": "all"}
LIBRARY = "SELECT in_library, left_at IS NOT NULL FROM playlists WHERE playlist_id = '{}'"


@dataclass
class Listing:
    """A library of four playlists in a lake, and a playlist that may leave.

    Attributes:
        lake: where they are.
        world: what the API tells of.
        api: the API.
    """

    lake: Lake
    world: World = field(default_factory=lambda: generate(seed=3, playlists=4, items=60))
    api: Sandbox = field(init=False)

    def __post_init__(self) -> None:
        self.api = Sandbox(self.world)
        self.playlist = self.world.create_playlist("Farewell")
        self.playlist.insert(0, [self.world.catalogue.uri(number) for number in (3, 4, 5)])

    def sync(self, *playlists: str, **more: Any) -> Report:
        """Syncs it; what is more is the sync's."""
        report = sync(playlists or None, self.lake, **settings(self.api), **more)
        assert report.exit_code == 0, report.run.message
        return report

    def state(self) -> tuple[Any, ...]:
        """Whether the playlist is in the library, and whether there is a time at which it left."""
        [row] = select(self.lake, LIBRARY.format(self.playlist.id))
        return tuple(row)


def told(report: Report) -> list[tuple[str, str, int | None]]:
    """The news of a sync."""
    return [(news.event, news.name, news.items) for news in report.news]


@pytest.mark.long
@pytest.mark.parametrize("destination", PLACES)
def test_a_playlist_leaves_with_the_second_list_without_it(destination: str) -> None:
    """It is named once with its size, counts no more, keeps its items and its history, and may come back."""
    library = Listing(Lake(destination, PLACES[destination]))
    with library.api:
        assert told(library.sync()) == []
        assert library.state() == (True, False)
        library.world.unlist(library.playlist.id)
        assert told(library.sync()) == []
        assert library.state() == (True, False)
        gone = library.sync()
        assert told(gone) == [("left", "Farewell", 3)]
        assert library.playlist.id in gone.news[0].message
        assert library.state() == (False, True)
        assert told(library.sync()) == []
        statement = f"SELECT count(*) FROM playlist_items WHERE playlist_id = '{library.playlist.id}'"
        assert select(library.lake, statement) == [(3,)]
        status = playlists_status(library.lake, timedelta(days=7))
        assert "Farewell" not in [row[1] for row in status.rows]
        found = find(library.lake)
        assert (found.overview.playlists, len(found.playlists)) == (4, 4)
        assert [(loss.playlist, loss.event, loss.items) for loss in found.losses] == [("Farewell", "left", 3)]
        library.world.relist(library.playlist.id)
        assert told(library.sync()) == []
        assert library.state() == (True, False)
        assert find(library.lake).overview.playlists == 5


def test_an_unchanged_library_writes_nothing(tmp_path: Path) -> None:
    """Only changes are facts, and whoever syncs with an empty disk knows them."""
    library = Listing(Lake())
    with library.api, pytest.MonkeyPatch.context() as patch:
        for number in range(4):
            patch.setenv("DLT_DATA_DIR", str(tmp_path / str(number)))
            library.sync()
            if number == 1:
                library.world.unlist(library.playlist.id)
        assert select(library.lake, "SELECT state, count(*) FROM playlist_listings GROUP BY ALL ORDER BY 1") == [
            ("left", 1),
            ("listed", 5),
            ("missing", 1),
        ]
        assert library.state() == (False, True)


@pytest.mark.long
def test_a_sync_by_id_says_nothing_about_the_library() -> None:
    """It neither shows nor lacks anything; whoever was only asked for by id is in no library and leaves none."""
    library = Listing(Lake())
    with library.api:
        library.sync(library.playlist.id)
        assert library.state() == (None, False)
        library.sync()
        library.world.unlist(library.playlist.id)
        library.sync()
        assert [told(library.sync(library.playlist.id)) for _ in range(3)] == [[], [], []]
        assert library.state() == (True, False)
        assert told(library.sync()) == [("left", "Farewell", 3)]
        library.sync(library.playlist.id)
        assert library.state() == (False, True)


def test_a_playlist_that_is_not_there_has_left() -> None:
    """404 by id is enough; of one that was never in the library it is no leaving."""
    library = Listing(Lake())
    stranger = library.world.create_playlist("Stranger")
    library.world.unlist(stranger.id)
    with library.api:
        library.sync()
        library.sync(stranger.id)
        library.world.delete_playlist(library.playlist.id)
        library.world.delete_playlist(stranger.id)
        report = sync([library.playlist.id, stranger.id], library.lake, **settings(library.api))
        assert told(report) == [("left", "Farewell", 3)]
        assert library.state() == (False, True)
        assert select(library.lake, LIBRARY.format(stranger.id)) == [(None, False)]
        assert told(library.sync()) == []


def test_a_playlist_that_is_hidden_from_one_app_has_not_left() -> None:
    """Spotify's own are in the list of an app that may not ask for them, and private ones are hidden from others."""
    library = Listing(Lake())
    library.playlist.set_public(False)
    with library.api:
        library.sync()
        other = neighbour(library.world)
        with Sandbox(other) as theirs:
            sync(lake=library.lake, **settings(theirs))
            report = sync([library.playlist.id], library.lake, **settings(theirs))
        assert [read.outcome for read in report.reads] == ["gone"]
        assert told(report) == []
        assert library.state() == (True, False)


@pytest.mark.long
def test_a_playlist_is_in_the_library_of_any_user() -> None:
    """It leaves the lake's library with the last list that has it."""
    library = Listing(Lake())
    other = neighbour(library.world)
    with library.api, Sandbox(other) as theirs:
        for api in (library.api, theirs):
            sync(lake=library.lake, **settings(api))
        library.world.unlist(library.playlist.id)
        assert [told(library.sync()) for _ in range(3)] == [[], [], []]
        assert library.state() == (True, False)
        other.unlist(library.playlist.id)
        reports = [sync(lake=library.lake, **settings(theirs)) for _ in range(2)]
        assert [told(report) for report in reports] == [[], [("left", "Farewell", 3)]]
        assert library.state() == (False, True)


def test_a_playlist_that_was_emptied_is_reported_with_its_size() -> None:
    """Once, and it stays in the library."""
    library = Listing(Lake())
    with library.api:
        library.sync()
        library.playlist.clear()
        assert told(library.sync()) == [("emptied", "Farewell", 3)]
        assert told(library.sync()) == []
        assert library.state() == (True, False)
        assert [(loss.playlist, loss.event, loss.items) for loss in find(library.lake).losses] == [
            ("Farewell", "emptied", 3)
        ]


Edit = Callable[[dict[str, Any]], object]


def short(answer: dict[str, Any]) -> None:
    """Rows are lost; the total stays."""
    del answer["items"][1:]


def overlong(answer: dict[str, Any]) -> None:
    """The total is too small, and a row is lost."""
    del answer["items"][0]
    answer["total"] = 2


def overcounted(answer: dict[str, Any]) -> None:
    """The total is too large, and a row is lost."""
    del answer["items"][0]
    answer["total"] = 99


def uncounted(answer: dict[str, Any]) -> None:
    """There is no total, and a row is lost."""
    del answer["items"][0]
    answer["total"] = None


def nulls(answer: dict[str, Any]) -> None:
    """A page of nulls."""
    answer["items"] = [None] * len(answer["items"])


def repeated(answer: dict[str, Any]) -> None:
    """The same row again and again."""
    answer["items"] = [answer["items"][-1]] * len(answer["items"])


def nameless(answer: dict[str, Any]) -> None:
    """Rows without an id."""
    answer["items"][0]["id"] = None


def unreadable(answer: dict[str, Any]) -> None:
    """A row that is no playlist."""
    answer["items"][0] = 7


def somebodys(answer: dict[str, Any]) -> None:
    """The list of another user."""
    answer["href"] = answer["href"].replace("/users/", "/users/not-")
    short(answer)
    answer["total"] = len(answer["items"])


def nobodys(answer: dict[str, Any]) -> None:
    """A list that does not say whose it is."""
    answer["href"] = None
    short(answer)
    answer["total"] = len(answer["items"])


GLITCHES: list[Edit] = [
    short,
    overlong,
    overcounted,
    uncounted,
    nulls,
    repeated,
    nameless,
    unreadable,
    somebodys,
    nobodys,
]


@pytest.mark.long
@pytest.mark.sampled(3)
@pytest.mark.parametrize("glitch", GLITCHES, ids=lambda glitch: glitch.__name__)
def test_a_list_that_glitches_makes_nothing_leave(glitch: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list with such an error proves nothing about missing playlists, however often it comes."""
    library = Listing(Lake())
    send = RetryTransport.send

    def distorted(transport: RetryTransport, request: Request) -> Answer:
        answer = send(transport, request)
        if not request.url.endswith("/me/playlists"):
            return answer
        said = json.loads(answer.body)
        glitch(said)
        return Answer(answer.status, json.dumps(said).encode(), answer.headers)

    with library.api:
        library.sync()
        monkeypatch.setattr(RetryTransport, "send", distorted)
        for _ in range(4):
            report = sync(lake=library.lake, **settings(library.api))
            assert told(report) == []
        assert select(library.lake, "SELECT DISTINCT in_library FROM playlists") == [(True,)]
        assert select(library.lake, "SELECT DISTINCT state FROM playlist_listings") == [("listed",)]


@pytest.mark.long
def test_a_list_that_lacks_a_playlist_once_makes_nothing_leave() -> None:
    """Not even if it happens every other time, with a total that agrees."""
    library = Listing(Lake())
    with library.api:
        library.sync()
        for _ in range(3):
            library.api.weather = Weather([Fault("shrunken_list", path="/v1/me/playlists", keep=0.4)])
            assert told(library.sync()) == []
            library.api.weather = Weather([])
            assert told(library.sync()) == []
        assert select(library.lake, "SELECT DISTINCT in_library FROM playlists") == [(True,)]


@pytest.mark.long
def test_a_list_that_is_cut_off_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate limit in its middle ends the sync before anything is concluded."""
    library = Listing(Lake(), generate(seed=3, playlists=60, items=70))
    send = RetryTransport.send

    def cut(transport: RetryTransport, request: Request) -> Answer:
        if request.url.endswith("/me/playlists") and request.params["offset"]:
            msg = "Wait."
            raise TryLaterError(msg)
        return send(transport, request)

    with library.api:
        library.sync()
        library.world.unlist(library.playlist.id)
        with monkeypatch.context() as patch:
            patch.setattr(RetryTransport, "send", cut)
            for _ in range(2):
                with pytest.raises(TryLaterError):
                    sync(lake=library.lake, **settings(library.api))
        assert [told(library.sync()) for _ in range(2)] == [[], [("left", "Farewell", 3)]]


def test_hidden_playlists_do_not_keep_others_from_leaving() -> None:
    """Null entries count for the total: as long as they do not become more, what is lacking is gone."""
    library = Listing(Lake())
    library.world.listing.insert(1, None)
    with library.api:
        library.sync()
        library.world.unlist(library.playlist.id)
        assert [told(library.sync()) for _ in range(2)] == [[], [("left", "Farewell", 3)]]


def test_a_lost_scope_does_not_count_as_leaving() -> None:
    """What the token may not see is reported; what it may see leaves as ever."""
    library = Listing(Lake())
    library.playlist.set_public(False)
    public = library.world.create_playlist("Public")
    with library.api:
        library.sync()
        narrow = {**settings(library.api)}
        narrow["credentials"] = {
            **narrow["credentials"],
            "refresh_token": library.api.authorise("playlist-read-collaborative"),
        }
        library.world.unlist(public.id)
        reports = [sync(lake=library.lake, **narrow) for _ in range(3)]
        assert [told(report) for report in reports] == [[], [("left", "Public", 0)], []]
        assert {report.exit_code for report in reports} == {0}
        assert all("playlist-read-private" in str(report.run.message) for report in reports)
        assert library.state() == (True, False)


def test_the_command_names_what_left(tmp_path: Path) -> None:
    """On standard error, even if it shall be quiet, in the report and in the log; the exit code stays 0."""
    library = Listing(Lake())
    with library.api as api:
        assert playlake("sync", environment=api.environment).code == 0
        library.world.unlist(library.playlist.id)
        library.world.create_playlist("Cleared").insert(0, [library.world.catalogue.uri(7)])
        assert playlake("sync", environment=api.environment).err == "New: Cleared (1)\n"
        next(library.world.listed()).clear()
        ended = playlake("sync", "--quiet", "--report", "report.json", environment=api.environment)
    assert ended.code == 0
    cleared = next(library.world.listed()).id
    assert sorted(ended.err.splitlines()) == [
        f"Cleared: Playlist {cleared} was emptied; it had 1 item. The lake keeps what was on it.",
        f"Farewell: Playlist {library.playlist.id} left the library; it had 3 items. The lake keeps what was on it.",
    ]
    news = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["news"]
    assert sorted((each["event"], each["name"], each["items"]) for each in news) == [
        ("emptied", "Cleared", 1),
        ("left", "Farewell", 3),
    ]
