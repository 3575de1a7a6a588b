"""What is saved and followed comes out in order, with words, now and as it was."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.export import export
from pipelines.operations.export.saved import COLLECTIONS
from pipelines.sync.service import sync
from sources.errors import ConfigurationError
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.operations.export.readers import Rows, read
from tests.pipelines.tables import select

WORDS = """
SELECT item_uri, coalesce(t.name, b.name, e.name, s.name, o.name, a.name) AS title,
    CASE collection
        WHEN 'tracks' THEN (SELECT string_agg(artist_name, ', ' ORDER BY position) FROM track_artists
            WHERE track_uri = item_uri AND artist_name <> '')
        WHEN 'albums' THEN (SELECT string_agg(artist_name, ', ' ORDER BY position) FROM album_artists
            WHERE album_id = item_id)
        WHEN 'episodes' THEN (SELECT shows.name FROM shows WHERE shows.show_id = e.show_id)
        WHEN 'shows' THEN s.publisher
        WHEN 'audiobooks' THEN (SELECT string_agg(name, ', ' ORDER BY position) FROM audiobook_authors
            WHERE audiobook_id = item_id)
    END AS artists,
    added_at AT TIME ZONE 'UTC' AS added_at
FROM saved_items
LEFT JOIN tracks AS t ON collection = 'tracks' AND t.track_uri = item_uri
LEFT JOIN albums AS b ON collection = 'albums' AND b.album_id = item_id
LEFT JOIN episodes AS e ON collection = 'episodes' AND e.episode_id = item_id
LEFT JOIN shows AS s ON collection = 'shows' AND s.show_id = item_id
LEFT JOIN audiobooks AS o ON collection = 'audiobooks' AND o.audiobook_id = item_id
LEFT JOIN artists AS a ON collection = 'artists' AND a.artist_id = item_id
WHERE collection = '{}'
ORDER BY user_id, position
"""
NAMES = ("uri", "title", "artists", "added_at")


def in_view(lake: Lake, collection: str) -> Rows:
    """What the view has of a collection, with words."""
    rows = select(lake, "SET TimeZone = 'UTC'; " + WORDS.format(collection))
    return [dict(zip(NAMES, [value or None for value in row], strict=True)) for row in rows]


@pytest.fixture(scope="module", params=["duckdb", "parquet"])
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Lake, datetime, dict[str, Rows]]:
    """A lake, when its first sync had ended, and what the view had then; a track was taken off since."""
    lake = Lake(request.param, str(tmp_path_factory.mktemp("lake") / "lake"))
    world = generate(seed=2, playlists=2, items=30)
    arguments: dict[str, Any] = {"lake": lake, "resources": "playlists,saved_items,followed_artists"}
    with Sandbox(world) as api:
        first = sync(**arguments, **settings(api)).run.finished_at
        assert first is not None
        then = {collection: in_view(lake, collection) for collection in COLLECTIONS}
        [_, (track_id, _), *_] = world.library.listed("track")
        world.library.remove("track", track_id)
        sync(**arguments, **settings(api))
    return lake, first, then


def found(file: Path) -> Rows:
    """What a file has of it."""
    return [{name: row[name] for name in NAMES} for row in read(file)]


def test_each_collection_is_a_file(made: tuple[Lake, datetime, dict[str, Rows]], tmp_path: Path) -> None:
    """All that is in the view is in the files, in its order; as of the first sync what was there then."""
    lake, first, then = made
    names = [f"saved:{collection}" for collection in COLLECTIONS]
    now = {collection: in_view(lake, collection) for collection in COLLECTIONS}
    assert all(now[collection] for collection in COLLECTIONS)
    assert now["tracks"] != then["tracks"]
    for as_of, rows in ((None, now), (first, then)):
        done = export(lake, tmp_path / f"{as_of is None}", playlists=names, as_of=as_of, exact=True)
        assert [file.stem for file in done.files] == list(COLLECTIONS.values())
        for file, collection in zip(done.files, COLLECTIONS, strict=True):
            assert found(file) == rows[collection], collection


@pytest.mark.sampled(2)
def test_beside_playlists(made: tuple[Lake, datetime, dict[str, Rows]], tmp_path: Path) -> None:
    """A collection and a playlist go into one file, and a collection that is not there is reported in a line."""
    lake, _, _ = made
    ((playlist_id, items),) = select(
        lake, "SELECT playlist_id, count(*) FROM items GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT 1"
    )
    done = export(lake, tmp_path / "all.jspf", playlists=["saved:tracks", playlist_id])
    assert [row["playlist"] for row in read(done.files[0])].count("Saved tracks") == done.items - items
    with pytest.raises(ConfigurationError, match="no saved:shows at that time"):
        export(lake, tmp_path, playlists=["saved:shows"], as_of="2008-10-07")
    refused = playlake("export", "saved:records", "--destination", lake.destination, "--path", lake.location)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "use saved: and one of tracks, albums, " in refused.err
