"""What a lake says of its own freshness."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len

from pipelines.destinations.lake import Lake
from pipelines.operations.account import account_line, ending_sign_in
from pipelines.operations.query import formatted
from pipelines.operations.status import check_health, playlists_status
from pipelines.operations.status_table import overview
from sources.spotify.auth.profiles import Profile, Profiles, profile_folder
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake
from tests.pipelines.tables import select


def test_status_tells_each_playlist_and_the_last_run(tmp_path: Path) -> None:
    """Every playlist has a row with access, size, last read and next audit; a withheld one was never read."""
    world = generate(seed=3, playlists=8, items=100)
    with Sandbox(world, regime="development") as api:
        environment = api.environment | {"SOURCES__SPOTIFY__AUDIT_AFTER": "36 h"}
        assert playlake("sync", environment=environment).code == 0
        told = playlake("status", "--format", "json", environment=environment)
        shown = playlake("status", environment=environment)

    assert (told.code, shown.code) == (0, 0)
    rows = {row["playlist_id"]: row for row in json.loads(told.out)}
    assert {id_: (row["name"], row["access"], row["snapshot_id"], row["problem"]) for id_, row in rows.items()} == {
        playlist.id: (
            playlist.name,
            "readable" if playlist.is_readable else "metadata_only",
            playlist.snapshot_id,
            None,
        )
        for playlist in world.listed()
    }
    reads = select(Lake("duckdb", "playlake.duckdb"), "SELECT playlist_id, finished_at FROM playlist_reads")
    for playlist_id, finished_at in reads:
        row = rows[playlist_id]
        assert finished_at < datetime.fromisoformat(row["next_audit_at"]) <= finished_at + timedelta(hours=36)
        assert (row["last_read_at"] is None) == (row["access"] == "metadata_only")
        assert row["items_total"] == len(world.playlist(playlist_id))
    assert all(playlist.name[:20] in shown.out for playlist in world.listed())
    assert shown.out.splitlines()[-1].startswith("Last run: done (exit code 0) at 2")
    assert "8 playlists" in shown.out.splitlines()[-1]
    assert shown.out.startswith("All is well. The last good sync was at 2")
    # What goes on to a program has ids; what a terminal of 80 columns shows is not broken by them.
    assert all(playlist.id in shown.out and playlist.snapshot_id in shown.out for playlist in world.listed())
    [table] = formatted(overview(playlists_status(Lake(), timedelta(hours=36))), "table")
    assert all(cell_len(line) <= 80 for line in table.splitlines())
    assert all(playlist.name[:20] in table for playlist in world.listed())
    assert sorted(path.name for path in tmp_path.iterdir()) == [".playlake.duckdb.lock", "playlake.duckdb"]


def test_health(tmp_path: Path) -> None:
    """A monitor gets 0 only while the last sync that did its whole work is young; else one line says what is wrong."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(generate(seed=3, playlists=4, items=40)) as api:
        path = ("--path", lake.location)
        assert playlake("status", "--check", *path, environment=api.environment).code == 2
        playlake("sync", *path, environment=api.environment)
        well = playlake("status", "--check", "--max-age", "1h", *path, environment=api.environment)
        assert (well.code, well.err) == (0, "")
        [(good_at,)] = select(lake, "SELECT finished_at FROM runs")

        api.world.delete_playlist(next(iter(api.world.playlists)))
        gone = playlake("sync", "37i9dQZF1DXcBWIGoYBM5M", *path, environment=api.environment)
        assert gone.code == 4
    # The partial run is younger, but it is the good one that counts.
    assert check_health(lake, timedelta(hours=1), good_at + timedelta(minutes=59)).is_well
    late = check_health(lake, timedelta(hours=1), good_at + timedelta(minutes=61))
    assert not late.is_well
    assert f"since {good_at:%Y-%m-%d}" in late.message
    assert "partial (1 of 1 playlists could not be read" in late.message
    old = playlake("status", "--check", "--max-age", "0 s", *path)
    assert (old.code, old.out, len(old.err.splitlines())) == (1, "", 1)


def test_each_account_must_be_well(tmp_path: Path) -> None:
    """Where two accounts share a lake, one that syncs every hour does not hide that the other has stopped."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(generate(seed=3, playlists=4, items=40)) as api:
        assert playlake("sync", "--path", lake.location, environment=api.environment).code == 0
    with duckdb.connect(lake.location) as connection:
        connection.execute("INSERT INTO spotify.runs BY NAME SELECT * REPLACE ('another' AS user_id) FROM spotify.runs")
        connection.execute(
            "UPDATE spotify.runs SET finished_at = finished_at - INTERVAL 2 DAY WHERE user_id = 'another'"
        )
        [(user, now)] = connection.execute(
            "SELECT user_id, finished_at FROM spotify.runs WHERE user_id <> 'another'"
        ).fetchall()
    bad = check_health(lake, timedelta(hours=1), now)
    assert bad.message.endswith("which is longer ago than --max-age allows.")
    assert (bad.is_well, "No good sync of account another since" in bad.message) == (False, True)
    assert check_health(lake, timedelta(hours=1), now, [user]).is_well
    unknown = check_health(lake, timedelta(hours=1), now, [user, "never seen"])
    assert not unknown.is_well
    assert f"has no sync of account never seen; it has those of another, {user}." in unknown.message
    one = playlake("status", "--check", "--account", user, "--path", lake.location)
    assert (one.code, one.err) == (0, "")


def test_an_incomplete_load_is_not_a_good_sync(tmp_path: Path) -> None:
    """A sync whose load was cut off does not count, and neither does one that a clock has put into the future."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    with Sandbox(generate(seed=3, playlists=4, items=40)) as api:
        assert playlake("sync", "--path", lake.location, environment=api.environment).code == 0
    [(good_at,)] = select(lake, "SELECT finished_at FROM runs")
    assert check_health(lake, timedelta(hours=1), good_at + timedelta(seconds=1)).is_well
    assert not check_health(lake, timedelta(hours=1), good_at - timedelta(days=400)).is_well
    with duckdb.connect(lake.location) as connection:
        connection.execute("DELETE FROM spotify._dlt_loads")
    assert not check_health(lake, timedelta(hours=1), good_at + timedelta(seconds=1)).is_well


def test_the_age_of_the_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose sign-in it is, since when and until when, where that is known."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert account_line() == "Nobody is signed in: playlake login."
    agreed = datetime(2026, 8, 31, tzinfo=UTC)
    kept = Profile("app", "https://accounts.example", agreed, display_name="Ada")
    Profiles(profile_folder()).save("default", kept, "TOKEN")
    assert account_line() == "Signed in as Ada (profile default) since 2026-08-31; it expires on 2027-02-28."
    assert ending_sign_in(datetime(2027, 2, 10, tzinfo=UTC)) is None
    for day, word in ((datetime(2027, 2, 20, tzinfo=UTC), "expires"), (datetime(2027, 3, 1, tzinfo=UTC), "expired")):
        said = f"The sign-in {word} on 2027-02-28, six months after consent: playlake login."
        assert ending_sign_in(day) == said
    for name, value in {"CLIENT_ID": "x", "REFRESH_TOKEN": "TOKEN", "AUTHORISED_AT": "2026-08-31"}.items():
        monkeypatch.setenv(f"SOURCES__SPOTIFY__CREDENTIALS__{name}", value)
    assert account_line().endswith("since 2026-08-31; it expires on 2027-02-28.")
    monkeypatch.delenv("SOURCES__SPOTIFY__CREDENTIALS__AUTHORISED_AT")
    assert "expiry is not known" in account_line()


def test_status_of_nothing() -> None:
    """Before the first sync there is nothing to tell, which is said in one line."""
    end = playlake("status")
    assert (end.code, end.out) == (2, "")
    assert "playlake sync" in end.err
    assert end.err.count("\n") == 1


def test_status_tells_what_else_was_read(tmp_path: Path) -> None:
    """Every part of a resource has a row: its items, when something new was found, and why it could not be read."""
    place = ("--path", str(tmp_path / "all.duckdb"))
    with Sandbox(generate(seed=3, playlists=2, items=100)) as api:
        scope = "playlist-read-private playlist-read-collaborative user-follow-read"
        environment = api.environment | {"SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": api.authorise(scope)}
        for _ in range(2):
            playlake("sync", *place, "--resources", "playlists,followed_artists,top_items", environment=environment)
        shown = playlake("status", *place, environment=environment).out
        told = json.loads(playlake("status", *place, "--resources", "--format", "json").out)
        api.world.library.remove("artist", api.world.library.listed("artist")[0][0])
        followed = len(api.world.library.listed("artist"))
        playlake("sync", *place, "--resources", "followed_artists", environment=environment)
        told = json.loads(playlake("status", *place, "--resources", "--format", "json").out)
    rows = {(row["resource"], row["subject"]): row for row in told}
    artists, tops = rows["followed_artists", "artists"], rows["top_items", "top_tracks short_term"]
    assert (artists["items"], artists["outcome"], artists["problem"]) == (followed, "read", None)
    new_at, read_at = (datetime.fromisoformat(artists[name]) for name in ("last_new_at", "last_read_at"))
    assert new_at < read_at <= datetime.now(UTC)
    lists = rows["playlists", ""]
    assert (lists["items"], lists["last_new_at"] is not None) == (2, True)
    assert (tops["items"], tops["outcome"], tops["last_read_at"]) == (None, "not_available", None)
    assert "user-top-read" in tops["problem"]
    assert "followed_artists" in shown
    assert shown.startswith("✗ No good sync ever: the last one started at 2")
    assert shown.splitlines()[-2].startswith("Last run: partial")
