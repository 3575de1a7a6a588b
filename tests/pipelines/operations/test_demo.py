"""The demonstration tells what happened in its library, works anywhere, and can be repeated."""

import signal
from collections import Counter
from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.demo import DEFAULT_PATH, QUERIES
from pipelines.operations.demo_weeks import Demonstration
from pipelines.operations.status import playlists_status
from pipelines.operations.status_table import rows_of
from sources.spotify.settings import Settings
from sources.spotify_sandbox.world.timestamps import BEGINNING
from sources.spotify_sandbox.worlds.weeks import WEEK
from tests.pipelines.driving import playlake, started
from tests.pipelines.tables import select

WEEKS = 6
"""In which a playlist is begun, too."""

Seen = Counter[tuple[int, str, str, str | None, str | None]]
"""Changes by the number of the sync, playlist, sort, URI and time of addition."""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Six weeks, synced."""
    shown = Demonstration(Lake("duckdb", str(tmp_path_factory.mktemp("demo") / "lake.duckdb")), BEGINNING, WEEKS)
    with shown.api:
        assert [report.exit_code for _, report in shown.syncs()] == [0] * WEEKS
    return shown


@pytest.mark.long
def test_history_is_what_happened(demonstration: Demonstration) -> None:
    """Every addition and removal that could be seen between two syncs is in the lake at the later one, and no other."""
    found = Seen({row[:5]: row[5] for row in select(demonstration.lake, _CHANGES)})
    assert found == happened(demonstration)
    assert Counter(change for _, _, change, _, _ in found) >= Counter(added=300, removed=150)


def happened(demonstration: Demonstration) -> Seen:
    """What came and went on playlists that were known before, less what went in the week in which it came."""
    began, seen = int(demonstration.world.began.timestamp()), Seen()
    first_read = dict(select(demonstration.lake, _FIRST_READ))
    for sync in range(1, demonstration.weeks):
        net: Counter[tuple[str, str | None, str | None]] = Counter()
        for event in demonstration.life.events:
            if began + (sync - 1) * WEEK < event.second <= began + sync * WEEK:
                net[event.playlist_id, event.uri, event.added_at] += 1 if event.action == "added" else -1
        for (playlist_id, uri, added_at), count in net.items():
            # What is on a playlist when it is read for the first time is no change.
            if count and first_read.get(playlist_id, sync) < sync:
                seen[sync, playlist_id, "added" if count > 0 else "removed", uri, added_at] += abs(count)
    return seen


_FIRST_READ = """
WITH began AS (SELECT min(started_at) AS beginning FROM runs)
SELECT playlist_id, date_diff('day', any_value(beginning), min(observed_at)) // 7
FROM playlist_snapshots, began
GROUP BY playlist_id
"""
_CHANGES = """
WITH began AS (SELECT min(started_at) AS beginning FROM runs)
SELECT date_diff('day', beginning, observed_at) // 7, playlist_id, change, item_uri,
    strftime(added_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), count(*)
FROM item_changes, began
WHERE change IN ('added', 'removed')
GROUP BY ALL
"""


@pytest.mark.long
def test_the_world_is_as_it_is_said(demonstration: Demonstration) -> None:
    """Nothing was added or saved before it came out, few artists share a name, and each week has its plays."""
    lake = demonstration.lake
    saved = "saved_items JOIN tracks ON track_uri = item_uri JOIN albums USING (album_id)"
    for dated in ("item_history", saved):
        early = f"SELECT count(*) FROM {dated} WHERE added_at >= '1971-01-01' AND added_at::DATE < released_on"
        assert select(lake, early) == [(0,)]
    [(artists, names)] = select(lake, "SELECT count(*), count(DISTINCT name) FROM artists WHERE name <> ''")
    assert artists > 200
    assert artists - names <= artists // 100
    weeks = select(lake, "SELECT count(*) FROM plays GROUP BY date_trunc('week', played_at) HAVING count(*) > 5")
    assert len(weeks) >= WEEKS - 1


@pytest.mark.long
def test_followers_of_playlists_are_known(demonstration: Demonstration) -> None:
    """Of each playlist that the last sync read whole, as many as it has; and some gained followers before."""
    found = dict(select(demonstration.lake, _FOLLOWERS))
    assert found == {playlist_id: demonstration.world.playlist(playlist_id).followers for playlist_id in found}
    assert len(found) > 40
    moved = "SELECT count(DISTINCT playlist_id) FROM playlist_description_changes WHERE field = 'followers_total'"
    assert select(demonstration.lake, moved)[0][0] > 10


_FOLLOWERS = """
SELECT playlist_id, arg_max(followers_total, observed_at)
FROM playlist_descriptions
JOIN playlist_reads USING (playlist_id)
WHERE run_id = (SELECT arg_max(run_id, started_at) FROM runs) AND outcome = 'read'
GROUP BY playlist_id
"""


@pytest.mark.long
def test_what_is_played_is_known(demonstration: Demonstration) -> None:
    """Plays from a playlist are of what was on it, and those of likes are of what is or was liked."""
    strange = """
SELECT count(*) FROM plays
WHERE context_type = 'playlist' AND (split_part(context_uri, ':', 3), item_uri) NOT IN (
    SELECT playlist_id, item_uri FROM playlist_additions WHERE item_uri IS NOT NULL
)"""
    [(count,)] = select(demonstration.lake, "SELECT count(*) FROM plays WHERE context_type = 'playlist'")
    assert count > 50
    assert select(demonstration.lake, strange) == [(0,)]


@pytest.mark.long
def test_nothing_is_due_after_it(demonstration: Demonstration) -> None:
    """Of all playlists the next audit is still to come, as it is after syncs that run every day."""
    rows = rows_of(playlists_status(demonstration.lake, Settings().audit_after))
    due = [row["next_audit_at"] for row in rows]
    assert len(due) > 40
    assert min(due) > BEGINNING


@pytest.mark.long
def test_command(tmp_path: Path) -> None:
    """Without settings it syncs, imports, answers its questions, and says where the database is; it can be repeated."""
    for left in (DEFAULT_PATH, f"{DEFAULT_PATH}.wal"):
        (tmp_path / left).write_bytes(b"what an earlier demonstration left")

    end = playlake("demo", "--weeks", "2", "--until", "2026-11-22")

    assert (end.code, end.err) == (0, "")
    assert "2026-11-15  48 playlists" in end.out
    assert "2026-11-22  " in end.out
    for question, sql in QUERIES:
        assert question in end.out
        assert sql.strip() in end.out
    assert str(tmp_path / DEFAULT_PATH) in end.out
    outcomes = select(Lake("duckdb", DEFAULT_PATH), "SELECT outcome FROM runs ORDER BY started_at, outcome")
    assert sorted(outcomes) == [("done",), ("done",), ("imported",)]


@pytest.mark.long
def test_stopped(tmp_path: Path) -> None:
    """Ctrl-C ends it in a line, with the code that sync has for it, and leaves a database that can be asked."""
    with started("demo", folder=tmp_path) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert "26 weeks" in lines[1]
    [(weeks,)] = select(Lake("duckdb", str(tmp_path / DEFAULT_PATH)), "SELECT count(*) FROM runs WHERE exit_code = 0")
    assert 2 <= weeks < 26


def test_demo_keeps_a_file_that_is_named(tmp_path: Path) -> None:
    """A file that was named is somebody's: it is not replaced."""
    (tmp_path / "mine.duckdb").write_text("my letters")

    end = playlake("demo", "--path", "mine.duckdb")

    assert (end.code, end.out) == (2, "")
    assert "mine.duckdb" in end.err
    assert (tmp_path / "mine.duckdb").read_text() == "my letters"
