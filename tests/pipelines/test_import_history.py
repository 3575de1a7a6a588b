"""What Spotify sends of years of listening is stored whole, once, without addresses, or not at all."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.lake import Lake
from pipelines.operations.import_history import import_history
from pipelines.sync.service import sync
from sources.errors import ConfigurationError
from sources.spotify_sandbox import Sandbox, World, generate
from sources.spotify_sandbox.worlds.account_data import (
    ExportedPlay,
    extended_entry,
    extended_zip,
    listened,
    short_entry,
    short_zip,
    zipped,
)
from tests.pipelines.driving import Ended, playlake, settings
from tests.pipelines.tables import contents, select

pytestmark = pytest.mark.sampled(5)

PLACES = {"duckdb": "imported.duckdb", "parquet": "imported"}
START = 1_600_000_000_000
DAY = 86_400_000
STORED = (
    "SELECT epoch_ms(played_at), item_uri, item_name, artist_name, album_name, ms_played, reason_start, reason_end, "
    "skipped, offline, country FROM plays WHERE user_id = '{}' ORDER BY ALL"
)


@pytest.fixture(params=sorted(PLACES))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One on each destination."""
    return Lake(request.param, str(tmp_path / PLACES[request.param]))


@pytest.fixture(scope="module")
def world() -> World:
    """What there is to hear."""
    return generate(seed=4, playlists=2, items=300)


@pytest.fixture(scope="module")
def plays(world: World) -> list[ExportedPlay]:
    """Three weeks of listening, with podcasts."""
    heard = [n for n in range(150) if world.catalogue.kind(n) == "track"]
    episodes = [n for n in range(20_000) if world.catalogue.kind(n) == "episode"][:5]
    return list(listened(world, [*heard, *episodes], START, START + 21 * DAY))


def rows(world: World, plays: Sequence[ExportedPlay]) -> list[tuple[Any, ...]]:
    """The rows that plays of an extended history become."""
    made = []
    for play in plays:
        e = extended_entry(world, play)
        names = (e["master_metadata_track_name"], e["master_metadata_album_artist_name"])
        if e["spotify_episode_uri"]:
            names = (e["episode_name"], e["episode_show_name"])
        uri = e["spotify_track_uri"] or e["spotify_episode_uri"]
        second = play.ended_at // 1000 * 1000
        album = e["master_metadata_album_album_name"]
        ended = (play.reason_start, play.reason_end, e["skipped"], play.offline, "SE")
        words = [word or None for word in (*names, album)]
        made.append((second, uri, *words, play.ms_played, *ended))
    return sorted(made, key=lambda row: tuple((value is None, value) for value in row))


def given(folder: Path, name: str, content: bytes | Sequence[Any]) -> Path:
    """A file with some bytes, or with entries as JSON."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def imported(lake: Lake, *files: Path, code: int = 0, user: str = "me") -> Ended:
    """What the command says of files."""
    place = ("--destination", lake.destination, "--path", lake.location)
    told = playlake("import", *map(str, files), *place, *(["--user", user] if user else []))
    assert told.code == code, told.err
    return told


def test_a_zip_is_stored_once(lake: Lake, world: World, plays: list[ExportedPlay], tmp_path: Path) -> None:
    """Every play is a row with all that the file says; again, unpacked or in part it adds nothing."""
    whole = given(tmp_path, "my_spotify_data.zip", extended_zip(world, plays))
    told = imported(lake, whole)
    assert f"{len(plays):,} plays, {len(plays):,} new of me" in told.out
    assert "ReadMeFirst_ExtendedStreamingHistory.pdf" in told.err
    assert select(lake, STORED.format("me")) == rows(world, plays)
    before = contents(lake)["plays"]
    middle = given(tmp_path, "endsong_3.json", [extended_entry(world, play) for play in plays[20:300]])
    assert " 0 new" in imported(lake, whole, middle).out
    assert contents(lake)["plays"] == before
    assert select(lake, "SELECT outcome, new_items FROM runs ORDER BY started_at") == [
        ("imported", len(plays)),
        ("imported", 0),
    ]
    assert select(lake, "SELECT resource, subject, new_items FROM resource_reads") == [("plays", "export", len(plays))]


def test_files_that_overlap_are_one_history(
    lake: Lake, world: World, plays: list[ExportedPlay], tmp_path: Path
) -> None:
    """Several files at once, that share plays and hold exact equals, make each play one row."""
    equals = [*plays[:40], plays[7], plays[7]]
    first = given(tmp_path, "Streaming_History_Audio_2020_1.json", [extended_entry(world, play) for play in equals])
    second = given(tmp_path, "history.json", [extended_entry(world, play) for play in [plays[7], *plays[30:60]]])
    imported(lake, first, second)
    assert select(lake, STORED.format("me")) == rows(world, [*plays[:60], plays[7], plays[7]])


def test_the_short_history_has_names(lake: Lake, world: World, plays: list[ExportedPlay], tmp_path: Path) -> None:
    """Names become tracks where only one has them, and plays that the extended history tells too are left to it."""
    short = given(tmp_path, "short.zip", short_zip(world, plays))
    told = imported(lake, short)
    assert "Playlist1.json" in told.err
    assert "Userdata.json" in told.err
    whole = "SELECT count(*), count(item_uri), sum(ms_played), count(item_name) FROM plays"
    lengths = sum(play.ms_played for play in plays)
    names = [row[2] for row in rows(world, plays) if row[2]]
    assert select(lake, whole) == [(len(plays), 0, lengths, len(names))]
    assert " 0 new" in imported(lake, short).out
    imported(lake, given(tmp_path, "whole.zip", extended_zip(world, plays)))
    assert f"{len(plays) * 2} plays, 0 new" in imported(lake, short, tmp_path / "whole.zip").out.replace(",", "", 1)


def test_names_are_matched_where_that_is_certain(
    lake: Lake, world: World, plays: list[ExportedPlay], tmp_path: Path
) -> None:
    """With the extended history at hand names of one track get its URI, names of two tracks get none."""
    play = next(play for play in plays if world.catalogue.kind(play.content) == "track")
    known, later = extended_entry(world, play), short_entry(world, play._replace(ended_at=play.ended_at + 9 * DAY))
    twin = known | {"spotify_track_uri": "spotify:track:twin", "ts": "2019-01-01T00:00:00Z"}
    imported(lake, given(tmp_path, "a.json", [known]), given(tmp_path, "b.json", [later]))
    of_names = "SELECT item_uri FROM plays WHERE played_at_precision = 'minute' ORDER BY played_at"
    assert select(lake, of_names) == [(known["spotify_track_uri"],)]
    unsure = short_entry(world, play._replace(ended_at=play.ended_at + 10 * DAY))
    imported(lake, given(tmp_path, "c.json", [twin]), given(tmp_path, "d.json", [unsure]))
    assert select(lake, of_names) == [(known["spotify_track_uri"],), (None,)]


def test_nothing_of_addresses_is_stored(lake: Lake, world: World, plays: list[ExportedPlay], tmp_path: Path) -> None:
    """IP addresses and user agents are in no table and no file."""
    imported(lake, given(tmp_path, "a.zip", extended_zip(world, plays[:50], "somebody")))
    assert select(lake, "SELECT DISTINCT user_id FROM plays") == [("somebody",)]
    place = Path(lake.location)
    files = [path for path in (place.rglob("*") if place.is_dir() else [place]) if path.is_file()]
    assert files
    assert [path for path in files if b"192.0.2" in path.read_bytes() or b"Mozilla" in path.read_bytes()] == []
    assert "192.0.2" not in json.dumps(contents(lake)["plays"], default=str)


def test_whose_plays_they_are(lake: Lake, world: World, plays: list[ExportedPlay], tmp_path: Path) -> None:
    """The file's user goes before the one that is named, that before the lake's only one; nobody is an error."""
    named = given(tmp_path, "named.json", [extended_entry(world, plays[0], "old")])
    nameless = given(tmp_path, "nameless.json", [extended_entry(world, plays[1])])
    assert "--user ID" in imported(lake, nameless, code=2, user="").err
    assert not Path(lake.location).exists()
    imported(lake, named, user="me")
    imported(lake, nameless, user="")
    assert select(lake, "SELECT user_id, count(*) FROM plays GROUP BY ALL") == [("old", 2)]
    imported(lake, nameless, user="me")
    assert "me, old" in imported(lake, nameless, code=2, user="").err
    assert select(lake, "SELECT user_id, count(*) FROM plays GROUP BY ALL ORDER BY ALL") == [("me", 1), ("old", 2)]


def test_every_kind_of_entry(lake: Lake, tmp_path: Path) -> None:
    """Podcasts, audiobooks, what is gone, and values that older files have are rows like the others."""
    base = {"ts": "2021-05-06T07:08:09Z", "ms_played": 5}
    entries = [
        base | {"spotify_episode_uri": "spotify:episode:e", "episode_name": "E", "episode_show_name": "S"},
        base
        | {
            "audiobook_title": "B",
            "audiobook_uri": "spotify:show:b",
            "audiobook_chapter_uri": "spotify:episode:c",
            "audiobook_chapter_title": "C",
        },
        base,
        base | {"master_metadata_track_name": "L", "offline_timestamp": 1620284889.0, "skipped": None},
        base | {"spotify_track_uri": "spotify:track:m", "offline_timestamp": 1620284889000, "shuffle": "true"},
        {"ts": None, "ms_played": 3},
    ]
    told = imported(lake, given(tmp_path, "endsong_0.json", b"\xef\xbb\xbf" + json.dumps(entries, indent=1).encode()))
    assert "1 entries without a time" in told.err
    shown = (
        "SELECT item_type, item_uri, item_name, artist_name, epoch(offline_at)::BIGINT, shuffle FROM plays ORDER BY ALL"
    )
    assert select(lake, shown) == [
        ("chapter", "spotify:episode:c", "C", "B", None, None),
        ("episode", "spotify:episode:e", "E", "S", None, None),
        ("track", "spotify:track:m", None, None, 1620284889, True),
        ("track", None, "L", None, 1620284889, None),
        (None, None, None, None, None, None),
    ]
    assert select(lake, "SELECT DISTINCT played_at FROM plays") == [(datetime(2021, 5, 6, 7, 8, 9, tzinfo=UTC),)]


@pytest.mark.long
def test_a_sync_goes_on_after_an_import(lake: Lake, world: World, plays: list[ExportedPlay], tmp_path: Path) -> None:
    """A lake that began with an import takes syncs, and the other way round; an import is no good sync."""
    whole = given(tmp_path, "a.zip", extended_zip(world, plays[:30]))
    imported(lake, whole)
    with Sandbox(world) as api:
        assert sync(None, lake, **settings(api)).exit_code == 0
        imported(lake, whole, given(tmp_path, "b.json", [extended_entry(world, plays[31])]), user="me")
        assert sync(None, lake, **settings(api)).run.unchanged == 2
    assert select(lake, "SELECT count(*) FROM plays") == [(31,)]
    assert select(lake, "SELECT count(*) > 100 FROM items") == [(True,)]


GARBAGE: dict[str, bytes] = {
    "words.json": b"no history at all",
    "empty.json": b"",
    "object.json": b'{"ts": "2020-01-01T00:00:00Z"}',
    "numbers.json": b"[1, 2]",
    "strange.json": b'[{"a": 1}]',
    "cut.json": b'[{"ts": "2020-01-01T00:00:00Z", "ms_played": 1}, {"ts": "2020-01',
    "open.json": b'[{"ts": "2020-01-01T00:00:00Z", "ms_played": 1},',
    "wrong.json": b'[{"ts": "2020-01-01T00:00:00Z", "ms_played": "long"}]',
    "when.json": b'[{"ts": "yesterday", "ms_played": 1}]',
    "before.json": b'[{"ts": "0001-01-01T00:00:00+14:00", "ms_played": 1}]',
    "latin.json": '[{"ts": "2020-01-01T00:00:00Z", "ms_played": 1, "trackName": "\u00dc"}]'.encode("latin-1"),
    "deep.json": b'[{"ts": "2020-01-01T00:00:00Z", "ms_played": 1, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
    "more.json": b'[{"ts": "2020-01-01T00:00:00Z", "ms_played": 1}] and more',
    "Playlist1.json": b'{"playlists": []}',
    "other.zip": zipped("photos", {"beach.jpg": b"\xff\xd8"}),
    "bytes.zip": b"PK\x03\x04" + bytes(100),
    "cut.zip": zipped("MyData", {"endsong_0.json": b'[{"ts": "2020-01-01T00:00:00Z", "ms_played": 1}]'})[:-60],
    "bomb.zip": zipped("MyData", {"endsong_0.json": b"[" + b" " * (100 << 20) + b"]"}),
    "inner.zip": zipped("MyData", {"endsong_0.json": b"[}"}),
}


@pytest.mark.parametrize("name", sorted(GARBAGE))
def test_what_is_no_history_is_reported_in_a_line(
    name: str, world: World, plays: list[ExportedPlay], tmp_path: Path
) -> None:
    """Exit code 2, one line that names the file, and nothing stored, of the sound files beside it neither."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    sound = given(tmp_path, "a.json", [extended_entry(world, plays[0])])
    files = [given(tmp_path, name, GARBAGE[name])]
    told = imported(lake, *([sound] if name != "Playlist1.json" else []), *files, code=2)
    assert told.err.count("\n") == 1
    assert name.partition(".")[0] in told.err
    assert not Path(lake.location).exists()


def test_no_file_at_all(tmp_path: Path) -> None:
    """A folder, and what is not there, are reported in a line."""
    lake = Lake("duckdb", str(tmp_path / "lake.duckdb"))
    for path in (tmp_path, tmp_path / "nothing.zip"):
        with pytest.raises(ConfigurationError, match="name the zip"):
            import_history([path], lake)
    assert not Path(lake.location).exists()
