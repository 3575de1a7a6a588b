"""How many requests a sync costs, counted where they arrive."""

from math import ceil

import pytest

from tests.model.stage import TOKEN, Stage
from tests.model.worlds import TRACKS


def asked(stage: Stage) -> list[str]:
    """The paths that one sync of each lake asks for, tokens left out; both lakes must cost the same."""
    first = len(stage.api.requests)
    stage.sync()
    paths = [record.path for record in stage.api.requests[first:] if record.path != TOKEN]
    half = len(paths) // 2
    # Several playlists are read at the same time.
    assert sorted(paths[:half]) == sorted(paths[half:])
    return paths[:half]


@pytest.mark.long
def test_unchanged_playlists_cost_the_list(stage: Stage) -> None:
    """Looking at 101 unchanged playlists takes the three pages of the list and nothing else."""
    for number in range(101):
        stage.world.create_playlist(f"Playlist {number}")
    asked(stage)
    assert asked(stage) == ["/v1/me/playlists"] * ceil(101 / 50)


@pytest.mark.long
def test_changed_playlist_costs_its_pages(stage: Stage) -> None:
    """A changed one of 260 entries takes one request for 100, four for the rest, and one last look."""
    playlist = stage.world.create_playlist("Long")
    playlist.insert(0, [TRACKS[number % 8] for number in range(259)])
    short = stage.world.create_playlist("Short")
    short.insert(0, TRACKS)
    asked(stage)
    playlist.insert(0, TRACKS[:1])
    own = f"/v1/playlists/{playlist.id}"
    assert asked(stage) == ["/v1/me/playlists", own, *[f"{own}/tracks"] * ceil((260 - 100) / 50), own]
