"""Real playlists, from one state to another by the command: needs the shared folder with two years of public playlists.

PLAYLAKE_WRITE_PAIRS says how many pairs of states are played; the planner alone plays all of them, in
`tests/sources/spotify/writes/test_real_playlists.py`.
"""

import os
from pathlib import Path
from random import Random

import pytest

from sources.spotify.writes.steps import Entry
from sources.spotify_sandbox import Playlist, Sandbox, load
from tests.pipelines.unstored import given
from tests.pipelines.writing import Desk, now
from tests.sources.spotify.writes.test_real_playlists import playlists

PAIRS = int(os.environ.get("PLAYLAKE_WRITE_PAIRS", "4"))
"""How many are played."""

STATES = min(12, PAIRS)
"""States of each playlist that the lake knows, spread over its two years."""


def show(playlist: Playlist, state: list[Entry]) -> None:
    """Brings a playlist to a state, each item with the time at which it came."""
    playlist.clear()
    for place, entry in enumerate(state):
        day = f"2020-01-01T00:{(entry.added_at or 0) // 60 % 60:02}:{(entry.added_at or 0) % 60:02}Z"
        playlist.insert(place, [entry.uri], added_at=day)


@pytest.mark.long
def test_from_one_state_to_another(shared: Path, tmp_path: Path) -> None:
    """It is as it was, for exactly the requests that were announced, and of equal states nothing is written."""
    real, random = playlists(), Random("pairs")
    with Sandbox(load(shared / "data" / "playlist_history")) as api:
        at = Desk(api, tmp_path / "lake.duckdb", tmp_path / "dlt")
        states = {
            each: [known[i * (len(known) - 1) // max(1, STATES - 1)] for i in range(STATES)]
            for each, known in real.items()
        }
        moments = []
        for number in range(STATES):
            for playlist_id, known in states.items():
                api.world.playlists[playlist_id].owner = api.world.me.id
                show(api.world.playlists[playlist_id], known[number])
            assert at("sync", *states, "--full").code == 0
            moments.append(now())
        for _ in range(PAIRS):
            playlist_id = random.choice(list(states))
            one, other = random.choices(range(STATES), k=2)
            playlist, sent = api.world.playlists[playlist_id], len(at.written)
            show(playlist, states[playlist_id][one])
            done = given(at, "restore", playlist_id, "--as-of", moments[other], "--yes")
            assert (done.code, done.err) == (0, ""), (playlist_id, one, other)
            assert [entry.uri for entry in playlist.entries] == [entry.uri for entry in states[playlist_id][other]]
            written = len(at.written) - sent
            if one == other:
                assert written == 0
            said = f"; {written} request" if written else "Nothing to write"
            assert said in done.out, done.out
