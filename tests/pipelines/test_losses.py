"""Whatever of a lake is lost, a sync of everything brings back all that Spotify still has, and nothing is hidden."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from schemas import TABLES
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import Ended, playlake, settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

NAMES = tuple(table.name for table in TABLES)
ALONE = {"playlist_snapshots", "playlist_reads", "runs"}
"""Tables of what only this lake knew."""
NOW = (
    "SELECT playlist_id, playlist_items.position, item_uri, added_at, added_by_id, tracks.name, artist_name, url "
    "FROM playlist_items LEFT JOIN tracks ON track_uri = item_uri LEFT JOIN track_artists USING (track_uri) "
    "LEFT JOIN album_images ON album_images.album_id = tracks.album_id ORDER BY ALL"
)
"""What is on the playlists now, with something of each sort of table."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A lake of two syncs, the second of which saw a removal; each test has it as it was."""

    api: Sandbox
    kept: Path
    now: list[tuple[object, ...]]
    rows: dict[str, int]

    def begin(self) -> Lake:
        """The lake, as it was."""
        shutil.copy(self.kept, "lake.duckdb")
        return Lake(path="lake.duckdb")

    def synced(self, *arguments: str) -> Ended:
        """How the command ends; never as something that nobody knows."""
        place = ("--path", "lake.duckdb", "--covers", "--quiet")
        ended = playlake("sync", *place, *arguments, environment=self.api.environment)
        assert ("unexpected" in ended.err, "goes on" in ended.err) == (False, False), ended.err
        return ended


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One for all tests; dlt's working folder is not shared, and so each begins with an empty one."""
    world = generate(seed=3, playlists=4, items=80)
    folder = tmp_path_factory.mktemp("lake")
    lake = Lake(path=str(folder / "kept.duckdb"))
    with Sandbox(world) as api:
        assert sync(lake=lake, covers=True, **settings(api)).exit_code == 0
        max(world.listed(), key=len).remove([0])
        assert sync(lake=lake, covers=True, **settings(api)).exit_code == 0
        yield Scene(api, Path(lake.location), select(lake, NOW), counts(lake))


def changed(lake: Lake, *statements: str) -> None:
    """Somebody does something to the database."""
    with duckdb.connect(lake.location) as connection:
        connection.execute("USE spotify")
        for sql in statements:
            connection.execute(sql)


def counts(lake: Lake) -> dict[str, int]:
    """Rows of each table, none of which is there twice."""
    found = {}
    with lake.open() as connection:
        for table in TABLES:
            keys = ", ".join(table.key)
            sql = f"SELECT count(*), count(DISTINCT ({keys})) FROM {table.name}"
            [(rows, keyed)] = connection.execute(sql).fetchall()
            assert rows == keyed, table.name
            found[table.name] = rows
    return found


def check_mended(scene: Scene, lake: Lake, lost: set[str], told: list[str]) -> None:
    """A plain sync names what is lost and what to do, and one of everything brings it back."""
    refused = scene.synced()
    assert (refused.code, "playlake sync --full" in refused.err) == (2, True), refused.err
    assert [words for words in told if words not in refused.err] == []
    full = scene.synced("--full")
    assert full.code == 0, full.err
    assert select(lake, NOW) == scene.now
    after = counts(lake)
    for name, rows in scene.rows.items():
        # What was removed from the playlists is no more to be had.
        assert after[name] >= rows - (name in lost) or name in ALONE & lost, name
    assert scene.synced().code == 0


@pytest.mark.long
@pytest.mark.parametrize("begin", range(3))
def test_dropped_tables(begin: int, scene: Scene) -> None:
    """Facts, dimensions and parts of them are made again, several at once."""
    lake, lost = scene.begin(), NAMES[begin::3]
    changed(lake, *(f"DROP TABLE {name}" for name in lost))
    check_mended(scene, lake, set(lost), [f"table {name}" for name in lost])


def test_each_dropped_table(scene: Scene) -> None:
    """Each alone keeps a plain sync from writing, and is named."""
    for name in NAMES[:: {"": 8, "1": 4}.get(os.environ.get("PLAYLAKE_LONG", ""), 1)]:
        lake = scene.begin()
        changed(lake, f"DROP TABLE {name}")
        refused = scene.synced()
        assert (refused.code, f"has lost table {name}, or" in refused.err) == (2, True), refused.err


MOST = max(len(table.columns) for table in TABLES)
NUMBERS = range(MOST) if os.environ.get("PLAYLAKE_FAULTS") == "all" else range(0, MOST, 4)
"""Places of columns, those of all tables with so many at once; every fourth, to keep the suite short."""


@pytest.mark.long
@pytest.mark.sampled(3)
@pytest.mark.parametrize("number", NUMBERS)
def test_dropped_columns(number: int, scene: Scene) -> None:
    """Any column of any table, those too without which no row can be."""
    lake = scene.begin()
    lost = [(table.name, table.columns[number].name) for table in TABLES if number < len(table.columns)]
    changed(lake, *(f"ALTER TABLE {table} DROP COLUMN {column}" for table, column in lost))
    unusable = {table.name for table in TABLES if number < len(table.columns) and not table.columns[number].nullable}
    check_mended(scene, lake, unusable, [f"column {table}.{column}" for table, column in lost])


@pytest.mark.long
def test_deleted_additions_are_read_again(scene: Scene) -> None:
    """Whether all or a few are gone, the next sync reads the playlists concerned, and nothing else."""
    for sql in ("DELETE FROM playlist_additions", "DELETE FROM playlist_additions WHERE item_key % 2 = 0"):
        lake = scene.begin()
        changed(lake, sql)
        assert "items on playlists have no addition" in doctor().out
        assert scene.synced().code == 0
        assert select(lake, NOW) == scene.now
        assert "items on playlists have no addition" not in doctor().out
    changed(lake, "DELETE FROM playlist_additions")
    assert scene.synced("--full").code == 0
    # What was on a playlist once is known to no one else.
    assert "1 items of earlier snapshots have no addition" in doctor().out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tracks", "additions have no track"),
        ("albums", "tracks have no album"),
        ("track_artists", "tracks have no artists"),
        ("episodes", "additions have no episode"),
        ("artists", "rows of track_artists name artists that are not there"),
        ("playlists", "rows of playlist_snapshots name playlists that are not there"),
    ],
)
def test_deleted_rows(name: str, words: str, scene: Scene) -> None:
    """The doctor counts what is missing, and a sync of everything brings it back."""
    lake = scene.begin()
    changed(lake, f"DELETE FROM {name}")
    assert words in doctor().out
    assert scene.synced("--full").code == 0
    assert select(lake, NOW) == scene.now
    assert words not in doctor().out


def test_playlists_that_were_deleted_whole(scene: Scene) -> None:
    """Of what somebody deleted with all that was known of it, nothing is lost: it is read as if it were new."""
    lake = scene.begin()
    changed(lake, "DELETE FROM playlists; DELETE FROM playlist_snapshots; DELETE FROM playlist_additions")
    assert scene.synced().code == 0
    assert select(lake, NOW) == scene.now


@pytest.mark.long
def test_deleted_states(scene: Scene) -> None:
    """A history is not begun again silently, and that it was lost stays known."""
    lake = scene.begin()
    changed(lake, "DELETE FROM playlist_snapshots")
    refused = scene.synced()
    assert (refused.code, "has lost the states of 4 playlists" in refused.err) == (2, True), refused.err
    assert scene.synced("--full").code == 0
    assert select(lake, NOW) == scene.now
    assert "readings have no snapshot" in doctor().out
    assert scene.synced().code == 0


@pytest.mark.long
@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE playlist_additions ALTER item_key TYPE VARCHAR",
        "ALTER TABLE playlist_additions ALTER added_at TYPE VARCHAR",
        "ALTER TABLE tracks ALTER duration_ms TYPE VARCHAR",
        "ALTER TABLE playlist_snapshots ALTER observed_at TYPE VARCHAR",
        "SET TimeZone = 'UTC'; ALTER TABLE playlist_snapshots ALTER observed_at TYPE TIMESTAMP",
        "ALTER TABLE runs ALTER requests TYPE SMALLINT",
    ],
)
def test_changed_types(sql: str, scene: Scene) -> None:
    """A column that somebody gave another type is named, and gets its own again."""
    lake = scene.begin()
    changed(lake, sql)
    check_mended(scene, lake, set(), ["type of column"])


def test_loads_that_others_recorded(scene: Scene) -> None:
    """Their ids need not be times: syncs, the doctor and repairs go on."""
    lake = scene.begin()
    changed(lake, "INSERT INTO _dlt_loads SELECT * REPLACE ('by hand' AS load_id) FROM _dlt_loads LIMIT 1")
    assert scene.synced().code == 0
    assert "unexpected" not in doctor().err
    assert playlake("repair", "--clock", "--trust-clock", "--path", "lake.duckdb").code == 0


def test_views_and_what_dlt_keeps(scene: Scene) -> None:
    """They are made again by any sync; the doctor names the views."""
    lake = scene.begin()
    changed(lake, "DROP VIEW playlist_changes")
    assert "The views playlist_changes are missing" in doctor().out
    assert scene.synced().code == 0
    assert "are missing" not in doctor().out
    for name in ("_dlt_version", "_dlt_pipeline_state"):
        changed(lake, f"DROP TABLE {name}")
        assert scene.synced().code == 0
    assert scene.synced("--full").code == 0
    assert select(lake, NOW) == scene.now


def test_rows_that_are_there_twice(scene: Scene) -> None:
    """The doctor counts them, and a sync of everything leaves one of each."""
    lake = scene.begin()
    changed(lake, *(f"INSERT INTO {name} FROM {name} LIMIT 3" for name in ("tracks", "track_artists", "playlists")))
    assert "3 of tracks" in doctor().out
    assert scene.synced("--full").code == 0
    assert select(lake, NOW) == scene.now
    assert "more than once" not in doctor().out


def test_a_table_in_the_place_of_a_view(scene: Scene) -> None:
    """It is named with what to do, and is never replaced."""
    lake = scene.begin()
    changed(lake, "DROP VIEW items", "CREATE TABLE items AS SELECT 1 AS mine")
    refused = scene.synced()
    assert (refused.code, "rename the table" in refused.err) == (2, True), refused.err
    assert select(lake, "FROM items") == [(1,)]
    changed(lake, "ALTER TABLE items RENAME TO mine")
    assert scene.synced().code == 0


def doctor() -> Ended:
    """What the doctor says of the lake."""
    return playlake("doctor", "--path", "lake.duckdb")
