"""A lake that a wrong clock has written to is repaired by the command that the next sync names."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from unittest.mock import patch

import pytest

from pipelines.destinations.clock_shift import Shift, find_shift
from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.compaction import Compactor
from sources.spotify_sandbox import Sandbox, World, generate
from tests.pipelines.driving import Ended, playlake
from tests.pipelines.tables import contents, select

pytestmark = pytest.mark.sampled(3)

DAY = timedelta(days=1)
NO_AUDIT = {"SOURCES__SPOTIFY__AUDIT_AFTER": "99999 days"}
"""A jump of the clock makes audits due, which the twin has not."""
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@contextmanager
def clock(ahead: timedelta) -> Iterator[None]:
    """This process's clock goes ahead of the world's, and nobody notices."""

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    def shifted() -> float:
        return time.time() + ahead.total_seconds()

    with (
        # The sandbox's clock stays right; dlt has one of its own, which never goes back.
        patch("dlt.common.time.precise_time", shifted),
        patch("dlt.common.storages.load_package.increasing_precise_time", shifted),
        patch("sources.spotify.http.transport.datetime", Shifted),
        patch("sources.spotify.api.client.check"),
    ):
        yield


class Course:
    """Syncs of a changing world into a lake, and the same into a twin whose clock is always right."""

    def __init__(self, destination: str, api: Sandbox, world: World) -> None:
        self.lakes = {name: Lake(destination, name, "spotify") for name in ("lake", "twin")}
        self._api, self._world = api, world

    def command(self, *arguments: str, name: str = "lake") -> Ended:
        """A command on the lake."""
        lake = self.lakes[name]
        place = ("--destination", lake.destination, "--path", lake.location)
        end = playlake(arguments[0], *place, *arguments[1:], environment=self._api.environment | NO_AUDIT)
        assert "unexpected" not in end.err
        return end

    def sync(self, ahead: timedelta = timedelta()) -> None:
        """Both, after an edit; the lake's clock may be ahead."""
        playlist = max(self._world.listed(), key=len)
        playlist.remove([0])
        playlist.move(3, 1)
        assert self.command("sync", name="twin").code == 0
        with clock(ahead):
            assert self.command("sync").code == 0


def undescribed(lake: Lake) -> dict[str, list[str]]:
    """All that a lake holds but when objects were described: after 400 days they were described again."""
    return {
        name: sorted(str({column: row[column] for column in row if column != "described_at"}) for row in rows)
        for name, rows in contents(lake).items()
    }


@pytest.fixture(params=["duckdb", "parquet"])
def course(request: pytest.FixtureRequest) -> Iterator[Course]:
    """One on each destination."""
    world = generate(seed=3, playlists=3, items=40)
    with Sandbox(world) as api:
        yield Course(request.param, api, world)


@pytest.mark.long
def test_a_sync_of_the_future(course: Course) -> None:
    """The next one names the command, the doctor too; after it all is in order and as if the clock had been right."""
    course.sync()
    course.sync(400 * DAY)
    refused = course.command("sync")
    assert (refused.code, "playlake repair --clock" in refused.err) == (75, True)
    said = course.command("doctor")
    assert (said.code, "playlake repair --clock" in said.out) == (75, True)
    before = contents(course.lakes["lake"])
    assert "Would move 1 load " in course.command("repair", "--clock", "--dry-run").out
    assert contents(course.lakes["lake"]) == before
    done = course.command("repair", "--clock")
    assert (done.code, "Moved 1 load " in done.out) == (0, True), done.err
    assert "nothing to repair" in course.command("repair", "--clock").out
    course.sync()
    assert course.command("doctor").code == 0
    lake, twin = (undescribed(lake) for lake in course.lakes.values())
    assert lake.pop("runs")
    assert {name for name, rows in lake.items() if rows != twin[name]} == set()
    times = [
        row[0] for row in select(course.lakes["lake"], "SELECT started_at FROM runs ORDER BY _dlt_load_id, finished_at")
    ]
    assert times == sorted(times)
    assert times[-1] < datetime.now(UTC)


@pytest.mark.long
def test_several_syncs_of_the_future(course: Course) -> None:
    """Those that lie further apart than there was time stay in order, too."""
    course.sync()
    for days in (100, 400, 401):
        course.sync(days * DAY)
    assert "Moved 3 loads " in course.command("repair", "--clock").out
    course.sync()
    lake, twin = (undescribed(lake) for lake in course.lakes.values())
    assert {name for name, rows in lake.items() if rows != twin[name]} == set()


@pytest.mark.long
def test_a_small_jump_before_a_great_one(course: Course) -> None:
    """What a sync wrote with a right clock, some time after it began, stays before what comes later."""
    course.sync()
    for ahead in (timedelta(minutes=10), 10 * DAY):
        course.sync(ahead)
    assert "Moved 2 loads " in course.command("repair", "--clock").out
    course.sync()
    lake, twin = (undescribed(lake) for lake in course.lakes.values())
    assert {name for name, rows in lake.items() if rows != twin[name]} == set()


@pytest.mark.long
@pytest.mark.parametrize("course", ["parquet"], indirect=True)
@pytest.mark.parametrize("place", ["_activate", "clean"])
def test_a_repair_that_is_cut_off(place: str, course: Course) -> None:
    """The next one ends it, and moves nothing twice."""
    course.sync()
    course.sync(400 * DAY)
    with patch.object(Compactor, place, side_effect=KeyboardInterrupt):
        assert course.command("repair", "--clock").code == 130
    assert course.command("repair", "--clock").code == 0
    [(first, last)] = select(course.lakes["lake"], "SELECT min(load_id), max(load_id) FROM _dlt_loads")
    [(newest,)] = select(course.lakes["twin"], "SELECT max(load_id) FROM _dlt_loads")
    assert first == last > newest
    course.sync()
    lake, twin = (undescribed(lake) for lake in course.lakes.values())
    assert {name for name, rows in lake.items() if rows != twin[name]} == set()


def test_a_clock_that_is_wrong_itself(course: Course) -> None:
    """Nothing is moved to a time that the API's server does not know."""
    course.sync()
    with patch("pipelines.cli.repair.datetime") as wrong:
        wrong.now.return_value = datetime.now(UTC) - 30 * DAY
        end = course.command("repair", "--clock")
    assert (end.code, "correct the clock" in end.err) == (75, True), end


@pytest.mark.parametrize("days", [[400], [400, 401, 402], [100, 200, 500]])
def test_how_times_move(days: list[int]) -> None:
    """The newest becomes now, all stay after what is sound, and their order is the same."""
    sound = NOW - 5 * DAY
    ids = [str((NOW + day * DAY).timestamp()) for day in days]
    shift = find_shift(iter([str(sound.timestamp()), *ids]), iter([NOW + (days[-1] * DAY) + timedelta(seconds=9)]), NOW)
    assert isinstance(shift, Shift)
    moved = [shift.load_id(load_id) for load_id in shift.loads]
    assert all(one < other for one, other in pairwise([str(sound.timestamp()), *moved]))
    assert shift.moved(shift.newest) == NOW
    assert find_shift(iter([str(sound.timestamp())]), iter([]), NOW) is None
