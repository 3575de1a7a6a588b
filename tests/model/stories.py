"""Scenarios with playlists, one trap each: a sync runs at every `yield`."""

from collections.abc import Callable, Iterator

from sources.spotify_sandbox import Sandbox
from tests.model.worlds import EPISODES, FILES, FRIEND, ME, RELINKED, TRACKS, entry

Story = Callable[[Sandbox], Iterator[None]]

LONG_AGO = "2009-10-07T06:05:04Z"
ONCE = "2020-05-06T07:08:09Z"
LATER = "2023-04-05T06:07:08Z"
EPOCH = "1970-01-01T00:00:00Z"


def bulk_add(api: Sandbox) -> Iterator[None]:
    """Many items of one second; more of the same second come between them after a sync."""
    playlist = api.world.create_playlist("Bulk")
    playlist.put_back(0, [entry(uri, ONCE) for uri in TRACKS])
    yield
    playlist.put_back(3, [entry(uri, ONCE) for uri in (*EPISODES, *FILES)])
    yield


def null_added_at(api: Sandbox) -> Iterator[None]:
    """Entries without a date, on a list that is read again."""
    playlist = api.world.create_playlist("Very old")
    playlist.put_back(0, [entry(TRACKS[0], None, None), entry(TRACKS[1], ONCE), entry(TRACKS[2], None, None)])
    yield
    playlist.rename("Very old indeed")
    yield


def epoch(api: Sandbox) -> Iterator[None]:
    """Entries dated 1970 are put on a list that was read before."""
    playlist = api.world.create_playlist("Charts")
    playlist.put_back(0, [entry(TRACKS[0], ONCE)])
    yield
    playlist.put_back(0, [entry(TRACKS[1], EPOCH, ""), entry(TRACKS[2], EPOCH, "")])
    yield


def older_playlist(api: Sandbox) -> Iterator[None]:
    """A playlist appears whose items were added long before all that was loaded."""
    api.world.create_playlist("New").put_back(0, [entry(uri, LATER) for uri in TRACKS[:3]])
    yield
    api.world.create_playlist("Older").put_back(0, [entry(uri, LONG_AGO) for uri in TRACKS[3:6]])
    yield


def restored(api: Sandbox) -> Iterator[None]:
    """An item is removed, and put back as it was."""
    playlist = api.world.create_playlist("Undone")
    playlist.put_back(0, [entry(TRACKS[0], LONG_AGO), entry(TRACKS[1], ONCE), entry(TRACKS[2], LATER)])
    yield
    playlist.rename("Never mind")
    yield
    gone = playlist.remove([1])
    yield
    playlist.put_back(0, gone)
    yield


def same_track_twice(api: Sandbox) -> Iterator[None]:
    """The same track at three times, also by somebody else, of which one goes."""
    playlist = api.world.create_playlist("Again")
    playlist.put_back(0, [entry(TRACKS[0], ONCE), entry(TRACKS[0], LATER), entry(TRACKS[0], LONG_AGO, FRIEND)])
    yield
    playlist.remove([0])
    playlist.move(0, 2)
    yield


def authors_forgotten(api: Sandbox) -> Iterator[None]:
    """Spotify names the authors of all items but one, then nobody (in both notations), then all, then others."""
    playlist = api.world.create_playlist("By whom")
    uris = (TRACKS[0], TRACKS[1], TRACKS[1])
    for authors in (
        (ME.id, None, FRIEND),
        ("", "", ""),
        (None, None, None),
        (ME.id, ME.id, FRIEND),
        ("", FRIEND, None),
    ):
        playlist.clear()
        playlist.put_back(0, [entry(uri, ONCE, author) for uri, author in zip(uris, authors, strict=True)])
        yield


def exact_equals(api: Sandbox) -> Iterator[None]:
    """Entries that are equal in everything: three, then two, then four."""
    playlist = api.world.create_playlist("Equals")
    playlist.put_back(0, [entry(TRACKS[0], ONCE)] * 3)
    yield
    playlist.remove([1])
    yield
    playlist.put_back(1, [entry(TRACKS[0], ONCE), entry(TRACKS[1], ONCE), entry(TRACKS[0], ONCE)])
    yield


def local_files(api: Sandbox) -> Iterator[None]:
    """Local files, which have no id; one has no tags."""
    playlist = api.world.create_playlist("Files")
    playlist.put_back(0, [entry(uri, ONCE) for uri in FILES])
    yield
    playlist.remove([1])
    yield


def gone_items(api: Sandbox) -> Iterator[None]:
    """Entries whose item is gone, among others, with an adder whose id is empty or null."""
    playlist = api.world.create_playlist("Gaps")
    playlist.put_back(0, [entry(None, ONCE, ""), entry(TRACKS[0], ONCE), entry(None, ONCE, None), entry(None, LATER)])
    yield
    playlist.remove([2])
    yield


def episodes(api: Sandbox) -> Iterator[None]:
    """Episodes of a podcast between tracks."""
    playlist = api.world.create_playlist("Talk")
    playlist.put_back(0, [entry(EPISODES[0], ONCE), entry(TRACKS[0], ONCE)])
    yield
    playlist.put_back(1, [entry(EPISODES[1], LATER)])
    yield


def relinked(api: Sandbox) -> Iterator[None]:
    """Tracks that play under another id, which a development app is not told of, while the app is moved about."""
    playlist = api.world.create_playlist("Elsewhere")
    playlist.put_back(0, [entry(RELINKED[0], ONCE), entry(TRACKS[0], ONCE), entry(RELINKED[0], LATER)])
    yield
    api.regime = "development"
    playlist.put_back(1, [entry(RELINKED[1], LATER)])
    yield
    api.regime = "transition"
    playlist.rename("Still elsewhere")
    yield
    api.regime = "development"
    playlist.move(0, 4)
    yield


def moved(api: Sandbox) -> Iterator[None]:
    """A range of items is moved, and nothing else."""
    playlist = api.world.create_playlist("Order")
    playlist.put_back(0, [entry(uri, ONCE) for uri in TRACKS])
    yield
    playlist.move(5, 1, 2)
    yield


def emptied(api: Sandbox) -> Iterator[None]:
    """A playlist loses all its items."""
    playlist = api.world.create_playlist("Short-lived")
    playlist.put_back(0, [entry(uri, ONCE) for uri in TRACKS[:3]])
    yield
    playlist.clear()
    yield


STORIES: tuple[Story, ...] = (
    bulk_add,
    null_added_at,
    epoch,
    older_playlist,
    restored,
    same_track_twice,
    authors_forgotten,
    exact_equals,
    local_files,
    gone_items,
    episodes,
    relinked,
    moved,
    emptied,
)
