"""Generated worlds follow from their seed and hold every oddity that real libraries do."""

from collections import Counter
from time import process_time

import pytest

from sources.spotify_sandbox import World, WorldError, generate


def picture(world: World) -> object:
    """All of a world that can be compared."""
    return world.listing, [(p.id, p.name, p.snapshot_id, p.images, p.entries) for p in world.playlists.values()]


def test_the_seed_decides() -> None:
    """The same seed gives the same world, another one another."""
    assert picture(generate(5, 20, 900)) == picture(generate(5, 20, 900))
    assert picture(generate(5, 20, 900)) != picture(generate(6, 20, 900))


@pytest.mark.parametrize(
    ("playlists", "items"), [(0, 0), (1, 0), (1, 10), (2, 11), (3, 10), (8, 500), (80, 15_000), (100, 1_000_000)]
)
def test_counts_are_exact(playlists: int, items: int) -> None:
    """A world has exactly the playlists and entries asked for, all of them listed."""
    world = generate(2, playlists, items)
    assert len(list(world.listed())) == playlists
    assert sum(map(len, world.listed())) == items
    assert max(map(len, world.listed()), default=0) <= 11_000


def test_too_many_items() -> None:
    """More items than playlists can hold are refused in one sentence."""
    with pytest.raises(WorldError, match="1 playlists cannot hold 11001 items: 11000 is the most"):
        generate(1, 1, 11_001)


def test_the_default_world() -> None:
    """It is made in half a second of computing, and a development app can read most of it, but not all."""
    began = process_time()
    world = generate()
    assert process_time() - began < 0.5
    readable = [playlist for playlist in world.listed() if playlist.is_readable]
    assert len(readable) >= 60
    assert sum(map(len, readable)) >= 10_000
    assert len(readable) < len(list(world.listed()))
    sizes = sorted(map(len, world.listed()))
    assert sizes[0] == 0
    assert sizes[-1] > 4_000
    assert {playlist.owner for playlist in world.listed()} > {"spotify", "marcel#spotify", world.me.id}
    assert {b"null", b"[]"} < {playlist.images for playlist in world.listed()}


def test_oddities() -> None:
    """What a development app can read holds nulls, episodes, local files, odd dates, odd adders and repetitions."""
    world = generate()
    entries = [(playlist, entry) for playlist in world.listed() if playlist.is_readable for entry in playlist.entries]
    kinds = Counter(entry.kind for _, entry in entries)
    assert all(kinds[kind] >= 20 for kind in (None, "track", "episode", "local"))
    assert {None, "1970-01-01T00:00:00Z"} < {entry.added_at for _, entry in entries}
    assert {None, "", "marcel#spotify"} < {entry.added_by for _, entry in entries}
    seconds = Counter((playlist.id, entry.added_at) for playlist, entry in entries)
    assert max(seconds.values()) >= 20
    again = Counter((playlist.id, entry.uri) for playlist, entry in entries if entry.uri)
    exactly = Counter((playlist.id, entry) for playlist, entry in entries if entry.uri)
    assert max(again.values()) > 1
    assert max(exactly.values()) > 1
    adders = Counter(p.id for p in world.listed() if p.collaborative and len({e.added_by for e in p.entries}) >= 3)
    assert adders
    local = [entry.uri for _, entry in entries if entry.kind == "local" and entry.uri]
    assert any("::" in uri for uri in local)
    assert any("%" in uri and "+" in uri for uri in local)


def test_popular_tracks_are_everywhere() -> None:
    """A tenth of the catalogue makes up far more than a tenth of the entries."""
    world = generate()
    tracks = Counter(entry.uri for playlist in world.listed() for entry in playlist.entries if entry.kind == "track")
    top = sum(count for _, count in tracks.most_common(900))
    assert top / tracks.total() > 0.3
