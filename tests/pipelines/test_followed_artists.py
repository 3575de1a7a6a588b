"""Whom a user follows comes into the tables of saved items exactly, with its history, at one request a page."""

from collections.abc import Callable
from dataclasses import replace
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipelines.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

REGIMES = {"duckdb": "extended", "parquet": "development"}
SHOWN = "SELECT item_id FROM saved_items WHERE collection = 'artists' AND user_id = '{}' ORDER BY position"
CHANGED = "SELECT change, count(*) FROM saved_item_changes WHERE collection = 'artists' GROUP BY change ORDER BY change"


class Fan:
    """A user who follows artists in a sandbox, and a lake."""

    def __init__(self, lake: Lake, intercept: Callable[[Any], None] | None = None, user: str = "fan") -> None:
        self.lake, self.world = lake, generate(seed=4, playlists=1, items=900)
        self.world.me = replace(self.world.me, id=user)
        self.world.users.add(self.world.me)
        self.api = Sandbox(self.world, REGIMES[lake.destination], intercept=intercept)
        self._second = 1_800_000_000
        for performer in self.world.catalogue.works.every_performer():
            self.follow(performer.artist.id)

    @property
    def followed(self) -> list[str]:
        """Ids of the artists, as the API lists them."""
        return [artist_id for artist_id, _ in self.world.library.listed("artist")]

    def follow(self, artist_id: str) -> None:
        """Follows one, who then comes first."""
        self._second += 60
        self.world.library.save("artist", artist_id, self._second)

    def unfollow(self, artist_id: str) -> None:
        """Follows one no longer."""
        self.world.library.remove("artist", artist_id)

    def sync(self, expected: int = 0) -> int:
        """Syncs, and tells how many requests for artists that took."""
        before = len(self.api.requests)
        report = sync(None, self.lake, resources="followed_artists", **settings(self.api))
        assert report.exit_code == expected, report.run.message
        return sum(request.path.endswith("/me/following") for request in self.api.requests[before:])

    def shown(self) -> list[str]:
        """What the view shows."""
        return [artist_id for (artist_id,) in select(self.lake, SHOWN.format(self.world.me.id))]


@pytest.fixture(params=sorted(REGIMES))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One on each destination, with a regime of its own."""
    return Lake(request.param, str(tmp_path / {"duckdb": "fan.duckdb", "parquet": "fan"}[request.param]))


def test_follows_come_and_go(lake: Lake) -> None:
    """All are read in one request a page, what is the same writes nothing, and each change is one change."""
    fan = Fan(lake)
    with fan.api:
        first, second, *_, last = fan.followed
        pages = ceil(len(fan.followed) / 50)
        assert pages > 1
        assert fan.sync() == pages
        assert fan.shown() == fan.followed
        assert fan.sync() == pages
        assert select(lake, "SELECT count(*) FROM resource_reads") == [(1,)]
        fan.unfollow(second)
        fan.unfollow(last)
        fan.sync()
        fan.follow(last)
        fan.sync()
        assert fan.shown() == fan.followed
        assert fan.shown()[:2] == [last, first]
    assert select(lake, CHANGED) == [("added", 1), ("removed", 2)]
    periods = "SELECT listed_until IS NULL FROM saved_item_history WHERE item_uri LIKE '%{}' ORDER BY ALL"
    assert select(lake, periods.format(last)) == [(False,), (True,)]
    assert select(lake, "SELECT count(*) FROM saved_items ANTI JOIN artists ON item_id = artist_id") == [(0,)]
    assert select(lake, "SELECT DISTINCT item_type, added_at FROM saved_items") == [("artist", None)]


@pytest.mark.long
def test_random_follows(tmp_path: Path) -> None:
    """Whoever is followed and unfollowed, the view is what the user sees, and the history adds up."""
    fan, random = Fan(Lake("duckdb", str(tmp_path / "fan.duckdb"))), Random(3)
    with fan.api:
        everybody = fan.followed
        for _ in range(6):
            for _ in range(random.randrange(12)):
                random.choice((fan.follow, fan.unfollow))(random.choice(everybody))
            fan.sync()
            assert fan.shown() == fan.followed
    open_ = "SELECT count(*) FROM saved_item_history WHERE listed_until IS NULL"
    assert select(fan.lake, open_) == [(len(fan.followed),)]


def test_an_empty_list_is_not_believed_at_once(lake: Lake) -> None:
    """It is kept back once, and believed when it stays so; another list ends the doubt."""
    fan = Fan(lake)
    with fan.api:
        fan.sync()
        before, artists = fan.shown(), fan.world.library.saved["artist"]
        kept = dict(artists)
        artists.clear()
        fan.sync(expected=4)
        assert fan.shown() == before
        artists.update(kept)
        fan.sync()
        artists.clear()
        fan.sync(expected=4)
        fan.sync()
        assert fan.shown() == []


@pytest.mark.long
@pytest.mark.parametrize("change", ["cursor", "later", "followed"])
def test_a_list_that_changes_meanwhile(change: str, tmp_path: Path) -> None:
    """Whoever is followed or unfollowed between two pages, also the cursor, what is stored is one state."""
    times = [1]

    def intercept(request: Any) -> None:
        after = request.query_params.get("after")
        if after is None or not times[0]:
            return
        times[0] -= 1
        if change == "followed":
            fan.follow(gone.pop())
        else:
            fan.unfollow(after if change == "cursor" else fan.followed[-1])

    fan = Fan(Lake("duckdb", str(tmp_path / "fan.duckdb")), intercept)
    with fan.api:
        gone = fan.followed[:12]
        for artist_id in gone:
            fan.unfollow(artist_id)
        fan.sync()
        assert fan.shown() == fan.followed
        before, times[0] = fan.shown(), 10
        # Who was followed after the first page was read is not there yet: that is the state before, and no other.
        fan.sync(expected=0 if change == "followed" else 4)
        assert fan.shown() == before
        changed = "SELECT count(*) FROM resource_reads WHERE outcome = 'changed_while_reading'"
        assert select(fan.lake, changed) == [(change != "followed",)]
        times[0] = 0
        fan.sync()
        assert fan.shown() == fan.followed


@pytest.mark.long
def test_a_total_that_is_never_shown(tmp_path: Path) -> None:
    """Artists that are counted and not shown are not taken for unfollowed at once, and then believed."""
    fan = Fan(Lake("duckdb", str(tmp_path / "fan.duckdb")))
    with fan.api:
        fan.sync()
        before = fan.shown()
        fan.world.library.save("artist", "nobody", 1_900_000_000)
        assert fan.sync() == ceil(len(fan.followed) / 50)
        assert fan.shown() == before
        fan.unfollow(before[0])
        fan.sync(expected=4)
        assert fan.shown() == before
        fan.sync()
        assert fan.shown() == before[1:]


@pytest.mark.long
def test_two_fans_in_one_lake(lake: Lake) -> None:
    """Nobody's artists are seen as the other's, in whatever order they sync."""
    fans = [Fan(lake, user=user) for user in ("one", "two")]
    fans[0].unfollow(fans[0].followed[7])
    for _ in range(2):
        for fan in fans:
            with fan.api:
                fan.sync()
            fan.unfollow(fan.followed[0])
            fan.api = Sandbox(fan.world)
    for fan in fans:
        assert fan.shown()[1:] == fan.followed


@pytest.mark.long
def test_a_consent_that_lacks_it(tmp_path: Path) -> None:
    """The scope and the command are reported, nothing is asked, and it fails only where it was named."""
    fan, place = Fan(Lake("duckdb", str(tmp_path / "fan.duckdb"))), ("--path", str(tmp_path / "fan.duckdb"))
    with fan.api as api:
        token = api.authorise("playlist-read-private user-library-read user-top-read")
        environment = api.environment | {"SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": token}
        assert playlake("sync", *place, "--resources", "account", environment=environment).code == 0
        assert playlake("sync", *place, "--resources", "followed_artists", environment=environment).code == 4
        assert not any("/me/following" in request.path for request in api.requests)
    told = "SELECT DISTINCT outcome, message LIKE '%user-follow-read%playlake login.' FROM resource_reads"
    assert select(fan.lake, f"{told} WHERE resource = 'followed_artists'") == [("not_available", True)]
