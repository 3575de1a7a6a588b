"""A run once more, from its recording."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from sources.errors import ApiError
from sources.spotify.api.endpoints import ME_PLAYLISTS, PLAYLIST
from sources.spotify.config import Settings
from sources.spotify.engine.replay import header_of, replay_run
from sources.spotify.engine.run import Run
from sources.spotify.http.archive import Recording, RecordingFile
from tests.sources.spotify.http.test_archive import START, kept, one_file
from tests.sources.spotify.stand_in import API, Reply, client, in_turn


def test_a_run_again_is_the_run(tmp_path: Path) -> None:
    """A run from a recording asks as the same app and user, with the same id, settings and times, and no network."""
    server = in_turn(Reply())
    settings = Settings(api_url=API, market="SE", full=True, audit_after=timedelta(hours=3), max_retry_wait=7.0)
    run = Run(client(server), settings, ["P"])
    raw = RecordingFile(tmp_path)
    raw.header = partial(header_of, run)
    raw.append(kept(60 * 60 * 24 * 365, "/playlists/P?market=SE", body='{"id": "P", "name": "Kept"}'))
    again = replay_run(Recording(one_file(tmp_path)))
    assert again.client.is_user
    assert again.record == run.record
    assert again.references == run.references
    assert again.settings == replace(run.settings, parallel_reads=1)
    assert again.client.get(PLAYLIST, "P").name == "Kept"
    assert again.now() == again.replayed_until == START + timedelta(days=365)
    with pytest.raises(ApiError, match="/me/playlists"):
        again.client.get(ME_PLAYLISTS)
    assert server.requests == []
