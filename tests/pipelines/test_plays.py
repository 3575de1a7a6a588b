"""What people listened to is stored once, whenever Spotify tells of it, and where something may be missing is said."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.lake import Lake
from pipelines.sync.service import sync
from schemas import TABLES
from sources.spotify.engine.batches import Rows
from sources.spotify.models.decode import decode
from sources.spotify.models.plays import PlaysPage
from sources.spotify.resources.base import ENTRIES
from sources.spotify_sandbox import Sandbox, generate
from sources.spotify_sandbox.world.player import Play
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import contents, select

pytestmark = pytest.mark.sampled(3)

PLACES = {"duckdb": "plays.duckdb", "parquet": "plays"}
TOLD = "SELECT item_uri, epoch_ms(played_at), context_uri FROM plays ORDER BY played_at DESC, play_key"
GAPS = "SELECT epoch_ms(missing_from), epoch_ms(missing_until), known_plays FROM play_gaps ORDER BY observed_at"
MINUTE = 60_000
START = 1_790_000_000_000


class Listener:
    """Somebody who listens in a sandbox, and a lake that it is read into."""

    def __init__(self, lake: Lake) -> None:
        self.lake, self.world = lake, generate(seed=4, playlists=2, items=300)
        self.api = Sandbox(self.world)
        self.heard: list[Play] = []
        self.tracks = [n for n in range(150) if self.world.catalogue.kind(n) == "track"]
        self.world.player.history.clear()

    def listen(self, *minutes: int, context: str | None = "spotify:playlist:x") -> None:
        """Hears something that ends so many minutes after the start, in the order in which Spotify gets to know."""
        for minute in minutes:
            self.heard.append(Play(self.tracks[minute % len(self.tracks)], START + minute * MINUTE, context))
        newest = sorted(self.heard, key=lambda play: -play.played_at)[:50]
        self.world.player.history.clear()
        self.world.player.history.extend(newest)

    def sync(self, expected: int = 0, **more: Any) -> Any:
        """Syncs it, and gives what the run says of it."""
        given = settings(self.api)
        given["credentials"]["refresh_token"] = self.api.authorise("user-read-recently-played")
        report = sync(None, self.lake, resources="plays", **given, **more)
        assert report.exit_code == expected, report.run.message
        [read] = report.resource_reads
        return read

    def told(self, *minutes: int) -> list[tuple[Any, ...]]:
        """The rows of what was heard then."""
        heard = [play for play in self.heard if not minutes or (play.played_at - START) // MINUTE in minutes]
        uri = self.world.catalogue.uri
        return sorted(((uri(play.content), play.played_at, play.context) for play in heard), key=lambda row: -row[1])


@pytest.fixture(params=sorted(PLACES))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One on each destination."""
    return Lake(request.param, str(tmp_path / PLACES[request.param]))


@pytest.mark.long
def test_what_was_played_is_stored_once(lake: Lake) -> None:
    """Runs that overlap store each play once, with its track; one that comes too often costs a request."""
    listener = Listener(lake)
    with listener.api:
        assert listener.sync().new_items == 0
        listener.listen(*range(1, 31))
        assert (listener.sync().new_items, select(lake, TOLD)) == (30, listener.told())
        listener.listen(*range(31, 61))
        assert (listener.sync().new_items, select(lake, TOLD)) == (30, listener.told())
        before, plays, tracks = len(listener.api.requests), contents(lake)["plays"], contents(lake)["tracks"]
        read = listener.sync()
        asked = [request.path for request in listener.api.requests[before:] if "recently" in request.path]
        assert (read.outcome, read.requests, len(asked)) == ("unchanged", 1, 1)
        assert (contents(lake)["plays"], contents(lake)["tracks"]) == (plays, tracks)
        assert select(lake, "SELECT count(*) FROM plays ANTI JOIN tracks ON track_uri = item_uri") == [(0,)]
        assert select(lake, GAPS) == []


def test_gaps_are_reported_and_closed_by_what_comes_late(lake: Lake) -> None:
    """Where none of 50 was known others may be missing: a line, a row of play_gaps, and exit code 0."""
    listener = Listener(lake)
    with listener.api:
        listener.listen(*range(1, 51))
        assert listener.sync().message is None
        listener.listen(*range(51, 121))
        assert "play_gaps" in (listener.sync().message or "")
        gap = (START + 50 * MINUTE, START + 71 * MINUTE)
        assert select(lake, GAPS) == [(*gap, 0)]
        assert select(lake, TOLD) == listener.told(*range(1, 51), *range(71, 121))
        listener.listen(121)
        assert listener.sync().message is None
        assert select(lake, GAPS) == [(*gap, 0)]


def test_late_plays_and_a_clock_set_back(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an offline device tells later is stored, whatever this machine's clock says, and is no gap."""
    listener = Listener(lake)
    now = [datetime(2026, 12, 1, tzinfo=UTC)]
    monkeypatch.setattr("sources.spotify.source.steady_clock", lambda _: lambda: now[0])
    with listener.api:
        listener.listen(*range(10, 40))
        listener.sync()
        now[0] -= timedelta(days=3)
        listener.listen(5, 15, 200)
        assert listener.sync().new_items == 3
        now[0] -= timedelta(days=3)
        listener.listen(7)
        assert listener.sync().new_items == 1
        assert select(lake, TOLD) == listener.told()
        assert select(lake, GAPS) == []
        seen = select(lake, "SELECT DISTINCT first_observed_at, run_id FROM plays ORDER BY first_observed_at")
        assert [step[0] for step in seen] == [seen[0][0] + timedelta(microseconds=each) for each in range(3)]


def test_equal_plays_are_two(lake: Lake) -> None:
    """Two plays that nothing tells apart are two rows, and stay two."""
    listener = Listener(lake)
    with listener.api:
        listener.listen(3, 3)
        for new in (2, 0):
            assert listener.sync().new_items == new
        assert select(lake, TOLD) == listener.told()


def test_a_consent_without_plays_leaves_the_rest(lake: Lake) -> None:
    """What was named is missed, with exit code 4; what came with a group is reported and no failure."""
    listener = Listener(lake)
    with listener.api:
        environment = listener.api.environment | {
            "SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": listener.api.authorise("playlist-read-private")
        }
        place = ("--destination", lake.destination, "--path", lake.location)
        assert playlake("sync", *place, "--resources", "account", environment=environment).code == 0
        assert playlake("sync", *place, "--resources", "playlists,plays", environment=environment).code == 4
        told = select(
            lake, "SELECT DISTINCT outcome, message LIKE '%scope%' FROM resource_reads WHERE resource = 'plays'"
        )
        assert told == [("not_available", True)]


def test_recorded_answers_become_rows(shared: Path) -> None:
    """Every recorded answer decodes whole, each play with its time, its track and where it was played from."""
    found = sorted((shared / "recordings").rglob("*ecently*layed*.json"))
    recorded = [path for path in found if "played_at" in path.read_text("utf-8")]
    assert len(recorded) > 2
    for path in recorded:
        body = json.loads(path.read_text("utf-8"))
        page = decode(json.dumps(body).encode(), PlaysPage)
        rows = Rows()
        for entry, sent in zip(page.items or (), body["items"], strict=True):
            assert entry is not None
            assert entry.played_at == sent["played_at"]
            assert (entry.context and entry.context.uri) == (sent["context"] or {}).get("uri")
            assert entry.item_type == "track"
            rows.add(ENTRIES, entry)
        tracks = {batch.table.name: batch.rows for batch in rows.flush(everything=True)}["tracks"]
        assert set(tracks["track_uri"].to_pylist()) == {sent["track"]["uri"] for sent in body["items"]}
    assert "plays" in {table.name for table in TABLES}
