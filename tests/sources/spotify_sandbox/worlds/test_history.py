"""Worlds from daily observations are, on each day, what had been observed by then."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources.spotify_sandbox import World, WorldError, load
from tests.sources.spotify_sandbox.asking import Api, shared

OWN, EDITORIAL, LATE = "0" * 21 + "A", "37i9dQZF1" + "0" * 13, "0" * 21 + "C"
VERSIONS: list[tuple[str, str, str, str]] = [
    (OWN, "2020-01-01", "Mine", "abc"),
    (OWN, "2020-01-03", "Mine", "cbd"),
    (OWN, "2020-01-05", "Mine, renamed", "adb"),
    (EDITORIAL, "2020-01-02", "Theirs", "aab"),
    (LATE, "2020-01-05", "Late", "d"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three playlists over five days; the letters are tracks."""
    rows: dict[str, list[dict[str, Any]]] = {"versions": [], "entries": [], "tracks": [], "albums": []}
    for playlist_id, day, name, letters in reversed(VERSIONS):
        key = {"day": date.fromisoformat(day), "playlist_id": playlist_id}
        rows["versions"].append(key | {"name": name, "description": "", "item_count": len(letters)})
        rows["entries"] += [key | {"position": n, "track_id": letter * 22} for n, letter in enumerate(letters, 1)]
    for letter in "abcd":
        artists = [{"artist_id": letter * 22, "name": f"Artist {letter}"}]
        track = {"track_id": letter * 22, "name": f"Track {letter}", "album_id": "x" * 22, "duration_s": 200}
        rows["tracks"].append(track | {"artists": artists})
    rows["albums"].append({"album_id": "x" * 22, "name": "Album"})
    for part, values in rows.items():
        pq.write_table(pa.Table.from_pylist(values), tmp_path / f"{part}.parquet")
    return tmp_path


def state(world: World) -> object:
    """All of a world that clients can tell."""
    return [(p.id, p.name, p.owner, p.snapshot_id, p.entries) for p in world.listed()]


def stays(world: World, playlist_id: str) -> list[tuple[str, str]]:
    """Letter and day of each entry."""
    entries = world.playlist(playlist_id).entries
    return [(str(entry.uri)[-1], str(entry.added_at)) for entry in entries]


def test_days(folder: Path) -> None:
    """Each entry dates from the first day of its current stay; playlists appear on their first day."""
    world = load(folder, "2020-01-04")
    assert {playlist.id: playlist.owner for playlist in world.listed()} == {OWN: world.me.id, EDITORIAL: "spotify"}
    assert stays(world, OWN) == [
        ("c", "2020-01-01T00:00:00Z"),
        ("b", "2020-01-01T00:00:00Z"),
        ("d", "2020-01-03T00:00:00Z"),
    ]
    world.set_day("2020-01-05")
    assert stays(world, OWN) == [
        ("a", "2020-01-05T00:00:00Z"),
        ("d", "2020-01-03T00:00:00Z"),
        ("b", "2020-01-01T00:00:00Z"),
    ]
    assert [letter for letter, _ in stays(world, EDITORIAL)] == ["a", "a", "b"]
    assert {entry.added_by for entry in world.playlist(EDITORIAL).entries} == {""}
    assert world.listing[0] == LATE
    track = Api(world).get(f"/playlists/{LATE}").json["tracks"]["items"][0]["track"]
    assert (track["name"], track["duration_ms"], track["artists"][0]["name"]) == ("Track d", 200_000, "Artist d")


def test_the_way_to_a_day_does_not_matter(folder: Path) -> None:
    """The same day gives the same world, come forward, backward or straight."""
    world = load(folder)
    for day in ("2020-01-01", "2020-01-05", "2020-01-02", "2020-01-03", "2021-12-31"):
        world.set_day(day)
        assert state(world) == state(load(folder, day))


def test_only_changed_playlists_get_a_snapshot(folder: Path) -> None:
    """From one day to another, snapshot ids move where something had changed and nowhere else."""
    world = load(folder, date(2020, 1, 2))
    before = {playlist.id: playlist.snapshot_id for playlist in world.listed()}
    world.set_day("2020-01-03")
    after = {playlist.id: playlist.snapshot_id for playlist in world.listed()}
    assert after[EDITORIAL] == before[EDITORIAL]
    assert after[OWN] != before[OWN]


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2019-12-31", "nothing was observed on 2019-12-31: the history goes from 2020-01-01 to 2020-01-05"),
        ("yesterday", "'yesterday' is not a valid day: write it as 2020-06-30"),
    ],
)
def test_days_that_do_not_exist(folder: Path, day: str, message: str) -> None:
    """A day before the first, or no day at all, is one clear error."""
    with pytest.raises(WorldError, match=message):
        load(folder, day)


def test_files_that_do_not_fit(folder: Path) -> None:
    """A file that is no Parquet, or rows that contradict each other, are one clear error."""
    entries = pq.read_table(folder / "entries.parquet")
    pq.write_table(entries.slice(1), folder / "entries.parquet")
    with pytest.raises(WorldError, match="the files do not match"):
        load(folder)
    (folder / "albums.parquet").write_text("no parquet")
    with pytest.raises(WorldError, match=r"albums\.parquet cannot be read"):
        load(folder)


@pytest.mark.parametrize("day", ["2019-05-25", "2020-03-01", "2021-05-09"])
def test_the_real_history(day: str) -> None:
    """On three days of two years every playlist holds what the observations say, in their order."""
    folder = shared("data", "playlist_history")
    rows = duckdb.sql(f"""
        with latest as (
            select playlist_id, max(day) as day from '{folder}/versions.parquet' where day <= date '{day}' group by all
        )
        select playlist_id, list(track_id order by position)
        from '{folder}/entries.parquet' join latest using (playlist_id, day) group by all
    """).fetchall()
    world = load(folder, day)
    observed = {playlist_id: [f"spotify:track:{track}" for track in tracks] for playlist_id, tracks in rows}
    assert {p.id: [entry.uri for entry in p.entries] for p in world.listed()} == observed
