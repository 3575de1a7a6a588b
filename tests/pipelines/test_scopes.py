"""A consent that covers less than a sync reads."""

import json
from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.replay import replay
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import contents, select

PRIVATE, SHARED = "playlist-read-private", "playlist-read-collaborative"
MESSAGES = "SELECT message FROM runs ORDER BY started_at"


def environment(api: Sandbox, scope: str) -> dict[str, str]:
    """The settings of a sandbox, for a user who agreed to so much."""
    return api.environment | {"SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": api.authorise(scope)}


@pytest.mark.parametrize("scope", [PRIVATE, f"user-read-email {PRIVATE}"])
def test_every_sync_says_what_the_consent_lacks(scope: str, tmp_path: Path) -> None:
    """On stderr, in the report and in `runs`, as long as it is so; the sync is none the worse for it."""
    lake, report = tmp_path / "lake.duckdb", tmp_path / "report.json"
    with Sandbox(generate(seed=1, playlists=3, items=10)) as api:
        for _ in range(2):
            ended = playlake(
                "sync", f"--path={lake}", f"--report={report}", "--quiet", environment=environment(api, scope)
            )
            assert ended.code == 0
            assert f"The consent lacks {SHARED} (" in ended.err
            assert PRIVATE not in ended.err
            assert ended.err.count("The consent lacks") == 1
            assert "The consent lacks" in json.loads(report.read_text())["run"]["message"]
        ended = playlake("sync", f"--path={lake}", environment=environment(api, f"{PRIVATE} {SHARED}"))
        assert (ended.code, ended.err) == (0, "")
    told = [str(row[0]) for row in select(Lake(path=str(lake)), MESSAGES)]
    assert [SHARED in message for message in told] == [True, True, False]


def test_kept_answers_know_the_consent(tmp_path: Path) -> None:
    """What was read by a consent that lacks something is reported again when it is replayed."""
    lake, again = Lake(path=str(tmp_path / "lake.duckdb")), Lake(path=str(tmp_path / "again.duckdb"))
    raw = tmp_path / "raw"
    with Sandbox(generate(seed=1, playlists=3, items=10)) as api:
        given = settings(api)
        given["credentials"]["refresh_token"] = api.authorise(PRIVATE)
        sync(lake=lake, keep_raw=str(raw), **given)
    list(replay(raw, again))
    assert "The consent lacks" in str(select(lake, MESSAGES))
    assert select(again, MESSAGES) == select(lake, MESSAGES)
    assert contents(again) == contents(lake)
