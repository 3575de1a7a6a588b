"""The cookbook's questions about listening are answered rightly where there are plays; the demonstration has none."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.import_history import import_history
from pipelines.operations.query import run_sql
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, World, generate
from sources.spotify_sandbox.world.contents import Track
from sources.spotify_sandbox.world.player import Play
from sources.spotify_sandbox.worlds.account_data import ExportedPlay, extended_zip, listened
from tests.cookbook import recipes
from tests.pipelines.driving import settings

NOW = datetime(2026, 7, 20, 12, tzinfo=UTC)
MONTH = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp() * 1000)
SINCE = int(datetime(2025, 11, 1, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture(scope="module")
def world() -> World:
    """Whose playlists are listened to."""
    return generate(seed=4, playlists=2, items=300)


@pytest.fixture(scope="module")
def heard(world: World) -> list[ExportedPlay]:
    """What an export tells, until this month."""
    tracks = [n for n in range(100) if isinstance(world.content(n), Track) and world.content(n).name]  # type: ignore[union-attr]
    lately = list(listened(world, tracks, SINCE, MONTH - 1))
    return [*lately[::9], ExportedPlay(tracks[0], 1_200_000_000_000, 1_000)]


@pytest.fixture(scope="module")
def answers(
    world: World, heard: list[ExportedPlay], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[Any, ...]]]:
    """The answers of a lake with an export of eight months, and what the API told of this one."""
    folder = tmp_path_factory.mktemp("listening")
    lake = Lake("duckdb", str(folder / "lake.duckdb"))
    (folder / "export.zip").write_bytes(extended_zip(world, heard))
    [playlist, *_] = world.listed()
    history = [Play(heard[0].content, MONTH + n, f"spotify:playlist:{playlist.id}") for n in (9_000_000, 5_000_000)]
    world.player.history.clear()
    world.player.history.extend([*history, Play(heard[1].content, MONTH + 1, None)])
    with Sandbox(world) as api:
        given = settings(api)
        given["credentials"]["refresh_token"] = api.authorise("playlist-read-private user-read-recently-played")
        assert sync(None, lake, resources="playlists,plays", **given).exit_code == 0
        import_history([folder / "export.zip"], lake)
    with lake.open() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TEMP MACRO now() AS TIMESTAMPTZ '{NOW}'")
        asked = {question: sql for question, sql in recipes().items() if "listening" in sql}
        assert len(asked) == 3
        return {question: run_sql(connection, sql).rows for question, sql in asked.items()}


def test_most_played_this_month(
    world: World, heard: list[ExportedPlay], answers: dict[str, list[tuple[Any, ...]]]
) -> None:
    """Plays of this month are counted, with the playlist that most of them are from."""
    rows = answers["What have I played most this month, and from which playlist?"]
    names = [world.content(play.content).name for play in heard[:2]]  # type: ignore[union-attr]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        (names[0], 2, next(iter(world.listed())).name),
        (names[1], 1, None),
    ]


def test_a_year(world: World, heard: list[ExportedPlay], answers: dict[str, list[tuple[Any, ...]]]) -> None:
    """The first five artists, tracks, albums and months, each as often as it was played."""
    rows = answers["What was my year in listening?"]
    start = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
    played = [*(play.content for play in heard if play.ended_at >= start), *(heard[n].content for n in (0, 0, 1))]
    artists = Counter(world.content(content).artists[0].name for content in played)  # type: ignore[union-attr]
    top = sorted(artists.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    assert [(row[2], row[3]) for row in rows if row[0] == "artist"] == top
    assert Counter(row[0] for row in rows) == {"album": 5, "artist": 5, "month": 5, "track": 5}


def test_never_played(world: World, heard: list[ExportedPlay], answers: dict[str, list[tuple[Any, ...]]]) -> None:
    """What was added since the first play and is not among those after its addition, and nothing else."""
    rows = answers["What have I never played since I added it?"]
    last: dict[str | None, datetime] = {}
    for play in sorted(heard, key=lambda play: play.ended_at):
        last[world.catalogue.uri(play.content)] = datetime.fromtimestamp(play.ended_at // 1000, UTC)
    first = datetime.fromtimestamp(heard[-1].ended_at // 1000, UTC)
    expected: Counter[str] = Counter()
    for playlist in world.listed():
        for entry in playlist.entries:
            added = datetime.fromisoformat(entry.added_at) if entry.added_at else None
            if added is not None and added >= first and (entry.uri not in last or last[entry.uri] < added):
                expected[playlist.name] += 1
    assert expected
    assert Counter(row[0] for row in rows) == expected
