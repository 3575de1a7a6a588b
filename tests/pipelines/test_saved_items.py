"""Saved items come into their tables exactly, with their history, in the few requests that the documents promise."""

from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipelines.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, World, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

COLLECTIONS = {"tracks": "track", "albums": "album", "episodes": "episode", "shows": "show", "audiobooks": "audiobook"}
PLACES = {"duckdb": "saved.duckdb", "parquet": "saved"}
SHOWN = (
    "SELECT split_part(item_uri, ':', 3), epoch(added_at)::BIGINT FROM saved_items WHERE collection = '{}' "
    "ORDER BY position"
)
CHANGED = "SELECT change, count(*) FROM saved_item_changes WHERE collection = 'tracks' GROUP BY change ORDER BY change"


class Library:
    """A user's library in a sandbox, and a lake that it is read into."""

    def __init__(self, lake: Lake, saved: int = 0) -> None:
        self.lake, self.world = lake, generate(seed=4, playlists=1, items=900)
        self.api = Sandbox(self.world)
        ids = [uri.rpartition(":")[2] for uri in track_uris(self.world)]
        self.tracks = [each for each in ids if not self.world.library.contains("track", each)]
        self._second = 1_800_000_000
        for track_id in self.tracks[:saved]:
            self.save(track_id)

    def save(self, track_id: str) -> None:
        """Saves a track a minute after the last one."""
        self._second += 60
        self.world.library.date("track", track_id, self._second)

    def sync(self, expected: int = 0, **more: Any) -> int:
        """Syncs it, and tells how many requests the tracks took."""
        before = len(self.api.requests)
        report = sync(None, self.lake, resources="saved_items", **settings(self.api), **more)
        assert report.exit_code == expected, report.run.message
        return sum(request.path.endswith("/me/tracks") for request in self.api.requests[before:])

    def check(self) -> None:
        """The view holds what the user sees, in that order, with its times."""
        for collection, kind in COLLECTIONS.items():
            saved = self.world.library.listed(kind)  # type: ignore[arg-type]
            dated = [(each, None if kind == "audiobook" else second) for each, second in saved]
            shown = select(self.lake, SHOWN.format(collection))
            assert len(shown) == len(dated), collection
            assert [(a, b) for a, b in zip(shown, dated, strict=True) if a[0] is not None and a != b] == []


def track_uris(world: World) -> list[str]:
    """URIs of tracks that anybody may save."""
    uris = [entry.uri for playlist in world.listed() for entry in playlist.entries]
    return list(dict.fromkeys(uri for uri in uris if uri and uri.startswith("spotify:track:")))


@pytest.fixture(params=sorted(PLACES))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One on each destination."""
    return Lake(request.param, str(tmp_path / PLACES[request.param]))


def test_what_changes_costs_what_it_should(lake: Lake) -> None:
    """One request if nothing changed, one for each page of additions, and a bisection for a removal."""
    library = Library(lake, saved=230)
    with library.api:
        pages = ceil(len(library.world.library.listed("track")) / 50)
        assert library.sync() == pages + 1
        library.check()
        assert library.sync() == 1
        library.save(library.tracks[230])
        assert library.sync() == 1
        for track_id in library.tracks[231:291]:
            library.save(track_id)
        assert library.sync() == 2 + 1
        library.world.library.remove("track", library.tracks[7])
        assert library.sync() <= 5
        library.check()
        assert select(lake, CHANGED) == [("added", 61), ("removed", 1)]
        library.world.library.date("track", library.tracks[300], 1_500_000_000)
        library.sync()
        library.check()


@pytest.mark.long
def test_random_libraries_against_what_the_user_sees(lake: Lake) -> None:
    """Whatever is saved, removed and saved again, the view is what the user sees, and its history adds up."""
    library, random = Library(lake, saved=120), Random(5)
    with library.api:
        library.sync()
        for _ in range(5):
            for _ in range(random.randrange(8)):
                track_id = random.choice(library.tracks)
                if random.random() < 0.5:
                    library.save(track_id)
                else:
                    library.world.library.remove("track", track_id)
            library.sync()
            library.check()
        [now], [open_] = (
            select(lake, "SELECT count(*) FROM saved_items"),
            select(lake, "SELECT count(*) FROM saved_item_history WHERE listed_until IS NULL"),
        )
        assert now == open_


@pytest.mark.long
def test_an_empty_list_is_not_believed_at_once(lake: Lake) -> None:
    """A library that shows nothing where there was much is kept back once, and believed when it stays so."""
    library = Library(lake, saved=20)
    with library.api:
        library.sync()
        before = select(lake, SHOWN.format("tracks"))
        for track_id, _ in library.world.library.listed("track"):
            library.world.library.remove("track", track_id)
        library.sync(expected=4)
        assert select(lake, SHOWN.format("tracks")) == before
        library.sync()
        assert select(lake, SHOWN.format("tracks")) == []


def test_a_doubt_ends_with_the_next_look(lake: Lake) -> None:
    """After a list that was empty once and is as before, another empty one is doubted again."""
    library = Library(lake, saved=3)
    saved = library.world.library.saved["track"]
    with library.api:
        library.sync()
        before, shown = dict(saved), select(lake, SHOWN.format("tracks"))
        for _ in range(2):
            saved.clear()
            library.sync(expected=4)
            saved.update(before)
            library.sync()
            assert select(lake, SHOWN.format("tracks")) == shown


def test_a_consent_without_libraries_leaves_the_rest(lake: Lake) -> None:
    """What was named is missed, with exit code 4; what came with a group is reported and no failure."""
    library = Library(lake)
    with library.api:
        environment = library.api.environment | {
            "SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": library.api.authorise("playlist-read-private")
        }
        place = ("--destination", lake.destination, "--path", lake.location)
        account = playlake("sync", *place, "--resources", "account", environment=environment)
        assert (account.code, "user-library-read" in account.err) == (0, True)
        assert playlake("sync", *place, "--resources", "playlists,saved_items", environment=environment).code == 4
        told = select(
            lake, "SELECT DISTINCT outcome, message LIKE '%scope%' FROM resource_reads WHERE resource = 'saved_items'"
        )
        assert told == [("not_available", True)]
        assert select(lake, "SELECT count(*) > 0 FROM items") == [(True,)]


def test_an_unknown_resource_is_named(tmp_path: Path) -> None:
    """With what was perhaps meant, and nothing is made."""
    told = playlake("sync", "--path", str(tmp_path / "x.duckdb"), "--resources", "saved_item")
    assert (told.code, "did you mean saved_items?" in told.err, list(tmp_path.iterdir())) == (2, True, [])


def test_times_are_those_of_spotify(lake: Lake) -> None:
    """`added_at` is when it was saved, to the second."""
    library = Library(lake, saved=1)
    with library.api:
        library.sync()
        [(added_at,)] = select(lake, f"SELECT added_at FROM saved_items WHERE item_uri LIKE '%{library.tracks[0]}'")
        assert added_at == datetime.fromtimestamp(1_800_000_060, UTC)
