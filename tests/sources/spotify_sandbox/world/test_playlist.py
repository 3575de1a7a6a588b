"""Edits do to a playlist what they would do to a list, and move its snapshot id when and only when it changes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.spotify_sandbox import Entry, Playlist, World, WorldError, generate
from sources.spotify_sandbox.world import snapshot_ids
from tests.sources.spotify_sandbox.asking import Api

AT = "2020-02-29T23:59:59Z"


def empty(world: World) -> Playlist:
    """A playlist without entries."""
    return world.create_playlist("Fresh")


edits = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(0, 400), st.lists(st.integers(-1, 30), max_size=130)),
        st.tuples(st.just("remove"), st.integers(0, 400), st.lists(st.integers(0, 400), max_size=9)),
        st.tuples(st.just("move"), st.integers(0, 400), st.lists(st.integers(0, 400), min_size=2, max_size=2)),
        st.tuples(st.just("put_back"), st.integers(0, 400), st.lists(st.integers(0, 9), max_size=3)),
        st.tuples(st.just("clear"), st.just(0), st.just([])),
    ),
    max_size=8,
)


def act(
    playlist: Playlist, model: list[Entry], removed: list[Entry], uris: list[str], edit: tuple[str, int, list[int]]
) -> None:
    """Make an edit to a playlist and to a list."""
    action, place, numbers = edit
    place = min(place, len(model))
    if action == "insert":
        items = [None if number < 0 else uris[number] for number in numbers]
        playlist.insert(place, items, added_by="someone", added_at=AT)
        model[place:place] = [Entry(uri, None if uri is None else "track", AT, "someone") for uri in items]
    elif action == "remove":
        positions = {number for number in numbers if number < len(model)}
        gone = [model[position] for position in sorted(positions)]
        assert playlist.remove(positions) == tuple(gone)
        removed += gone
        model[:] = [entry for position, entry in enumerate(model) if position not in positions]
    elif action == "put_back":
        back = [removed[number] for number in numbers if number < len(removed)]
        playlist.put_back(place, back)
        model[place:place] = back
    elif action == "move" and model:
        start = min(numbers[0], len(model) - 1)
        length = 1 + numbers[1] % (len(model) - start)
        playlist.move(start, place, length)
        if not start <= place <= start + length:
            block = model[start : start + length]
            del model[start : start + length]
            at = place - length if place > start else place
            model[at:at] = block
    elif action == "clear":
        removed += model
        assert playlist.clear() == tuple(model)
        model.clear()


@given(edits)
@settings(max_examples=60, deadline=None)
def test_edits_against_a_list(changes: list[tuple[str, int, list[int]]]) -> None:
    """After any edits the entries are those of the model, by attribute and by paging, and snapshots count changes."""
    world = generate(seed=3, playlists=1, items=40)
    uris = [uri for uri in (world.catalogue.uri(number) for number in range(31)) if uri]
    playlist = empty(world)
    model: list[Entry] = []
    removed: list[Entry] = []
    for edit in changes:
        before, revision, snapshot_id = list(model), snapshot_ids.revision(playlist.snapshot_id), playlist.snapshot_id
        act(playlist, model, removed, uris, edit)
        moved = playlist.snapshot_id != snapshot_id
        assert snapshot_ids.revision(playlist.snapshot_id) == revision + moved
        assert moved or model == before
    assert list(playlist.entries) == model
    api = Api(world)
    served = api.entries(api.get(f"/playlists/{playlist.id}").json["tracks"])
    assert [entry["track"] and entry["track"]["uri"] for entry in served] == [entry.uri for entry in model]


def test_what_is_said_about_a_playlist_moves_the_snapshot() -> None:
    """Name, description, privacy, collaboration and owner each count as a change; saying the same again does not."""
    world = generate(seed=3, playlists=1, items=0)
    playlist = empty(world)
    for _ in range(2):
        playlist.rename("Other")
        playlist.describe(None)
        playlist.set_public(False)
        playlist.set_collaborative(True)
        playlist.transfer("marcel#spotify")
    assert snapshot_ids.revision(playlist.snapshot_id) == 1 + 5


def test_insert_signs_with_user_and_clock() -> None:
    """An added item is dated by the world's clock and signed by the signed-in user."""
    world = generate(seed=3, playlists=1, items=0, clock=lambda: datetime(2021, 1, 2, 3, 4, 5, tzinfo=UTC))
    playlist = empty(world)
    uri = world.catalogue.uri(0)
    playlist.insert(0, [uri])
    assert playlist.entries == (Entry(uri, "track", "2021-01-02T03:04:05Z", world.me.id),)


def test_wrong_edits_change_nothing() -> None:
    """An edit at a place or of a track that does not exist is refused whole."""
    world = generate(seed=3, playlists=1, items=0)
    playlist = empty(world)
    before = playlist.snapshot_id
    known = world.catalogue.uri(0)
    for edit in (
        lambda: playlist.insert(1, [known]),
        lambda: playlist.insert(0, [known, "spotify:track:unknown"]),
        lambda: playlist.remove([0]),
        lambda: playlist.move(0, 0),
        lambda: world.rename_track("spotify:track:unknown", "x"),
        lambda: world.playlist("unknown"),
        lambda: world.create_playlist("Twice", playlist_id=playlist.id),
        lambda: world.set_day("2020-01-01"),
    ):
        with pytest.raises(WorldError):
            edit()
    assert (playlist.entries, playlist.snapshot_id) == ((), before)
