"""What the page tells of likes, listening, favourites and genres."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.destinations.lake import Lake
from pipelines.operations.report.account import Account
from pipelines.operations.report.findings import find
from pipelines.operations.report.page import page
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from sources.spotify_sandbox.world.player import Play
from tests.pipelines.driving import settings
from tests.pipelines.operations.report.lakes import NOW
from tests.pipelines.operations.report.reading import read

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)


def test_the_account_is_reported(tmp_path: Path) -> None:
    """Counts are those of the world, weeks begin on Mondays in UTC, and places are compared with the list before."""
    world, lake = generate(seed=4, playlists=3, items=120), Lake("duckdb", str(tmp_path / "lake.duckdb"))
    times = [MONDAY - timedelta(seconds=1), MONDAY, MONDAY + timedelta(days=6, hours=23), MONDAY + timedelta(days=7)]
    on_playlists = {entry.uri for playlist in world.listed() for entry in playlist.entries if entry.uri}
    world.player.history.clear()
    world.player.history.extend(Play(0, int(time.timestamp() * 1000), None) for time in reversed(times))
    with Sandbox(world) as api:
        assert sync(lake=lake, resources="playlists", **settings(api)).exit_code == 0
        found = find(lake)
        assert found.account == Account()
        assert "Likes and listening" not in read(page(found, NOW)).text
        assert sync(lake=lake, resources="account,artists", **settings(api)).exit_code == 0
        with duckdb.connect(lake.location) as connection:
            # As if the list before had had its first two the other way round, and not the third.
            connection.execute(
                "INSERT INTO spotify.ranked_lists SELECT * EXCLUDE (uris) "
                "REPLACE (observed_at - INTERVAL 1 DAY AS observed_at, "
                "to_json([uris[2], uris[1]] || list_slice(uris, 4, len(uris))) AS item_uris) "
                "FROM (SELECT *, CAST(item_uris AS VARCHAR[]) AS uris FROM spotify.ranked_lists "
                "WHERE list = 'top_artists' AND subject = 'short_term')"
            )
        found = find(lake)
    account, kinds = found.account, ("tracks", "albums", "episodes", "shows", "audiobooks", "artists")
    kept = {kind: world.library.listed(kind.removesuffix("s")) for kind in kinds}  # type: ignore[arg-type]
    assert {row.collection: row.items for row in account.saved} == {kind: len(ids) for kind, ids in kept.items() if ids}
    [tracks] = [row for row in account.saved if row.collection == "tracks"]
    assert tracks.on_no_playlist == sum(f"spotify:track:{item_id}" not in on_playlists for item_id, _ in kept["tracks"])
    assert [(week.begins_at, week.plays, week.tracks) for week in account.weeks] == [
        (MONDAY + timedelta(days=7), 1, 1),
        (MONDAY, 2, 1),
        (MONDAY - timedelta(days=7), 1, 1),
    ]
    assert [(top.place, top.place_before, top.is_new) for top in account.top_artists[:4]] == [
        (1, 2, False),
        (2, 1, False),
        (3, None, True),
        (4, 3, False),
    ]
    assert account.genres
    assert Counter(genre.genre for genre in account.genres).most_common(1)[0][1] == 1
    said = read(page(found, NOW)).text
    assert "Likes and listening" in said
    assert account.genres[0].genre in said
    assert str(account.top_artists[0].artist) in said
