"""Positions of an earlier snapshot lead to the same entries later."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.world.journal import REMEMBERED

numbers = st.integers(0, 40)
changes = st.lists(
    st.tuples(st.sampled_from(["insert", "remove", "move", "rename"]), numbers, numbers, numbers), max_size=8
)


@given(changes)
@settings(max_examples=100)
def test_positions_follow_their_entries(edits: list[tuple[str, int, int, int]]) -> None:
    """Each entry of each snapshot is found again where it stands after all changes, or is known to be gone."""
    world = generate(seed=3, playlists=1, items=0)
    playlist = world.create_playlist("Fresh")
    uri = world.catalogue.uri(0)
    born = 0

    def add(position: int, count: int) -> None:
        # The time of adding tells the entries apart, which are otherwise the same.
        nonlocal born
        for place in range(position, position + count):
            born += 1
            playlist.insert(place, [uri], added_at=f"20{born // 60:02}-01-01T00:00:{born % 60:02}Z")

    add(0, 12)
    seen = {}
    for action, a, b, c in edits:
        size = len(playlist)
        seen[playlist.snapshot_id] = playlist.entries
        if action == "insert":
            add(min(a, size), 1 + b % 3)
        elif action == "remove" and size:
            playlist.remove({a % size, b % size, c % size})
        elif action == "move" and size:
            start = a % size
            playlist.move(start, min(b, size), 1 + c % (size - start))
        else:
            playlist.rename(f"{a}")
    seen[playlist.snapshot_id] = playlist.entries
    present = {entry: position for position, entry in enumerate(playlist.entries)}
    for snapshot_id, entries in seen.items():
        expected = [present.get(entry) for entry in entries]
        assert playlist.positions_now(snapshot_id, range(len(entries))) == expected


def test_unknown_and_ancient_snapshots() -> None:
    """A snapshot that never was, or was too many changes ago, tells nothing."""
    playlist = generate(seed=3, playlists=1, items=0).create_playlist("Fresh")
    first = playlist.snapshot_id
    assert playlist.positions_now("never", [0]) is None
    for number in range(REMEMBERED):
        playlist.rename(f"{number}")
    assert playlist.positions_now(first, [0]) == [0]
    playlist.rename("once more")
    assert playlist.positions_now(first, [0]) is None
