from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from schemas import TABLES, VIEWS
from schemas.lake import SQL_TYPES, lake_sql
from schemas.spec import REMOVED
from tests.schemas.lake_folder import LakeFolder

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CREDITS = "SELECT track_uri, position, artist_name FROM track_artists"


@pytest.fixture
def lake(tmp_path: Path) -> LakeFolder:
    """An empty dataset."""
    return LakeFolder(tmp_path / "lake" / "spotify")


def track(name: str | None) -> dict[str, list[dict[str, object]]]:
    """Rows for one track."""
    return {"tracks": [{"track_uri": "t", "name": name}]}


def credited(*rows: tuple[int, str | None]) -> dict[str, list[dict[str, object]]]:
    """Rows for the artists of one track; a name of null takes that place away."""
    return {
        "track_artists": [
            {"track_uri": "t", "position": position, "artist_name": name, "removed": None if name else True}
            for position, name in rows
        ]
    }


def test_an_empty_folder_has_every_table_and_view(lake: LakeFolder) -> None:
    """Tables without files are there, empty, with the columns and types that they would have."""
    with lake.open() as connection:
        for table in TABLES:
            described = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {table.name}").fetchall()}
            declared = {c.name: SQL_TYPES[c.type] for c in table.columns if c is not REMOVED}
            assert described.items() >= {**declared, "_dlt_load_id": "VARCHAR"}.items()
        for name in (*VIEWS, *(table.name for table in TABLES), "_dlt_loads"):
            assert connection.execute(f"SELECT * FROM {name}").fetchall() == []


def test_files_show_the_columns_that_an_empty_table_shows(lake: LakeFolder) -> None:
    """A query sees the same columns before and after the first load, but for the mark of removed list elements."""
    with lake.open() as connection:
        empty = {table.name: connection.execute(f"DESCRIBE {table.name}").fetchall() for table in TABLES}
    lake.load("1", {table.name: [] for table in TABLES})
    with lake.open() as connection:
        for table in TABLES:
            filled = connection.execute(f"DESCRIBE {table.name}").fetchall()
            assert filled == [row for row in empty[table.name] if row[0] != "removed"]


def test_values_come_back_as_they_were_written(lake: LakeFolder) -> None:
    """Times keep their microseconds and zone, keys all their 64 bits, dates stay dates."""
    keys = [2**63 - 1, -(2**63), 2**53 + 1]
    observed_at = NOON.replace(microsecond=1)
    snapshot = {"playlist_id": "p", "snapshot_id": "s", "observed_at": observed_at, "item_keys": keys}
    lake.load("1", {"playlist_snapshots": [snapshot], "albums": [{"album_id": "a", "released_on": date(1981, 12, 1)}]})
    assert lake.query("SELECT item_keys FROM playlist_snapshots") == [(keys,)]
    assert lake.query("SELECT item_keys::BIGINT[] FROM playlist_snapshots") == [(keys,)]
    assert lake.query("SELECT epoch_us(observed_at) FROM playlist_snapshots") == [(1767268800000001,)]
    assert lake.query("SELECT released_on FROM albums") == [(date(1981, 12, 1),)]


def test_the_newest_version_of_a_dimension_counts(lake: LakeFolder) -> None:
    """Each load that saw something new about a key hides the older rows of that key, and of no other."""
    lake.load("1", {"tracks": [{"track_uri": "t", "name": "Old"}, {"track_uri": "u", "name": "Other"}]})
    lake.load("2", track("New"))
    assert lake.query("SELECT track_uri, name, _dlt_load_id FROM tracks") == [("t", "New", "2"), ("u", "Other", "1")]


def test_a_null_of_a_newer_version_is_not_filled_from_an_older(lake: LakeFolder) -> None:
    """A version is a whole row: what a null means was decided when it was written."""
    lake.load("1", track("Old"))
    lake.load("2", track(None))
    assert lake.query("SELECT name FROM tracks") == [(None,)]


def test_facts_are_all_there(lake: LakeFolder) -> None:
    """No row of a fact hides another, not even of the same key."""
    addition = {"playlist_additions": [{"playlist_id": "p", "item_key": 1}]}
    lake.load("1", addition)
    lake.load("2", addition)
    assert lake.query("SELECT item_key, _dlt_load_id FROM playlist_additions") == [(1, "1"), (1, "2")]


def test_loads_that_are_not_complete_do_not_count(lake: LakeFolder) -> None:
    """Neither the facts of a half-written load are shown, nor do its versions hide older ones."""
    lake.load("1", track("Old") | credited((0, "Ada")))
    lake.write("2", track("New") | credited((0, "Bo")) | {"runs": [{"run_id": "r"}]})
    assert lake.query("SELECT name FROM tracks") == [("Old",)]
    assert lake.query(CREDITS) == [("t", 0, "Ada")]
    assert lake.query("SELECT * FROM runs") == []
    lake.complete("2")
    assert lake.query("SELECT name FROM tracks") == [("New",)]
    assert lake.query(CREDITS) == [("t", 0, "Bo")]
    assert lake.query("SELECT run_id FROM runs") == [("r",)]


def test_without_any_complete_load_nothing_is_shown(lake: LakeFolder) -> None:
    """Files of a first load that died are no data yet."""
    lake.write("1", track("New"))
    assert lake.query("SELECT * FROM tracks") == []


def test_withdrawn_parts_are_gone_until_they_return(lake: LakeFolder) -> None:
    """A row marked as removed hides its place in the list; a later one brings it back."""
    lake.load("1", credited((0, "Ada"), (1, "Bo")))
    lake.load("2", credited((1, None)))
    assert lake.query(CREDITS) == [("t", 0, "Ada")]
    lake.load("3", credited((1, "Cy")))
    assert lake.query(CREDITS) == [("t", 0, "Ada"), ("t", 1, "Cy")]


def test_rows_of_one_load_written_twice_count_once_in_dimensions(lake: LakeFolder) -> None:
    """A load that was retried may leave the same rows in two files."""
    lake.write("1", track("Once") | credited((0, "Ada")), copies=2)
    lake.complete("1")
    assert lake.query("SELECT name FROM tracks") == [("Once",)]
    assert lake.query(CREDITS) == [("t", 0, "Ada")]


def test_a_compaction_takes_the_place_of_its_loads(lake: LakeFolder) -> None:
    """Loads that a complete load replaces no longer count, whether or not their files are still there."""
    lake.load("1", {"runs": [{"run_id": "a"}]})
    lake.load("2", {"runs": [{"run_id": "b"}]})
    lake.write("3", {"runs": [{"run_id": "a"}, {"run_id": "b"}]})
    assert lake.query("SELECT run_id, _dlt_load_id FROM runs") == [("a", "1"), ("b", "2")]
    lake.complete("3", replaces=["1", "2"])
    assert lake.query("SELECT run_id, _dlt_load_id FROM runs") == [("a", "3"), ("b", "3")]
    assert lake.query("SELECT load_id FROM _dlt_loads") == [("3",)]


@pytest.mark.parametrize(
    "upgraded",
    [False, True],
)
def test_files_of_an_older_version_may_lack_columns(lake: LakeFolder, *, upgraded: bool) -> None:
    """A column that came later is null in the files from before, also while there are no others."""
    lake.write("1", track("Old"), without=["ean", "popularity"])
    lake.complete("1")
    if upgraded:
        lake.load("2", {"tracks": [{"track_uri": "u", "ean": "4"}]})
    expected = [("t", None), ("u", "4")] if upgraded else [("t", None)]
    assert lake.query("SELECT track_uri, ean FROM tracks") == expected


@pytest.mark.parametrize(
    ("name", "neighbour"),
    [
        ("Ada's lake", "Ada"),
        ("50% {a,b} ünïcode", "50% a ünïcode"),
        ("lake [1]", "lake 1"),
        ("what?", "whats"),
        ("a*b", "a and b"),
    ],
)
def test_a_folder_may_have_any_name(tmp_path: Path, name: str, neighbour: str) -> None:
    """Quotes do not end the SQL, and what is a pattern elsewhere is a name here: neighbours are not read."""
    LakeFolder(tmp_path / neighbour).load("2", track("Elsewhere"))
    lake = LakeFolder(tmp_path / name)
    lake.load("1", track("Here"))
    assert lake.query("SELECT name FROM tracks") == [("Here",)]


def test_the_statements_can_be_run_again(lake: LakeFolder) -> None:
    """A saved views.sql refreshes a database that already has the views."""
    lake.load("1", track("Here"))
    with duckdb.connect() as connection:
        for _ in range(2):
            connection.execute("\n".join(lake_sql(str(lake.root), lake.present)))
        assert connection.execute("SELECT name FROM tracks").fetchall() == [("Here",)]
