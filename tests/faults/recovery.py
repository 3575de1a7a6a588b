"""Faults that need a command to be fixed: parts of the lake are gone, or a wrong clock has written to it."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from sources.spotify_sandbox import Sandbox
from tests.faults import case
from tests.faults.disk import half
from tests.faults.fault import HISTORY, Fault
from tests.faults.scene import Scene
from tests.pipelines.driving import playlake

DAY = 86400
FULL = {"listing": ("--full",)}
READ_AGAIN = {"listing": HISTORY}
ANEW = {"listing": (*HISTORY, "tracks")}
"""All tracks are described again, and `described_at` says when."""


def changed(*statements: str) -> Callable[[Scene], None]:
    """Somebody runs a statement on the database."""

    def change(scene: Scene) -> None:
        with duckdb.connect(str(scene.path)) as connection:
            connection.execute("USE spotify")
            for sql in statements:
                connection.execute(sql)
        scene.met()

    return change


def file_of(scene: Scene, table: str) -> Path:
    """The first file of a table or of dlt's own."""
    return min(path for path in (scene.path / "spotify" / table).rglob("*") if path.is_file())


def damaged(table: str, damage: Callable[[Path], None]) -> Callable[[Scene], None]:
    """A file of a table is damaged."""

    def befall(scene: Scene) -> None:
        damage(file_of(scene, table))
        scene.met()

    return befall


def delete(table: str) -> Callable[[Scene], None]:
    """The operator deletes the file."""
    return lambda scene: file_of(scene, table).unlink()


def command(*arguments: str) -> Callable[[Scene], None]:
    """The operator runs a command on the lake."""

    def run(scene: Scene) -> None:
        place = ("--destination", scene.destination, "--path", str(scene.path))
        ended = playlake(*arguments, *place, environment={"DLT_DATA_DIR": str(scene.work)})
        assert ended.code == 0, ended

    return run


def restore_the_record(scene: Scene) -> None:
    """The operator deletes it, and has it written again."""
    delete("_dlt_loads")(scene)
    command("compact", "--restore-records")(scene)


def written_ahead(scene: Scene) -> None:
    """A sync was made while clocks went a year ahead."""
    with Sandbox(case.small_world()) as api:
        ended = case.sync(scene, api, ahead=366 * DAY)
    assert ended.code == 0, ended
    scene.met()


FAULTS = (
    Fault(
        "recovery",
        "table dropped",
        ("listing",),
        ends=2,
        says="playlake sync --full",
        before=changed("DROP TABLE tracks"),
        destinations=("duckdb",),
        noted=False,
        loses=True,
        next_options=FULL,
        leaves=ANEW,
    ),
    Fault(
        "recovery",
        "column dropped",
        ("listing",),
        ends=2,
        says="playlake sync --full",
        before=changed("ALTER TABLE tracks DROP COLUMN name"),
        destinations=("duckdb",),
        noted=False,
        loses=True,
        next_options=FULL,
        leaves=READ_AGAIN,
    ),
    Fault(
        "recovery",
        "views dropped",
        ("listing",),
        before=changed("DROP VIEW playlist_items", "DROP VIEW playlist_changes"),
        destinations=("duckdb",),
    ),
    Fault(
        "recovery",
        "data file missing",
        ("listing",),
        ends=2,
        says="playlake sync --full",
        before=damaged("tracks", Path.unlink),
        destinations=("parquet",),
        noted=False,
        loses=True,
        next_options=FULL,
        leaves=ANEW,
    ),
    Fault(
        "recovery",
        "cut file deleted",
        ("listing",),
        ends=2,
        says="run playlake sync --full",
        before=damaged("tracks", half),
        after=delete("tracks"),
        destinations=("parquet",),
        readable=False,
        noted=False,
        loses=True,
        next_options=FULL,
        leaves=ANEW,
    ),
    Fault(
        "recovery",
        "record of a load missing",
        ("listing",),
        ends=2,
        says="playlake compact --restore-records",
        before=damaged("_dlt_loads", Path.unlink),
        after=command("compact", "--restore-records"),
        destinations=("parquet",),
        readable=False,
        noted=False,
    ),
    Fault(
        "recovery",
        "record of a load damaged",
        ("listing",),
        ends=2,
        says="playlake compact --restore-records",
        before=damaged("_dlt_loads", half),
        after=restore_the_record,
        destinations=("parquet",),
        readable=False,
        noted=False,
    ),
    Fault(
        "recovery",
        "written by a clock ahead",
        ("listing",),
        ends=75,
        says="playlake repair --clock",
        before=written_ahead,
        after=command("repair", "--clock", "--trust-clock"),
        noted=False,
        loses=True,
    ),
)
