"""Random but plausible edits of playlists, for demonstrations and model-based tests."""

from dataclasses import dataclass
from random import Random

from sources.spotify_sandbox.world.contents import Track
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.words import DESCRIPTIONS, PLAYLISTS
from sources.spotify_sandbox.world.world import World


@dataclass(frozen=True, slots=True)
class Change:
    """One edit: what was done, to which playlist, and how much."""

    action: str
    playlist_id: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.action} {self.playlist_id} {self.detail}".rstrip()


_ACTIONS = {
    "add": 30,
    "bulk add": 6,
    "remove": 20,
    "move": 16,
    "restore": 8,
    "rename": 5,
    "describe": 4,
    "clear": 1,
    "create": 3,
    "delete": 2,
    "unlist": 1,
    "rename track": 2,
    "restrict track": 2,
}


def evolve(world: World, random: Random, changes: int) -> list[Change]:
    """Make a number of changes to a world and return them. The same random source makes the same changes."""
    done: list[Change] = []
    with world.lock:
        while len(done) < changes:
            action = random.choices(list(_ACTIONS), list(_ACTIONS.values()))[0]
            playlists = [playlist for playlist in world.listed() if playlist.owner != "spotify"]
            if not playlists:
                action = "create"
            change = _change(world, random, action, random.choice(playlists) if playlists else None)
            if change is not None:
                done.append(change)
    return done


def _change(world: World, random: Random, action: str, playlist: Playlist | None) -> Change | None:
    if action == "create" or playlist is None:
        created = world.create_playlist(random.choice(PLAYLISTS), public=random.random() < 0.8)
        return Change("create", created.id, created.name)
    if action in {"delete", "unlist"}:
        if len(world.playlists) < 2:
            return None
        (world.delete_playlist if action == "delete" else world.unlist)(playlist.id)
        return Change(action, playlist.id)
    if action in {"add", "bulk add", "restore"}:
        return _grow(world, random, action, playlist)
    if action in {"rename", "describe"}:
        return _tell(random, action, playlist)
    if not len(playlist):
        return None
    if action in {"rename track", "restrict track"}:
        return _touch(world, random, action, playlist)
    return _shrink(random, action, playlist)


def _grow(world: World, random: Random, action: str, playlist: Playlist) -> Change | None:
    position = random.choice((0, len(playlist), random.randint(0, len(playlist))))
    if action == "restore":
        if not playlist.removed:
            return None
        gone = playlist.removed.pop()
        playlist.put_back(position, gone)
        return Change(action, playlist.id, f"{len(gone)} at {position}")
    count = random.randint(5, 120) if action == "bulk add" else random.choice((1, 1, 1, 2, 12))
    uris = [world.catalogue.uri(world.catalogue.pick(random)) for _ in range(count)]
    adder = random.choice((world.me.id, playlist.owner))
    playlist.insert(position, uris, added_by=adder)
    return Change(action, playlist.id, f"{count} at {position}")


def _shrink(random: Random, action: str, playlist: Playlist) -> Change | None:
    size = len(playlist)
    if action == "clear":
        playlist.removed.append(playlist.clear())
        return Change(action, playlist.id, str(size))
    if action == "remove":
        start = random.randrange(size)
        positions = random.choice(
            (
                range(start, min(size, start + random.randint(1, 5))),
                random.sample(range(size), min(size, 3)),
            )
        )
        playlist.removed.append(playlist.remove(positions))
        return Change(action, playlist.id, f"{len(positions)} from {min(positions)}")
    start = random.randrange(size)
    length = random.randint(1, min(5, size - start))
    before = random.randint(0, size)
    if start <= before <= start + length:
        return None
    playlist.move(start, before, length)
    return Change(action, playlist.id, f"{length} from {start} to {before}")


def _tell(random: Random, action: str, playlist: Playlist) -> Change | None:
    before = playlist.snapshot_id
    if action == "rename":
        playlist.rename(f"{random.choice(PLAYLISTS)} {random.randint(2, 99)}")
    else:
        playlist.describe(random.choice(DESCRIPTIONS))
    return Change(action, playlist.id, playlist.name) if playlist.snapshot_id != before else None


def _touch(world: World, random: Random, action: str, playlist: Playlist) -> Change | None:
    entry = playlist.entry(random.randrange(len(playlist)))
    if entry.uri is None or not isinstance(world.content(world.number(entry.uri)), Track):
        return None
    if action == "rename track":
        world.rename_track(entry.uri, f"Renamed {random.randint(1, 999)}")
    else:
        world.restrict_track(entry.uri, random.choice(((), ("DE", "AT"), ("US",))))
    return Change(action, playlist.id, entry.uri)
