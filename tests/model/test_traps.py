"""Scenarios in which other programs lose rows; after every sync both lakes are compared with the model.

With `PLAYLAKE_NAIVE=1` the same stories are also told to the obvious way of loading, to see what it makes of them.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.model import stories
from tests.model.lake_model import Asked
from tests.model.naive import Naive, now_listed
from tests.model.stage import Disturbance, Stage
from tests.model.stories import STORIES, Story
from tests.model.worlds import FRIEND, ME, PLAYED_FOR, RELINKED, SPOTIFY, TRACKS, UNSOLD, entry, small_world

pytestmark = pytest.mark.sampled(5)

Rows = list[tuple[Any, ...]]


def play(stage: Stage, story: Story) -> None:
    """Plays a scenario, and syncs at each of its steps."""
    for _ in story(stage.api):
        stage.sync()


def both(stage: Stage, sql: str) -> Rows:
    """The rows of a query, which must be the same in both lakes."""
    answers = []
    for synced in stage.lakes.values():
        with synced.open() as connection:
            answers.append(connection.execute(sql).fetchall())
    assert answers[0] == answers[1]
    return answers[0]


def changes(stage: Stage) -> dict[str, int]:
    """Number of changes of each kind in the view."""
    return dict(both(stage, "SELECT change, count(*) FROM playlist_changes GROUP BY change ORDER BY change"))


def positions(stage: Stage) -> Rows:
    """The items now listed, in order, of a lake with one playlist."""
    return both(stage, "SELECT item_uri FROM playlist_items ORDER BY playlist_id, position")


def test_bulk_add(stage: Stage) -> None:
    """Items added within one second keep their order, and later ones of that second are found."""
    play(stage, stories.bulk_add)
    assert changes(stage) == {"added": 5}
    assert both(stage, "SELECT count(*), count(DISTINCT added_at) FROM playlist_items") == [(8 + 5, 1)]


def test_null_added_at(stage: Stage) -> None:
    """Entries without a date are stored once, however often they are read."""
    play(stage, stories.null_added_at)
    assert both(stage, "SELECT count(*), count(added_at) FROM playlist_additions") == [(3, 1)]
    assert changes(stage) == {}


def test_epoch(stage: Stage) -> None:
    """Entries dated 1970 are found although everything loaded before is newer, and keep that date."""
    play(stage, stories.epoch)
    assert both(stage, "SELECT count(*) FROM playlist_items WHERE epoch(added_at) = 0") == [(2,)]


def test_older_playlist(stage: Stage) -> None:
    """A playlist that appears later is complete although its items are older than all that was loaded."""
    play(stage, stories.older_playlist)
    assert both(stage, "SELECT count(*) FROM playlist_items GROUP BY playlist_id") == [(3,), (3,)]


@pytest.mark.long
def test_restored(stage: Stage) -> None:
    """An item that comes back with its old date has one key, two stays, and counts once."""
    play(stage, stories.restored)
    stays = "SELECT listed_until IS NULL FROM playlist_item_history WHERE item_uri = '{}' ORDER BY listed_from"
    assert both(stage, stays.format(TRACKS[1])) == [(False,), (True,)]
    assert changes(stage) == {"added": 1, "removed": 1}
    assert [(TRACKS[1],), (TRACKS[0],), (TRACKS[2],)] == positions(stage)
    assert both(stage, "SELECT count(DISTINCT item_key), count(*) FROM playlist_additions") == [(3, 3)]


def test_same_track_twice(stage: Stage) -> None:
    """Additions of one track at different times are distinct: one leaves, one moves, one stays."""
    play(stage, stories.same_track_twice)
    assert changes(stage) == {"moved": 1, "removed": 1}
    assert both(stage, "SELECT added_by_id FROM playlist_items ORDER BY position") == [(FRIEND,), (ME.id,)]


@pytest.mark.long
def test_authors_forgotten(stage: Stage) -> None:
    """Answers may or may not name an author: the list does not change by that, and the last one named is shown."""
    shown = []
    for _ in stories.authors_forgotten(stage.api):
        stage.sync()
        shown.append([row[0] for row in both(stage, "SELECT added_by_id FROM playlist_items ORDER BY position")])
    first = [ME.id, None, FRIEND]
    assert [first, first, first, [ME.id, ME.id, FRIEND], [ME.id, FRIEND, FRIEND]] == shown
    assert changes(stage) == {}
    assert both(stage, "SELECT count(*) FROM playlist_additions") == [(3,)]
    assert both(stage, "SELECT count(*) FROM playlist_item_history WHERE listed_until IS NULL") == [(3,)]
    assert both(stage, "SELECT count(*) FROM playlist_addition_authors") == [(2,)]


def test_exact_equals(stage: Stage) -> None:
    """Entries that are equal in everything are all stored."""
    play(stage, stories.exact_equals)
    assert [(TRACKS[0],), (TRACKS[0],), (TRACKS[1],), (TRACKS[0],), (TRACKS[0],)] == positions(stage)
    assert changes(stage) == {"added": 3, "removed": 1}


def test_local_files(stage: Stage) -> None:
    """Local files, which have no id, stay apart from each other."""
    play(stage, stories.local_files)
    assert both(
        stage, "SELECT count(*), count(DISTINCT item_uri), count(track_id) FROM playlist_items WHERE is_local"
    ) == [(2, 2, 0)]
    assert both(stage, "SELECT count(*) FROM tracks WHERE is_local") == [(3,)]


def test_gone_items(stage: Stage) -> None:
    """Entries whose item is gone keep their places."""
    play(stage, stories.gone_items)
    assert [(None,), (TRACKS[0],), (None,)] == positions(stage)
    assert both(stage, "SELECT count(*) FROM users WHERE user_id = ''") == [(0,)]


def test_episodes(stage: Stage) -> None:
    """Episodes are stored as episodes with their show, not as tracks."""
    play(stage, stories.episodes)
    assert both(stage, "SELECT item_type FROM playlist_items ORDER BY position") == [
        ("episode",),
        ("episode",),
        ("track",),
    ]
    assert both(stage, "SELECT count(*), count(DISTINCT s.show_id) FROM episodes JOIN shows AS s USING (show_id)") == [
        (2, 1)
    ]
    assert both(stage, "SELECT count(*) FROM tracks") == [(1,)]


def test_relinked(stage: Stage) -> None:
    """A track keeps the name under which it was first recorded, whatever the app is told later."""
    play(stage, stories.relinked)
    assert changes(stage) == {"added": 1, "moved": 1}
    assert [(PLAYED_FOR[RELINKED[1]],), (TRACKS[0],), (RELINKED[0],), (RELINKED[0],)] == positions(stage)


def test_moved(stage: Stage) -> None:
    """A moved range is reported as moved, and what merely shifts is not."""
    play(stage, stories.moved)
    assert changes(stage) == {"moved": 2}


def test_emptied(stage: Stage) -> None:
    """A playlist that became empty is empty, and its items have left."""
    play(stage, stories.emptied)
    assert positions(stage) == []
    assert changes(stage) == {"removed": 3}
    assert both(stage, "SELECT item_count FROM playlist_snapshots ORDER BY observed_at") == [(3,), (0,)]


@pytest.mark.long
@pytest.mark.parametrize("number", [161, 160], ids=["longer", "as_long"])
def test_changes_while_it_is_read(stage: Stage, number: int) -> None:
    """A playlist that changes between two of its pages is read again, also if it is still as long as before."""
    playlist = stage.world.create_playlist("Long")
    playlist.put_back(
        0, [entry(TRACKS[0], f"2020-01-01T00:{minute:02}:{second:02}Z") for minute in range(4) for second in range(40)]
    )

    def edit() -> None:
        if number > len(playlist):
            playlist.insert(0, TRACKS[:1])
        else:
            playlist.move(159, 0)

    stage.sync(disturbance=Disturbance(playlist.id, edit))
    assert both(stage, "SELECT item_count, snapshot_id FROM playlist_snapshots") == [(number, playlist.snapshot_id)]


def test_keeps_changing(stage: Stage) -> None:
    """A playlist that changes at every reading is reported, the command ends with 4, and nothing is written of it."""
    playlist = stage.world.create_playlist("Restless")
    playlist.insert(0, TRACKS * 20)
    calm = stage.world.create_playlist("Calm")
    calm.insert(0, TRACKS)
    reports = stage.sync(disturbance=Disturbance(playlist.id, lambda: playlist.insert(0, [TRACKS[0]]), always=True))
    assert [report.exit_code for report in reports] == [4, 4]
    assert [(calm.id, "read"), (playlist.id, "changed_while_reading")] == both(
        stage, "SELECT playlist_id, outcome FROM playlist_reads ORDER BY outcome DESC"
    )
    for table in ("playlist_additions", "playlist_snapshots"):
        assert [(calm.id,)] == both(stage, f"SELECT DISTINCT playlist_id FROM {table}")
    stage.sync()
    assert [(len(playlist),)] == both(stage, f"SELECT count(*) FROM playlist_items WHERE playlist_id = '{playlist.id}'")


@pytest.mark.long
def test_list_that_shrinks(stage: Stage) -> None:
    """Playlists that are no longer listed lose nothing; `last_seen_at` says since when."""
    for number in range(3):
        stage.world.create_playlist(f"List {number}").insert(0, TRACKS[number : number + 2])
    stage.sync()
    listing, stage.world.listing = stage.world.listing, [None, stage.world.listing[0]]
    stage.sync()
    assert both(stage, "SELECT count(DISTINCT playlist_id), count(*) FROM playlist_items") == [(3, 6)]
    assert changes(stage) == {}
    assert both(
        stage, "SELECT count(*) FROM playlists GROUP BY last_seen_at = (SELECT max(started_at) FROM runs) ORDER BY 1"
    ) == [(1,), (2,)]
    stage.world.listing = listing
    for report in stage.sync():
        assert report.run.unchanged == 3


def test_audit(stage: Stage) -> None:
    """A change that the snapshot hides is found by the next audit, not before."""
    playlist = stage.world.create_playlist("Quiet")
    playlist.insert(0, TRACKS[:2])
    stage.sync()
    shown = playlist.snapshot_id
    playlist.insert(0, TRACKS[2:3])
    playlist.snapshot_id = shown
    stage.sync()
    assert changes(stage) == {}
    stage.sync(Asked(audit=True))
    assert changes(stage) == {"added": 1}
    shown = playlist.snapshot_id
    playlist.remove([1])
    playlist.snapshot_id = shown
    # A removal may be an error of Spotify: the sync after the audit reads again.
    stage.sync(Asked(audit=True))
    assert changes(stage) == {"added": 1}
    stage.sync()
    assert changes(stage) == {"added": 1, "removed": 1}
    stage.sync()


@pytest.mark.parametrize("by_id", [False, True], ids=["listed", "by_id"])
def test_spotifys_own_are_always_read(stage: Stage, *, by_id: bool) -> None:
    """The snapshot of Spotify's own playlists is not trusted."""
    playlist = stage.world.create_playlist("Hits", owner=SPOTIFY)
    playlist.insert(0, TRACKS[:2], added_by="")
    stage.sync()
    shown = playlist.snapshot_id
    playlist.remove([0])
    playlist.snapshot_id = shown
    stage.sync(Asked(named=(playlist.id,) if by_id else ()))
    assert changes(stage) == {"removed": 1}


def test_metadata_only_is_not_empty(stage: Stage) -> None:
    """A playlist whose contents are withheld is not an empty one, and keeps what was read of it before."""
    stage.world.create_playlist("Empty")
    theirs = stage.world.create_playlist("Theirs", owner=FRIEND)
    theirs.insert(0, TRACKS[:2], added_by=FRIEND)
    never = stage.world.create_playlist("Never seen", owner=FRIEND)
    never.insert(0, TRACKS[:2], added_by=FRIEND)
    stage.sync(Asked(named=(theirs.id,)))
    stage.api.regime = "development"
    theirs.remove([0])
    assert [report.exit_code for report in stage.sync()] == [4, 4]
    access = (
        "SELECT name, access, item_count FROM playlists LEFT JOIN playlist_snapshots USING (playlist_id) ORDER BY name"
    )
    assert both(stage, access) == [
        ("Empty", "readable", 0),
        ("Never seen", "metadata_only", None),
        ("Theirs", "metadata_only", 2),
    ]
    # Contents that were read before and are withheld now are requested once more.
    assert [report.run.unchanged for report in stage.sync()] == [2, 2]
    assert [report.run.unchanged for report in stage.sync()] == [3, 3]


def test_deleted_playlist_stays_as_it_was(stage: Stage) -> None:
    """A playlist that is gone keeps its contents and its description, and since when it is gone is known."""
    playlist = stage.world.create_playlist("Short-lived", description="About.", public=False)
    playlist.insert(0, TRACKS[:2])
    stage.sync()
    stage.world.delete_playlist(playlist.id)
    assert [report.exit_code for report in stage.sync(Asked(named=(playlist.id,)))] == [4, 4]
    assert both(stage, "SELECT access, description, public FROM playlists") == [("gone", "About.", False)]
    assert both(stage, "SELECT count(*) FROM playlist_items") == [(2,)]


def test_regime_moved_between_runs(stage: Stage) -> None:
    """An app that is moved from one regime to another and back sees no change where there is none."""
    playlist = stage.world.create_playlist("Mine")
    playlist.put_back(0, [entry(uri) for uri in (*TRACKS, *RELINKED, *UNSOLD, None)] * 11)
    for regime in ("extended", "development", "transition", "development", "extended"):
        stage.api.regime = regime
        stage.sync(Asked(full=True))
    assert changes(stage) == {}
    assert [(len(playlist),)] == both(stage, "SELECT count(*) FROM playlist_additions")


@pytest.mark.long
def test_dimensions_keep_what_is_no_longer_sent(tmp_path: Path) -> None:
    """A field that the API stops sending stays, changed ones are updated, and unchanged rows are not written again."""
    with Stage(small_world(), tmp_path, market=None) as stage:
        stage.world.create_playlist("Mine").insert(0, TRACKS[:4])
        stage.sync()
        known = "SELECT popularity, available_markets IS NOT NULL FROM tracks ORDER BY track_uri"
        assert both(stage, known) == [(50, True)] * 4
        stage.api.regime = "development"
        stage.world.rename_track(TRACKS[0], "Renamed")
        stage.sync(Asked(full=True))
        assert both(stage, known) == [(50, True)] * 4
        assert [(TRACKS[0],)] == both(stage, "SELECT track_uri FROM tracks WHERE name = 'Renamed'")
        assert written(stage) == [(1, 0)]


@pytest.mark.long
def test_restriction_is_updated(stage: Stage) -> None:
    """A track that is no longer sold says so, and no longer once it is sold again."""
    stage.world.create_playlist("Mine").insert(0, TRACKS[:4])
    stage.sync()
    restricted = "SELECT track_uri, is_playable FROM tracks WHERE restriction_reason = 'market'"
    stage.world.restrict_track(TRACKS[1], ("DE",))
    stage.sync(Asked(full=True))
    assert [(TRACKS[1], False)] == both(stage, restricted)
    stage.world.restrict_track(TRACKS[1], ("SE",))
    stage.sync(Asked(full=True))
    assert both(stage, restricted) == []
    stage.sync(Asked(full=True))
    assert written(stage) == [(0, 0)]


def written(stage: Stage) -> Rows:
    """How many rows of tracks and of albums the newest load wrote into each lake."""
    tables = ("tracks", "albums")
    newest = "(SELECT max(load_id) FROM _dlt_loads WHERE status = 0)"
    root = stage.lakes["parquet"].lake.location
    stored = {"duckdb": "{0}", "parquet": f"read_parquet('{root}/spotify/{{0}}/*.parquet')"}
    answers = []
    for name, synced in stage.lakes.items():
        counts = [f"(SELECT count(*) FROM {stored[name].format(t)} WHERE _dlt_load_id = {newest})" for t in tables]
        with synced.open() as connection:
            answers.append(connection.execute(f"SELECT {', '.join(counts)}").fetchall())
    assert answers[0] == answers[1]
    return answers[0]


@pytest.mark.skipif(os.environ.get("PLAYLAKE_NAIVE") != "1", reason="compares with another way: PLAYLAKE_NAIVE=1")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("story", STORIES, ids=[story.__name__ for story in STORIES])
def test_naive(stage: Stage, tmp_path: Path, story: Story) -> None:
    """What one cursor on `added_at` makes of a story, in rows; order is not asked of it."""
    naive = Naive(stage.api, tmp_path)
    failures = []
    for number, _ in enumerate(story(stage.api), 1):
        naive.sync()
        listed, stored = now_listed(stage.api), naive.rows()
        lost, wrong = (listed - stored).total(), (stored - listed).total()
        if lost or wrong:
            failures.append(f"sync {number}: of {listed.total()} rows {lost} lost, {wrong} too many")
    if failures:
        pytest.fail("; ".join(failures), pytrace=False)
