"""The examples of `docs/back_to_spotify.md` work as described."""

import os
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from markdown_it import MarkdownIt

from pipelines.lake import Lake
from tests.pipelines.driving import Ended
from tests.pipelines.tables import select
from tests.pipelines.writing import READING, WRITING, Desk, contents, desk, now

TEXT = (Path(__file__).parents[2] / "docs" / "back_to_spotify.md").read_text(encoding="utf-8")
DELETED, MANGLED, PUSHED, SAVED = (
    token.content.splitlines() for token in MarkdownIt().parse(TEXT) if token.info.strip() == "bash"
)
PROGRAM, PIPELINE = (token.content for token in MarkdownIt().parse(TEXT) if token.info.strip() == "python")
MOMENT, PLAYLIST = "2026-11-22T10:00:00Z", "3cEYpjA9oz9GiPac4AsH4n"
NAME = "A name of its own"
"""In place of the page's, which another playlist of the sandbox has, too."""
TRACK = "spotify:track:11dFghVXANMlKmJXsNCbNl"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("stories"), "development") as made:
        yield made


def told(at: Desk, lines: list[str], moment: str = "", playlist: str = "") -> list[Ended]:
    """Types some lines of the page, about another time and another playlist."""
    ends = []
    for line in lines:
        line = line.replace(" --profile writing", "").replace(MOMENT, moment).replace(PLAYLIST, playlist)
        line = line.replace("Road trip", NAME)
        _, *arguments = shlex.split(line)
        ends.append(at(*arguments))
    assert [(end.code, end.err) for end in ends] == [(0, "")] * len(ends)
    return ends


@pytest.mark.long
def test_stories_of_playlists(at: Desk) -> None:
    """What was mangled is put right, what was deleted comes back, and queries become playlists."""
    playlist = at.playlist(NAME, 9)
    at("sync", "--resources", "playlists,saved_items,plays")
    before, moment = contents(playlist), now()
    playlist.remove([1, 4, 5])
    playlist.move(0, 5)
    changed, dry, done = told(at, MANGLED, moment, playlist.id)
    assert ("observed_at" in changed.out, "Nothing was written" in dry.out, "Written" in done.out) == (True,) * 3
    assert [uri for uri, _ in contents(playlist)] == [uri for uri, _ in before]
    told(at, PUSHED, playlist=playlist.id)
    library = at.api.world.personal(at.api.world.me.id).library
    saved = "SELECT item_uri FROM saved_items WHERE collection = 'tracks' ORDER BY position LIMIT 50"
    assert [(uri,) for uri, _ in contents(playlist)] == select(Lake(path=str(at.lake)), saved)
    named = {each.name: each for each in at.api.world.playlists.values()}
    assert 0 < len(named["Long not heard"]) <= 100
    at.api.world.delete_playlist(playlist.id)
    told(at, DELETED, moment)
    (again,) = [each for each in at.api.world.playlists.values() if each.name == NAME]
    assert [uri for uri, _ in contents(again)] == [uri for uri, _ in before]
    for item, _ in library.listed("track")[3:20]:
        library.remove("track", item)
    told(at, SAVED, moment)


@pytest.mark.long
def test_programs(at: Desk) -> None:
    """The programs run, and dlt's pipeline ends in the playlist."""
    playlist = at.playlist("Of programs", 3)
    at("sync", playlist.id)
    (track,) = at.some(1, 33)
    place = {
        **at.api.environment,
        "SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": at.api.authorise(f"{READING} {WRITING}"),
        "DLT_DATA_DIR": str(at.folder),
    }
    for text, moment in ((PROGRAM, now()), (PIPELINE, "")):
        text = text.replace(PLAYLIST, playlist.id).replace("playlake.duckdb", str(at.lake)).replace(TRACK, track)
        with patch.dict(os.environ, place), redirect_stdout(StringIO()) as out:
            exec(compile(text.replace(MOMENT, moment), "page", "exec"), {})  # noqa: S102 (what the test is about)
        assert [uri for uri, _ in contents(playlist)] == [track], out.getvalue()
        playlist.clear()
        playlist.insert(0, at.some(2, 44))


def test_the_page_names_all_signs() -> None:
    """The signs that it explains are those of a plan."""
    assert set(re.findall(r"\(`([-+↕±])`\)", TEXT)) >= {"+", "-", "↕"}
