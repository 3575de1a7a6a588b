"""Kept answers, read again without Spotify, give the tables that they gave then."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.replay import replay
from pipelines.sync.service import Report, sync
from sources.errors import DestinationError, TryLaterError
from sources.spotify import LoadBudget
from sources.spotify_sandbox import Fault, Sandbox, Weather, World, evolve, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import contents, select

pytestmark = pytest.mark.sampled(3)

DESTINATIONS = ("duckdb", "parquet")
RAW = Path("raw")
RUNS = "SELECT run_id, started_at, outcome, exit_code, message, requests FROM runs ORDER BY started_at"


def world() -> World:
    """Playlists of one page and of several, some withheld."""
    return generate(seed=3, playlists=12, items=800)


def kept(lake: Lake, worlds: Iterable[World], weather: Weather | None = None, **more: object) -> None:
    """Syncs that keep their answers, one for each state of the same library."""
    for number, state in enumerate(worlds):
        with Sandbox(state, regime="development", weather=weather if number == 0 else None) as api:
            sync(lake=lake, keep_raw=str(RAW), **settings(api), **more)  # type: ignore[arg-type]


def changing(times: int) -> Iterator[World]:
    """A library that people change between syncs."""
    library, random = world(), Random(5)
    yield library
    for _ in range(times - 1):
        evolve(library, random, 30)
        yield library


def replayed(lake: Lake, place: Path = RAW) -> list[Report]:
    """The reports of a replay, in which no run ends before it has read anything."""
    reports = list(replay(place, lake))
    assert all(isinstance(report, Report) for report in reports)
    return reports  # type: ignore[return-value]


@pytest.mark.long
@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_kept_history_gives_the_same_lake(destination: str) -> None:
    """Replayed in their order, runs give the same rows in every table and view, with the same ids, times and counts."""
    lake, again = Lake(destination, "lake"), Lake(destination, "again")
    kept(lake, changing(3))
    reports = replayed(again)
    assert [report.run.new_items > 0 for report in reports] == [True] * 3
    assert contents(again) == contents(lake)
    assert select(again, RUNS) == select(lake, RUNS)
    times = "SELECT started_at, finished_at FROM runs ORDER BY 1"
    seen = "SELECT DISTINCT observed_at FROM playlist_snapshots ORDER BY 1"
    for (started, finished), (then, ended) in zip(select(again, times), select(lake, times), strict=True):
        assert started == then
        assert started < finished <= ended
        assert any(started < observed <= finished for (observed,) in select(again, seen))


@pytest.mark.long
def test_faults_are_replayed() -> None:
    """Refusals, answers that are no JSON and requests that nobody answered lead to the same rows and messages."""
    faults = (
        Fault("server_error", nth=[3]),
        Fault("too_many_requests", nth=[5], retry_after=0),
        Fault("token_missing", nth=[7]),
        Fault("truncated_json", nth=[10]),
        Fault("cut", nth=[11]),
        Fault("forbidden", text="No.", nth=[13]),
        Fault("null_entries", nth=[15]),
    )
    lake, again = Lake(path="lake.duckdb"), Lake("parquet", "again")
    weather = Weather(faults)
    kept(lake, [world()], weather=weather, parallel_reads=1)
    assert weather.unmet == {}
    replayed(again)
    assert contents(again) == contents(lake)
    assert select(again, RUNS) == select(lake, RUNS)


@pytest.mark.long
@pytest.mark.parametrize("threads", [1, 4])
def test_a_used_up_quota_is_replayed(threads: int) -> None:
    """What several threads had when the quota was used up is there, the rest is told to be missing for that reason."""
    lake, again = Lake(path="lake.duckdb"), Lake(path="again.duckdb")
    kept(lake, [world()], weather=Weather([Fault("quota_exceeded", after=8, nth=[1])]), parallel_reads=threads)
    [report] = replayed(again)
    assert report.exit_code == 75
    reads = "SELECT playlist_id, outcome, items, message FROM playlist_reads ORDER BY ALL"
    assert select(again, reads) == select(lake, reads)
    assert contents(again)["playlist_items"] == contents(lake)["playlist_items"] != []
    assert select(again, "SELECT outcome, resume_at, message FROM runs") == select(
        lake, "SELECT outcome, resume_at, message FROM runs"
    )


def test_a_run_that_read_nothing_does_not_end_a_replay() -> None:
    """A run that Spotify refused at once ends as it did, and those after it are replayed all the same."""
    lake, again = Lake(path="lake.duckdb"), Lake(path="again.duckdb")
    with pytest.raises(TryLaterError):
        kept(lake, [world()], weather=Weather([Fault("quota_exceeded", retry_after=None)]))
    kept(lake, [world()])
    refused, report = replay(RAW, again)
    assert isinstance(refused, TryLaterError)
    assert isinstance(report, Report)
    assert contents(again)["playlist_items"] == contents(lake)["playlist_items"] != []
    assert replayed(again) == []


@pytest.mark.long
@pytest.mark.parametrize("destination", DESTINATIONS)
def test_a_replay_that_was_cut_off_goes_on(destination: str) -> None:
    """Interrupted between two loads, a replay is taken up again where it was, and nothing is there twice."""
    lake, again = Lake(destination, "lake"), Lake(destination, "again")
    kept(lake, changing(2))

    def interrupt(done: int, _total: int) -> None:
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(replay(RAW, again, budget=LoadBudget(requests=1), progress=interrupt))
    assert select(again, "SELECT count(*) FROM playlist_snapshots")[0][0] > 0
    assert len(replayed(again)) == 2
    assert replayed(again) == []
    for view in ("playlist_items", "playlist_changes", "playlist_snapshots", "playlist_additions"):
        assert contents(again)[view] == contents(lake)[view]


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_an_earlier_run_is_not_replayed_after_a_later_one(destination: str) -> None:
    """A run is not replayed into a lake that has seen later states, and nothing there changes."""
    lake, again = Lake(destination, "lake"), Lake(destination, "again")
    kept(lake, changing(2))
    first, second = sorted(RAW.iterdir())
    # Of what had not changed since the first one it has no answers.
    assert [report.exit_code for report in replayed(again, second)] == [4]
    before = contents(again)
    with pytest.raises(DestinationError, match=r"holds what was seen at .* later than the run"):
        list(replay(first, again))
    first.rename("renamed.jsonl.gz")
    with pytest.raises(DestinationError, match="is stored already"):
        list(replay(Path("renamed.jsonl.gz"), lake))
    assert contents(again) == before


@pytest.mark.long
def test_what_was_not_kept_is_reported() -> None:
    """A recording that ends early stores what it holds, and names every playlist of which answers are missing."""
    lake, again = Lake(path="lake.duckdb"), Lake(path="again.duckdb")
    kept(lake, [world()])
    [file] = RAW.iterdir()
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    [report] = replayed(again)
    assert (report.exit_code, report.run.outcome) == (4, "partial")
    missing = [read for read in report.reads if read.outcome == "failed"]
    assert 0 < len(missing) < 12
    assert all(f"{file} holds no answer to /playlists/{read.playlist_id}" in str(read.message) for read in missing)
    assert select(again, "SELECT count(*) FROM playlist_items")[0][0] > 0


def test_the_command() -> None:
    """Answers are kept and read again without any settings; what contradicts that is a wrong use."""
    with Sandbox(world(), regime="development") as api:
        done = playlake("sync", "--keep-raw", "raw", environment=api.environment)
        assert playlake("sync", "--keep-raw", "raw", environment=api.environment).code == 0
    assert len(list(RAW.iterdir())) == 2
    replay_ = ("sync", "--from-raw", "raw", "--path", "again.duckdb", "--report", "report.json")
    again = playlake(*replay_)
    assert (done.code, again.code, again.err) == (0, 0, "")
    assert again.out.partition(" -> ")[0] == done.out.partition(" -> ")[0]
    assert json.loads(Path("report.json").read_text())["run"]["unchanged"] > 0
    assert playlake(*replay_).out == "All runs of raw are stored in again.duckdb already.\n"
    for option in ("--full", "--keep-raw=raw", "--profile=other", "3cEYpjA9oz9GiPac4AsH4n"):
        wrong = playlake("sync", "--from-raw", "raw", option)
        assert (wrong.code, "leave out" in wrong.err) == (2, True)
    assert playlake("sync", "--from-raw", "nothing").code == 2


@pytest.mark.long
def test_a_full_disk_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where answers can no longer be kept the run ends and says so; what it had read is stored and can be replayed."""
    left = 15

    def append(path: Path, member: bytes) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device")
        with path.open("ab") as stream:
            stream.write(member)

    monkeypatch.setattr("sources.spotify.http.archive._append", append)
    with Sandbox(world(), regime="development") as api:
        end = playlake("sync", "--keep-raw", "raw", environment=api.environment)
    assert end.code == 2
    assert "Responses cannot be recorded in raw (No space left on device)" in end.err
    assert "unexpected" not in end.err
    lake, again = Lake(path="playlake.duckdb"), Lake(path="again.duckdb")
    assert list(replay(RAW, again))
    assert contents(again)["playlist_items"] == contents(lake)["playlist_items"] != []
