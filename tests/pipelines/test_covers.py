"""`playlake sync --covers`: the pictures themselves, and which playlist had which when."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import Report, sync
from sources.spotify_sandbox import Sandbox, generate
from sources.spotify_sandbox.api.pictures import cover
from sources.spotify_sandbox.world.timestamps import BEGINNING
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(2)

ONE, OTHER = (f"https://i.scdn.co/image/ab67706c0000da84{digit * 24}" for digit in "12")


class Clock:
    """The sandbox's clock, which stands where it was put."""

    def __init__(self) -> None:
        self.time = BEGINNING

    def __call__(self) -> datetime:
        """The time."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    """The sandbox's clock."""
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Iterator[Sandbox]:
    """A sandbox with three playlists: one with a mosaic in three sizes, one with a picture, one without."""
    world = generate(seed=3, playlists=3, items=20, clock=clock)
    first, second, third = world.listed()
    hashes = "".join(f"ab67616d0000b273{digit * 24}" for digit in "3456")
    first.set_images(_images(*(f"https://mosaic.scdn.co/{size}/{hashes}" for size in (640, 300, 60))))
    second.set_images(_images(ONE))
    third.set_images(b"[]")
    with Sandbox(world, clock=clock) as opened:
        yield opened


def _images(*urls: str) -> bytes:
    return msgspec.json.encode([{"url": url, "height": None, "width": None} for url in urls])


@pytest.fixture(params=["duckdb", "parquet"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """An empty lake."""
    return Lake(request.param, str(tmp_path / "lake"))


@pytest.fixture
def synced(api: Sandbox, lake: Lake) -> Callable[[], Report]:
    """Syncs with covers."""
    return lambda: sync(lake=lake, covers=True, **settings(api))


def rows(lake: Lake, table: str) -> int:
    """How many rows a table has."""
    [(count,)] = select(lake, f"SELECT count(*) FROM {table}")
    return int(count)


def test_pictures_are_kept_as_they_came(api: Sandbox, lake: Lake, synced: Callable[[], Report]) -> None:
    """Each picture is there byte for byte under its hash, the widest and the narrowest of a mosaic."""
    assert synced().exit_code == 0
    kept = select(lake, "SELECT sha256, content_type, bytes, width, height, data FROM covers ORDER BY width")
    assert [(row[1], row[3], row[4]) for row in kept] == [("image/jpeg", n, n) for n in (60, 300, 640)]
    assert all(row[0] == sha256(row[5]).hexdigest() and row[2] == len(row[5]) for row in kept)
    assert kept[1][5] == cover("1" * 24, 300)
    first, second, _ = api.world.listed()
    found = select(lake, "SELECT playlist_id, cover_sha256, thumbnail_sha256, shown_until FROM playlist_cover_history")
    small, one, wide = (row[0] for row in kept)
    assert set(found) == {(first.id, wide, small, None), (second.id, one, one, None)}


@pytest.mark.long
def test_only_what_is_new_is_written(api: Sandbox, lake: Lake, clock: Clock, synced: Callable[[], Report]) -> None:
    """The same cover at another address adds nothing; another, none and the first again are three rows."""
    _, second, _ = api.world.listed()
    synced()
    asked = [request for request in api.requests if request.path.startswith("/images/")]
    assert len(asked) == 3
    synced()
    assert len([request for request in api.requests if request.path.startswith("/images/")]) == 3
    assert (rows(lake, "covers"), rows(lake, "playlist_covers")) == (3, 2)

    clock.time += timedelta(days=1)
    synced()
    assert len([request for request in api.requests if request.path.startswith("/images/")]) == 6
    assert (rows(lake, "covers"), rows(lake, "playlist_covers")) == (3, 2)

    for images in (_images(OTHER), b"[]", _images(ONE)):
        second.set_images(images)
        synced()
    assert (rows(lake, "covers"), rows(lake, "playlist_covers")) == (4, 5)
    spans = select(
        lake,
        f"SELECT width, shown_until IS NULL FROM playlist_cover_history JOIN covers ON cover_sha256 = sha256 "
        f"WHERE playlist_id = '{second.id}' ORDER BY shown_from",
    )
    assert spans == [(300, False), (300, False), (300, True)]


def test_a_picture_that_does_not_come_fails_nothing(api: Sandbox, lake: Lake, synced: Callable[[], Report]) -> None:
    """The run succeeds and says what is missing; the next one fetches it."""
    _, second, _ = api.world.listed()
    name = ONE.rpartition("/")[2]
    api.world.pictures[name] = b"<html>not now</html>"
    report = synced()
    assert (report.exit_code, report.run.outcome, report.run.failed) == (0, "done", 0)
    assert report.run.message is not None
    assert "1 cover could not be fetched" in report.run.message
    [(message,)] = select(lake, "SELECT message FROM cover_checks WHERE message IS NOT NULL")
    assert "not a picture" in message
    del api.world.pictures[name]
    assert synced().run.message is None
    assert select(lake, "SELECT message FROM cover_checks WHERE message IS NOT NULL") == []
    assert select(lake, f"SELECT count(*) FROM playlist_covers WHERE playlist_id = '{second.id}'") == [(1,)]


@pytest.mark.long
def test_covers_are_off_by_default(api: Sandbox) -> None:
    """Without it no picture is asked for; the option and the setting both turn it on."""
    count = "SELECT count(*) FROM covers"
    lakes = [Lake("duckdb", f"{name}.duckdb") for name in ("without", "option", "setting")]
    playlake("sync", "--path", lakes[0].location, environment=api.environment)
    playlake("sync", "--covers", "--path", lakes[1].location, environment=api.environment)
    setting = api.environment | {"SOURCES__SPOTIFY__COVERS": "true"}
    playlake("sync", "--path", lakes[2].location, environment=setting)
    assert [select(lake, count) for lake in lakes] == [[(0,)], [(3,)], [(3,)]]
