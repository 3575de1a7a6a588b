"""Pipelines of dlt's own that end in a playlist."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import dlt
import pytest
from dlt.pipeline.exceptions import PipelineStepFailed

from playlake import spotify_playlist
from sources.spotify_sandbox import Fault, Playlist, Weather
from tests.pipelines.writing import READING, WRITING, Desk, contents, desk

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("pipelines"), "development") as made:
        place = {
            **made.api.environment,
            "SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": made.api.authorise(f"{READING} {WRITING}"),
            "DLT_DATA_DIR": str(made.folder),
        }
        with patch.dict(os.environ, place):
            yield made


def run(at: Desk, playlist: Playlist, folder: Path, data: Any, mode: Any = "replace", **options: Any) -> None:
    """Runs a pipeline into a playlist."""
    destination = spotify_playlist(playlist.id, path=str(at.lake), mode=mode)
    pipeline = dlt.pipeline("ending", pipelines_dir=str(folder), destination=destination)
    pipeline.run(data, **options)


def uris(playlist: Playlist) -> list[str | None]:
    return [uri for uri, _ in contents(playlist)]


def test_rows_become_a_playlist(at: Desk, tmp_path: Path) -> None:
    """In their order, duplicates too; appended rows come behind what is there, once however often they are loaded."""
    playlist = at.playlist("Ending", 3)
    wanted = at.some(120, 4)
    wanted += wanted[:2]
    run(at, playlist, tmp_path, [{"item_uri": uri, "rank": rank} for rank, uri in enumerate(wanted)], table_name="best")
    assert uris(playlist) == wanted
    more = at.some(2, 71)
    for _ in range(2):
        run(at, playlist, tmp_path, [{"item_uri": uri} for uri in more], "append", table_name="best")
    assert uris(playlist) == wanted + more


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"best": [{"uri": "spotify:track:11dFghVXANMlKmJXsNCbNl"}]}, "no column item_uri"),
        ({"best": [{"item_uri": "spotify:album:11dFghVXANMlKmJXsNCbNl"}]}, "cannot be added to a playlist"),
        ({"best": [{"item_uri": "{one}"}], "worst": [{"item_uri": "{two}"}]}, "more than one file"),
    ],
)
def test_what_is_no_playlist_is_refused(at: Desk, tmp_path: Path, tables: dict[str, Any], said: str) -> None:
    """A wrong column, a thing that is no item, and two tables fail the load with a sentence."""
    playlist = at.playlist(f"Refusing {said}", 3)
    before, (one, two) = contents(playlist), at.some(2, 61)

    @dlt.source(name="lists")
    def lists() -> Any:
        for name, rows in tables.items():
            filled = [{key: uri.format(one=one, two=two) for key, uri in row.items()} for row in rows]
            yield dlt.resource(filled, name=name)

    with pytest.raises(PipelineStepFailed, match=said):
        run(at, playlist, tmp_path, lists())
    # Of two tables the first may have been brought there before the second was seen.
    assert uris(playlist) in ([uri for uri, _ in before], [one], [two])


def test_a_load_that_was_interrupted_goes_on(at: Desk, tmp_path: Path) -> None:
    """A load that Spotify stops in the middle is tried again by dlt, and nothing is there twice."""
    playlist = at.playlist("Interrupted", 2)
    wanted = at.some(150, 9)
    at.api.weather = Weather([Fault("quota_exceeded", method="POST", path="/v1/playlists/**", nth=[2])])
    run(at, playlist, tmp_path, [{"item_uri": uri} for uri in wanted], table_name="best")
    assert at.api.weather.unmet == {}
    at.api.weather = Weather()
    assert uris(playlist) == wanted
