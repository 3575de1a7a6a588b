"""Contents that contradict what is known are not stored but reported, and stored when two syncs saw the same."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import Report, sync
from sources.spotify.http.retry_transport import RetryTransport
from sources.spotify.http.transport import Answer, Request
from sources.spotify_sandbox import Sandbox, World, generate
from sources.spotify_sandbox.world.playlist import Playlist
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(5)

Page = dict[str, Any]
Edit = Callable[[Page], object]
PLACES = {"duckdb": "all.duckdb", "parquet": "all"}


def empty(page: Page) -> None:
    """Nothing, and a total that agrees."""
    page["items"], page["total"] = [], 0


def cut(page: Page) -> None:
    """The first rows, and a total that agrees."""
    del page["items"][2:]
    page["total"] = 2


def itemless(page: Page) -> None:
    """Every row without its item."""
    for row in page["items"]:
        row["track"] = None


def dateless(page: Page) -> None:
    """Every row without its date."""
    for row in page["items"]:
        row["added_at"] = None


def undated(page: Page) -> None:
    """Every row with a date that no reader knows."""
    for row in page["items"]:
        row["added_at"] = "Thu, 02 May 2024 06:07:08 GMT"


def turned(page: Page) -> None:
    """The other way round."""
    page["items"].reverse()


def holed(page: Page) -> None:
    """One row without its item, as when it is taken down."""
    page["items"][1]["track"] = None


def hollow(page: Page) -> None:
    """No rows, and the old total."""
    page["items"] = []


GLITCHES = [empty, cut, itemless, dateless, turned, holed, hollow]


@contextmanager
def distorted(playlist: Playlist, edit: Edit, times: int | None = None) -> Iterator[None]:
    """While this lasts the contents of a playlist are answered otherwise, at first or always."""
    send, left = RetryTransport.send, [times]

    def sent(transport: RetryTransport, request: Request) -> Answer:
        answer = send(transport, request)
        if not request.url.endswith(f"/playlists/{playlist.id}") or left[0] == 0:
            return answer
        left[0] = left[0] and left[0] - 1
        said = json.loads(answer.body)
        edit(said["tracks"])
        return Answer(answer.status, json.dumps(said).encode(), answer.headers)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RetryTransport, "send", sent)
        yield


def small() -> tuple[World, Playlist]:
    """A world, and a playlist of five in it."""
    world = generate(seed=3, playlists=2, items=20)
    playlist = world.create_playlist("Mix")
    for number in range(5):
        playlist.insert(0, [world.catalogue.uri(number + 3)], added_at=f"2024-05-0{number + 1}T06:07:08Z")
    return world, playlist


def outcomes(report: Report, playlist: Playlist) -> tuple[int, list[str]]:
    """The exit code, and what became of a playlist."""
    return report.exit_code, [read.outcome for read in report.reads if read.playlist_id == playlist.id]


def shown(lake: Lake, playlist: Playlist) -> list[Any]:
    """What the lake says is on a playlist, and how many states and additions it has of it."""
    where = f"WHERE playlist_id = '{playlist.id}'"
    return [
        select(lake, f"SELECT item_uri, added_at FROM playlist_items {where} ORDER BY position"),
        select(lake, f"SELECT count(*) FROM playlist_snapshots {where}"),
        select(lake, f"SELECT count(*) = count(DISTINCT item_key) FROM playlist_additions {where}"),
    ]


@pytest.mark.long
@pytest.mark.parametrize("glitch", GLITCHES, ids=lambda glitch: glitch.__name__)
def test_other_contents_under_the_same_snapshot_are_kept_back(glitch: Edit) -> None:
    """They are reported and requested again, although the snapshot is the same. Of an error nothing is stored."""
    (world, playlist), lake = small(), Lake()
    with Sandbox(world) as api:
        given = settings(api)
        assert sync(lake=lake, **given).exit_code == 0
        before = shown(lake, playlist)
        with distorted(playlist, glitch):
            report = sync(lake=lake, full=True, **given)
        assert outcomes(report, playlist) == (4, ["kept_back"])
        assert report.news == []
        assert "not stored yet" in str([read.message for read in report.reads])
        assert shown(lake, playlist) == before
        assert outcomes(sync(lake=lake, **given), playlist) == (0, ["read"])
        assert outcomes(sync(lake=lake, **given), playlist) == (0, [])
        assert shown(lake, playlist) == before


@pytest.mark.parametrize("destination", PLACES)
@pytest.mark.parametrize("glitch", [empty, itemless], ids=lambda glitch: glitch.__name__)
def test_what_two_syncs_saw_is_believed(glitch: Edit, destination: str) -> None:
    """Contents that two syncs saw are stored, and so are the old ones when they return; no addition is there twice."""
    (world, playlist), lake = small(), Lake(destination, PLACES[destination])
    with Sandbox(world) as api:
        given = settings(api)
        sync([playlist.id], lake, **given)
        before = shown(lake, playlist)
        with distorted(playlist, glitch):
            assert outcomes(sync([playlist.id], lake, full=True, **given), playlist) == (4, ["kept_back"])
            assert outcomes(sync([playlist.id], lake, **given), playlist) == (0, ["read"])
            assert outcomes(sync([playlist.id], lake, **given), playlist) == (0, [])
            assert shown(lake, playlist)[0] != before[0]
        # Of what was empty nothing is lost.
        expected = (0, ["read"]) if glitch is empty else (4, ["kept_back"])
        assert outcomes(sync([playlist.id], lake, full=True, **given), playlist) == expected
        assert outcomes(sync([playlist.id], lake, **given), playlist) == (0, [] if glitch is empty else ["read"])
    after = shown(lake, playlist)
    assert (after[0], after[2]) == (before[0], [(True,)])


def test_an_error_in_one_answer_costs_one_more_reading() -> None:
    """The second reading is right, and nothing is reported."""
    (world, playlist), lake = small(), Lake()
    with Sandbox(world) as api:
        given = settings(api)
        sync([playlist.id], lake, **given)
        before = shown(lake, playlist)
        with distorted(playlist, empty, times=1):
            report = sync([playlist.id], lake, full=True, **given)
        assert (outcomes(report, playlist), report.reads[0].requests) == ((0, ["read"]), 3)
        assert shown(lake, playlist) == before


@pytest.mark.long
@pytest.mark.parametrize("glitch", [itemless, dateless, undated], ids=lambda glitch: glitch.__name__)
def test_blank_contents_are_doubted_under_any_snapshot(glitch: Edit) -> None:
    """A change and an error may come together."""
    (world, playlist), lake = small(), Lake()
    with Sandbox(world) as api:
        given = settings(api)
        sync([playlist.id], lake, **given)
        playlist.rename("Blend")
        with distorted(playlist, glitch):
            assert outcomes(sync([playlist.id], lake, **given), playlist) == (4, ["kept_back"])
        assert outcomes(sync([playlist.id], lake, **given), playlist) == (0, ["read"])
        assert select(lake, "SELECT count(*) FROM playlist_changes") == [(0,)]


@pytest.mark.parametrize("text", ["2024-05-01T06:07:60Z", "10000-01-01T00:00:00Z", "1714543628"])
def test_an_invalid_date_is_reported(text: str) -> None:
    """An entry whose date cannot be read is stored without one, and the message of its reading says so."""

    def odd(page: Page) -> None:
        page["items"][0]["added_at"] = text

    (world, playlist), lake = small(), Lake()
    with Sandbox(world) as api, distorted(playlist, odd):
        report = sync([playlist.id], lake, **settings(api))
    assert outcomes(report, playlist) == (0, ["read"])
    assert f"1 value was left out, being of an unknown type: items[].added_at ('{text}' is not a valid time)" in str(
        report.reads[0].message
    )
    assert [added_at is None for _, added_at in shown(lake, playlist)[0]] == [True, False, False, False, False]


@pytest.mark.long
@pytest.mark.parametrize("more", [1, -1, -5])
def test_a_total_that_is_wrong_for_ever(more: int) -> None:
    """What was seen twice is stored with a note, and is as good as any other from then on."""

    def miscounted(page: Page) -> None:
        page["total"] += more

    (world, playlist), lake = small(), Lake()
    with Sandbox(world) as api, distorted(playlist, miscounted):
        given = settings(api)
        report = sync(lake=lake, **given)
        assert outcomes(report, playlist) == (0, ["read"])
        assert f"its total says {5 + more}" in str([read.message for read in report.reads])
        assert len(shown(lake, playlist)[0]) == 5
        assert outcomes(sync(lake=lake, **given), playlist) == (0, [])
        playlist.rename("Blend")
        assert outcomes(sync(lake=lake, full=True, **given), playlist) == (0, ["read"])


def test_fewer_than_its_total_where_some_were_there() -> None:
    """A short answer may be an error: an item is removed only if two syncs missed it."""
    (world, playlist), lake = small(), Lake()

    def short(page: Page) -> None:
        del page["items"][3:]

    with Sandbox(world) as api:
        given = settings(api)
        sync([playlist.id], lake, **given)
        playlist.rename("Blend")
        with distorted(playlist, short):
            assert outcomes(sync([playlist.id], lake, **given), playlist) == (4, ["kept_back"])
            assert len(shown(lake, playlist)[0]) == 5
            assert outcomes(sync([playlist.id], lake, **given), playlist) == (0, ["read"])
            assert len(shown(lake, playlist)[0]) == 3
            assert outcomes(sync([playlist.id], lake, **given), playlist) == (0, [])


def test_what_only_grew_is_believed_at_once() -> None:
    """An audit finds what a snapshot hid: a slip takes things away, and adds none."""
    (world, playlist), lake = small(), Lake()
    with Sandbox(world) as api:
        given = settings(api)
        sync([playlist.id], lake, **given)
        shown_id = playlist.snapshot_id
        playlist.insert(2, [world.catalogue.uri(9)])
        playlist.snapshot_id = shown_id
        report = sync([playlist.id], lake, full=True, **given)
        assert (outcomes(report, playlist), report.reads[0].new_items) == ((0, ["read"]), 1)


@contextmanager
def offset_ignored(path: str) -> Iterator[None]:
    """While this lasts every page of a path has the rows of its first, as from a cache that leaves out the query."""
    send = RetryTransport.send

    def sent(transport: RetryTransport, request: Request) -> Answer:
        answer = send(transport, request)
        if not request.url.endswith(path):
            return answer
        said = json.loads(answer.body)
        first = send(transport, replace(request, params={**request.params, "offset": 0}))
        said["items"] = json.loads(first.body)["items"][: len(said["items"])]
        return Answer(answer.status, json.dumps(said).encode(), answer.headers)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RetryTransport, "send", sent)
        yield


def test_pages_that_come_twice_are_doubted() -> None:
    """The first page over and over is not what a playlist holds, whatever its snapshot."""
    (world, playlist), lake = small(), Lake()
    playlist.insert(5, [world.catalogue.uri(number % 15 + 8) for number in range(245)])
    with Sandbox(world) as api:
        given = settings(api)
        sync([playlist.id], lake, **given)
        for _ in range(2):
            playlist.insert(0, [world.catalogue.uri(1)])
            with offset_ignored(f"/playlists/{playlist.id}/tracks"):
                report = sync([playlist.id], lake, **given)
            assert outcomes(report, playlist) == (4, ["kept_back"])
            assert "of which 3 pages came twice" in str(report.reads[0].message)
            assert outcomes(sync([playlist.id], lake, **given), playlist) == (0, ["read"])
            assert [uri for uri, _ in shown(lake, playlist)[0]] == [entry.uri for entry in playlist.entries]


def test_saved_items_of_pages_that_come_twice_are_not_stored() -> None:
    """They are read again, and the next sync reads them if that does not help."""
    world, lake = generate(seed=3, playlists=1, items=200), Lake()
    for number in range(120):
        world.library.save("track", str(world.catalogue.uri(number)).rpartition(":")[2], 1_700_000_000 + number)
    saved = "SELECT count(*) FROM saved_items WHERE collection = 'tracks'"
    with Sandbox(world) as api:
        given = {**settings(api), "resources": "saved_items"}
        with offset_ignored("/me/tracks"):
            report = sync(lake=lake, **given)
        assert report.exit_code == 4
        assert "/me/tracks was not seen whole" in str([read.message for read in report.resource_reads])
        assert sync(lake=lake, **given).exit_code == 0
        assert select(lake, saved) == [(len(world.library.listed("track")),)]


@pytest.mark.parametrize("glitch", [itemless, dateless], ids=lambda glitch: glitch.__name__)
def test_an_entry_that_was_empty_before_does_not_make_blanks_plausible(glitch: Edit) -> None:
    """An entry that was empty before stays, but all others lost their items or their dates."""
    (world, playlist), lake = small(), Lake()
    with Sandbox(world) as api:
        given = settings(api)
        with distorted(
            playlist, lambda page: (page["items"][1].update(track=None), page["items"][2].update(added_at=None))
        ):
            sync([playlist.id], lake, **given)
        before = shown(lake, playlist)
        playlist.rename("Blend")
        with distorted(playlist, glitch):
            assert outcomes(sync([playlist.id], lake, **given), playlist) == (4, ["kept_back"])
        assert shown(lake, playlist) == before


def test_what_is_left_after_the_last_removal_is_plausible() -> None:
    """Two empty entries, after the one between them was removed, are what was there before."""
    (world, playlist), lake = small(), Lake()

    def hollowed(page: Page) -> None:
        for row in page["items"]:
            row["track"] = row["track"] if row["added_at"] == "2024-05-03T06:07:08Z" else None

    with Sandbox(world) as api, distorted(playlist, hollowed):
        given = settings(api)
        sync([playlist.id], lake, **given)
        playlist.remove([2])
        assert outcomes(sync([playlist.id], lake, **given), playlist) == (0, ["read"])
        assert [uri for uri, _ in shown(lake, playlist)[0]] == [None] * 4
