"""What is behind the ids comes into its tables: in full, most wanted first, within a budget, and never twice."""

from collections.abc import Iterator
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from pipelines.lake import Lake
from pipelines.sync.service import sync
from schemas import TABLES
from sources.spotify_sandbox import Sandbox, generate
from sources.spotify_sandbox.accounts.api_modes import ApiMode
from tests.pipelines.driving import settings
from tests.pipelines.tables import contents, select

pytestmark = pytest.mark.sampled(5)

ALL = "tracks,albums,artists,shows,episodes,audiobooks"
SIZES = {"albums": 20, "artists": 50}


class Scene:
    """A sandbox and a lake that holds what a user has."""

    def __init__(self, folder: Path, destination: str, regime: ApiMode) -> None:
        self.lake = Lake(destination, str(folder / ("lake.duckdb" if destination == "duckdb" else "lake")))
        self.world = generate(seed=4, playlists=3, items=120)
        self.api = Sandbox(self.world, regime=regime)

    def sync(self, resources: str = ALL, expected: int = 0, **more: Any) -> list[str]:
        """Syncs, and gives the paths that were asked for, without those of tokens."""
        before = len(self.api.requests)
        report = sync(None, self.lake, resources=resources, **settings(self.api), **more)
        assert report.exit_code == expected, report.run.message
        asked = [request.path.removeprefix("/v1/") for request in self.api.requests[before:]]
        return [path for path in asked if "token" not in path]

    def count(self, table: str, condition: str = "true") -> int:
        """Rows of a table."""
        [(rows,)] = select(self.lake, f"SELECT count(*) FROM {table} WHERE {condition}")
        return int(rows)


@pytest.fixture(params=[("duckdb", "extended"), ("parquet", "development")], ids="-".join)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """One on each destination and in each regime."""
    opened = Scene(tmp_path, *request.param)
    with opened.api:
        opened.sync("playlists,saved_items")
        yield opened


def test_everything_is_described_and_then_nothing_is_asked(scene: Scene) -> None:
    """What people's things mention is known in full, in batches or one by one; another sync sends no request."""
    works, is_old = scene.world.catalogue.works, scene.api.regime == "extended"
    saved = [works.release(album_id) for album_id, _ in scene.world.library.listed("album")]
    # Saved albums come in full, but for those of more tracks than come with them.
    known = {"albums": sum(0 < len(release.tracks) <= 50 for release in saved if release), "artists": 0}
    assert {name: scene.count(name, "described_at IS NOT NULL") for name in known} == known
    asked = scene.sync()
    for name in ("albums", "artists"):
        described = scene.count(name, "described_at IS NOT NULL") - known[name]
        single = sum(path.startswith(f"{name}/") for path in asked)
        lists = sum(path.startswith(f"{name}/") and path.count("/") > 1 for path in asked)
        batches = asked.count(name)
        assert (batches, single - lists) == (
            (ceil(described / SIZES[name]), 0) if is_old else (name == "albums", described)
        )
    for album_id, label, popularity, upc in select(
        scene.lake, "SELECT album_id, label, popularity, upc FROM albums WHERE described_at IS NOT NULL"
    ):
        release = works.release(album_id)
        assert release is not None
        assert (label, popularity, upc) == (
            (release.label, release.popularity, release.upc) if is_old else (None, None, release.upc)
        )
        tracks = select(
            scene.lake, f"SELECT track_uri FROM album_tracks WHERE album_id = '{album_id}' ORDER BY position"
        )
        assert [uri for (uri,) in tracks] == [f"spotify:track:{works.track(n).id}" for n in release.tracks]
    for artist_id, followers in select(
        scene.lake, "SELECT artist_id, followers_total FROM artists WHERE described_at IS NOT NULL"
    ):
        performer = works.performer(artist_id)
        assert performer is not None
        assert followers == (performer.followers if is_old else None)
        genres = select(
            scene.lake, f"SELECT genre FROM artist_genres WHERE artist_id = '{artist_id}' ORDER BY position"
        )
        assert tuple(genre for (genre,) in genres) == performer.genres
    for _ in range(4):
        if not scene.sync():
            break
    before = contents(scene.lake)
    assert scene.sync() == []
    after = contents(scene.lake)
    assert {name for name, rows in after.items() if rows != before[name]} == {"runs"}


@pytest.mark.long
def test_references_resolve(scene: Scene) -> None:
    """What tables of the catalogue point to is there."""
    scene.sync()
    scene.sync()
    for table in TABLES:
        for column in table.columns:
            if column.references:
                other, _, name = column.references.partition(".")
                lost = f"{column.name} IS NOT NULL AND {column.name} NOT IN (SELECT {name} FROM {other})"
                assert scene.count(table.name, lost) == 0, (table.name, column.name)


@pytest.mark.long
def test_lists_of_artists_are_those_of_the_world(scene: Scene) -> None:
    """Discographies in both regimes; top tracks and related artists only where the app may, and else asked once."""
    is_old = scene.api.regime == "extended"
    works, asked = scene.world.catalogue.works, scene.sync() + scene.sync()
    artists = [row[0] for row in select(scene.lake, "SELECT DISTINCT artist_id FROM artist_albums")]
    assert artists
    for artist_id in artists:
        found = select(scene.lake, f"SELECT album_id FROM artist_albums WHERE artist_id = '{artist_id}'")
        assert {row[0] for row in found} == {album.id for _, album in works.discography(artist_id)}
    related = select(
        scene.lake, "SELECT subject, item_uris::VARCHAR[] FROM ranked_lists WHERE list = 'related_artists'"
    )
    assert bool(related) == is_old
    for artist_id, uris in related:
        assert uris == [f"spotify:artist:{each.artist.id}" for each in works.related(artist_id)]
    if not is_old:
        closed = [path.rpartition("/")[2] for path in asked if path.endswith(("top-tracks", "related-artists"))]
        assert sorted(closed) == ["related-artists", "top-tracks"]


def test_the_budget_is_kept_and_the_next_sync_goes_on(scene: Scene) -> None:
    """No sync sends more than it may, all of it is described in the end, and the most wanted first."""
    first = scene.sync("artists", catalogue_requests=1)
    assert len(first) == 1
    wanted = select(
        scene.lake,
        "SELECT artist_id FROM playlist_additions JOIN track_artists ON track_uri = 'spotify:track:' || track_id "
        "WHERE artist_id IS NOT NULL GROUP BY ALL ORDER BY count(*) DESC",
    )
    if scene.api.regime == "development":
        # The batch that was tried was all that it might ask.
        assert scene.count("artists", "described_at IS NOT NULL") == 0
    for _ in range(40):
        asked = scene.sync("artists", catalogue_requests=9)
        assert len(asked) <= 9
        if not asked:
            break
    assert scene.count("artists", "described_at IS NULL") == 0
    assert scene.count("artists") >= len(wanted)


def test_the_most_wanted_come_first(tmp_path: Path) -> None:
    """Of as many as the budget reaches, those that are mentioned most often."""
    scene = Scene(tmp_path, "duckdb", "development")
    with scene.api:
        scene.sync("playlists")
        scene.sync("albums", catalogue_requests=6)
        counted = select(
            scene.lake,
            "SELECT album_id, count(*) AS times, any_value(albums.described_at IS NOT NULL) "
            "FROM playlist_additions AS a JOIN tracks USING (track_id) JOIN albums USING (album_id) "
            "WHERE a.is_local IS NOT TRUE GROUP BY album_id "
            "ORDER BY times DESC, album_id",
        )
        assert [described for _, _, described in counted] == [True] * 5 + [False] * (len(counted) - 5)


def test_what_is_old_is_described_again(tmp_path: Path) -> None:
    """After `describe_after`, and numbers that moved are then other ones; a thin sight blanks nothing."""
    scene = Scene(tmp_path, "duckdb", "extended")
    with scene.api:
        scene.sync("playlists")
        scene.sync("albums")
        before = select(scene.lake, "SELECT album_id, label, popularity, described_at FROM albums ORDER BY 1")
        assert scene.sync("playlists", full=True)
        assert select(scene.lake, "SELECT album_id, label, popularity, described_at FROM albums ORDER BY 1") == before
        assert scene.sync("albums", describe_after=timedelta(0)).count("albums") == ceil(len(before) / 20)
        after = select(scene.lake, "SELECT album_id, label, popularity, described_at FROM albums ORDER BY 1")
        assert [row[:3] for row in after] == [row[:3] for row in before]
        assert all(new[3] > old[3] for new, old in zip(after, before, strict=True))


def test_what_is_gone_is_remembered(scene: Scene) -> None:
    """An id that Spotify does not know is asked for once, and noted."""
    asked = scene.sync("tracks")
    gone = select(scene.lake, "SELECT item_id FROM catalogue_reads WHERE outcome = 'gone'")
    assert all(scene.world.catalogue.find(f"spotify:track:{track_id}") is None for (track_id,) in gone)
    assert scene.sync("tracks") == []
    assert bool(asked) == bool(gone)


@pytest.mark.long
def test_saved_audiobooks_have_a_table(scene: Scene) -> None:
    """Saved ones as they come, and with all of their chapters once they are described."""
    assert scene.count("audiobooks") > 0
    scene.sync("audiobooks")
    works = scene.world.catalogue.works
    for (book_id,) in select(scene.lake, "SELECT audiobook_id FROM audiobooks WHERE described_at IS NOT NULL"):
        book = works.audiobook(book_id)
        assert book is not None
        rows = select(
            scene.lake, f"SELECT chapter_id FROM chapters WHERE audiobook_id = '{book_id}' ORDER BY chapter_number"
        )
        assert [row[0] for row in rows] == [chapter.id for chapter in works.chapters(book)]


def test_audio_features_where_the_app_may(scene: Scene) -> None:
    """Those of every known track, once and forever; else it is reported, with exit code 4 if it was named."""
    if scene.api.regime == "development":
        scene.sync("audio_features", expected=4)
        assert scene.count("audio_features") == 0
        [(outcome,)] = select(scene.lake, "SELECT outcome FROM resource_reads WHERE resource = 'audio_features'")
        assert outcome == "not_available"
        return
    asked = scene.sync("audio_features", audio_analysis=True)
    tracks = scene.count("audio_features")
    assert tracks > 20
    assert asked.count("audio-features") == ceil(tracks / 100)
    scene.sync("audio_features", audio_analysis=True)
    [(duration,)] = select(scene.lake, "SELECT max((analysis::JSON->'track'->>'duration')::DOUBLE) FROM audio_analyses")
    assert duration > 0
    assert scene.sync("audio_features", describe_after=timedelta(0)) == []


@pytest.mark.parametrize("only", ["saved_items", "plays", "top_items"])
def test_a_lake_without_playlists(only: str, tmp_path: Path) -> None:
    """What other resources mention is looked up, too, in the first sync of a lake that has no playlists."""
    scene = Scene(tmp_path, "duckdb", "development")
    with scene.api:
        asked = scene.sync(f"{only},artists", catalogue_requests=3)
        assert any(path.startswith("artists/") for path in asked)
