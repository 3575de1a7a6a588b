"""Random changes are plausible, told, and the same for the same random source."""

from collections import Counter

from sources.spotify_sandbox import evolve, generate
from tests.sources.spotify_sandbox.asking import dice


def test_changes_are_reported() -> None:
    """Every change is one of a playlist, as many as asked for, and most kinds happen in 300."""
    world = generate(4, 12, 600)
    changes = evolve(world, dice(1), 300)
    assert len(changes) == 300
    assert len(Counter(change.action for change in changes)) >= 11
    assert all(str(change).startswith(change.action) and change.playlist_id in str(change) for change in changes)


def test_the_random_source_decides() -> None:
    """Two equal worlds stay equal under the same random source."""
    one, two = generate(4, 12, 600), generate(4, 12, 600)
    assert evolve(one, dice(7), 80) == evolve(two, dice(7), 80)
    assert one.listing == two.listing
    assert [(p.snapshot_id, p.entries) for p in one.listed()] == [(p.snapshot_id, p.entries) for p in two.listed()]


def test_only_the_named_playlists_change() -> None:
    """Snapshot ids move in the playlists that the changes name, and in no others."""
    world = generate(4, 30, 600)
    before = {playlist.id: playlist.snapshot_id for playlist in world.playlists.values()}
    changes = evolve(world, dice(2), 10)
    named = {change.playlist_id for change in changes}
    assert all(world.playlist(id_).snapshot_id == before[id_] for id_ in set(before) & set(world.playlists) - named)


def test_an_empty_world_grows() -> None:
    """Without playlists the first change is to create one."""
    world = generate(4, 0, 0)
    assert evolve(world, dice(1), 1)[0].action == "create"
