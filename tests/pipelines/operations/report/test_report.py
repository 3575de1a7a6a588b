"""`playlake report`."""

import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.report import write_report
from pipelines.operations.report.findings import find
from pipelines.operations.report.page import page
from pipelines.sync.service import sync
from sources.errors import DestinationError, PlaylakeError
from sources.spotify_sandbox import Sandbox, World, generate
from tests.browser.half_year import END, fill
from tests.pipelines.driving import playlake, settings
from tests.pipelines.operations.report import lakes
from tests.pipelines.operations.report.lakes import HOSTILE, NOW, hostile_lake
from tests.pipelines.operations.report.reading import Page, read

PICTURE = b64encode(lakes.PICTURE).decode()


def written(lake: Lake) -> Page:
    """The page of a lake."""
    return read(page(find(lake), NOW))


def test_the_command(tmp_path: Path) -> None:
    """It writes one file, replaces it, and opens it if asked; what cannot be done is said in one line."""
    nothing = playlake("report")
    assert (nothing.code, nothing.err.count("\n")) == (2, 1)
    assert "playlake sync" in nothing.err
    with Sandbox(generate(seed=3, playlists=8, items=100)) as api:
        assert playlake("sync", environment=api.environment).code == 0
    with patch("webbrowser.open", return_value=True) as opened:
        assert playlake("report").code == playlake("report", "--open").code == 0
        opened.assert_called_once_with((tmp_path / "playlake-report.html").as_uri())
    with patch("webbrowser.open", return_value=False):
        assert "playlake-report.html" in playlake("report", "--open").err
    astray = playlake("report", "--output", "nowhere/page.html")
    assert (astray.code, astray.err.count("\n")) == (2, 1)
    assert "--output" in astray.err


@pytest.mark.long
def test_the_figures_are_true(tmp_path: Path) -> None:
    """What the page counts is what the world holds and what was changed in it."""
    world = generate(seed=3, playlists=12, items=300)
    playlist = next(p for p in world.listed() if p.owner == world.me.id and len(p) > 20)
    playlist.name = "The one that changes"
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(world, regime="development") as api:
        sync(lake=lake, **settings(api))
        before = find(lake)
        assert (before.flow, before.latest) == ([], [])
        playlist.remove([3, 4])
        sync(lake=lake, **settings(api))
    found = find(lake)
    readable = [p for p in world.listed() if p.is_readable]
    assert found.overview.items == sum(map(len, readable))
    assert (found.overview.playlists, found.overview.withheld) == (12, 12 - len(readable))
    assert sum(day.added for day in found.growth) + found.overview.undated == found.overview.items
    assert [(day.added, day.removed) for day in found.flow] == [(0, 2)]
    (change,) = found.latest
    assert (change.playlist, change.added, change.removed, change.moved) == ("The one that changes", 0, 2, 0)
    assert {(p.playlist_id, p.items) for p in found.playlists} == {(p.id, len(p)) for p in world.listed()}
    assert {p.playlist_id: p.removed for p in found.playlists if p.removed} == {playlist.id: 2}
    said = read(page(found, NOW)).text
    assert f"12 playlists, {found.overview.items:,} items" in said
    assert "0 items added and 2 removed" in said


@pytest.mark.long
def test_both_destinations_give_the_same_page(tmp_path: Path) -> None:
    """Whether the tables are in a database or in files makes no difference."""
    both = Lake("duckdb", str(tmp_path / "lake.duckdb")), Lake("parquet", str(tmp_path / "lake"))
    for lake in both:
        fill(lake, syncs=3, playlists=8, items=200)
    one, other = (page(find(lake), END) for lake in both)
    assert one == other
    assert "syncs found" in one
    assert "data:image/jpeg;base64," in one


def test_a_lake_that_knows_no_covers(tmp_path: Path) -> None:
    """A database of an earlier version, which lacks their tables, has a page without them."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(generate(seed=1, playlists=3, items=20)) as api:
        sync(lake=lake, **settings(api))
    with duckdb.connect(lake.location) as connection:
        connection.execute("USE spotify; DROP VIEW playlist_cover_history; DROP TABLE covers")
    assert "3 playlists" in written(lake).text
    with duckdb.connect(lake.location) as connection:
        connection.execute("USE spotify; DROP VIEW addition_details")
    with pytest.raises(DestinationError, match="run playlake sync once"):
        find(lake)


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    """Names, titles and messages are shown as they are; nothing of them becomes an element, a link or a script."""
    found = written(hostile_lake(tmp_path))
    (script,) = found.all("script")
    (style,) = found.all("style")
    assert [image.attributes["src"] for image in found.all("img")] == [f"data:image/jpeg;base64,{PICTURE}"] * 2
    assert found.text.count(" ".join(HOSTILE.split())) > 15
    for element in found.elements:
        assert not [name for name in element.attributes if name.startswith("on") or name == "style"]
        assert element.tag == "img" or "src" not in element.attributes
        address = element.attributes.get("href")
        assert address is None or re.match(r"#|https://open\.spotify\.com/", address)
    (policy,) = (meta.attributes["content"] for meta in found.all("meta") if "http-equiv" in meta.attributes)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for part in (script, style):
        assert f"'sha256-{b64encode(sha256(part.text.encode()).digest()).decode()}'" in policy


def test_a_thousand_playlists_stay_below_two_megabytes(tmp_path: Path) -> None:
    """The page can be sent by mail, even where names are as long as Spotify allows and there are covers for all."""
    write_report(hostile_lake(tmp_path / "lake", 1_000), tmp_path / "page.html", NOW)
    assert (tmp_path / "page.html").stat().st_size < 2_000_000
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("data:image/jpeg") > 30


def empty(world: World) -> None:
    """No playlist at all."""
    for playlist_id in list(world.playlists):
        world.delete_playlist(playlist_id)


def hollow(world: World) -> None:
    """One playlist, and nothing on it."""
    empty(world)
    world.create_playlist("Hollow")


@pytest.mark.parametrize(("change", "said"), [(empty, "0 playlists, 0 items"), (hollow, "1 playlist, 0 items")])
def test_an_almost_empty_lake(tmp_path: Path, change: object, said: str) -> None:
    """Every section says in words that there is nothing to show."""
    assert callable(change)
    world = generate(seed=1, playlists=2, items=0)
    change(world)
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(world) as api:
        sync(lake=lake, **settings(api))
    text = written(lake).text
    assert said in text
    assert "No artist is known yet." in text


def test_failures_are_reported_first(tmp_path: Path) -> None:
    """After a run that failed the page says so above everything, and what that run said."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(generate(seed=1, playlists=3, items=20)) as api:
        sync(lake=lake, **settings(api))
        good = find(lake).overview.good_sync_at
        wrong = settings(api)
        wrong["credentials"]["refresh_token"] = "gone"
        with pytest.raises(PlaylakeError):
            sync(lake=lake, **wrong)
    assert good is not None
    text = read(page(find(lake), good + timedelta(days=3))).text
    told = text.partition("What changed")[0]
    assert "The last sync ended as “sign in needed”." in told
    assert "sign in again" in told
    assert "These figures are old." in told
    assert "3 days ago" in told


def test_what_could_not_be_read_is_named(tmp_path: Path) -> None:
    """A playlist whose last read failed is named with the reason, and marked in the list of all."""
    found = written(hostile_lake(tmp_path))
    assert "1 playlist could not be read when last tried." in found.text
    marks = [element.text for element in found.all("span") if "bad" in (element.attributes.get("class") or "")]
    assert marks == ["could not be read", "failed"]
