"""A lake of playlists that were edited at random from sync to sync, written without one: small for tests, or large."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from pipelines.destinations.lake import Lake
from sources.spotify.resources.addition_keys import moved_keys
from tests.pipelines.operations.report.lakes import NOW
from tests.schemas.lake_folder import LakeFolder

WORDS = [
    "Gravity",
    "Harbour",
    "Ashes",
    "Monsoon",
    "Tokyo",
    "Violet",
    "Été",
    "Straße",
    "København",
    "Łódź",
    "السلام",
    "夏",
    "Signal",
    "Paper",
    "Amber",
    "Salt",
]


class EditedPlaylist:
    """A playlist's additions, and the states in which syncs found it."""

    def __init__(self, number: int, random: Random, tracks: int) -> None:
        self.id = f"{number:022d}"
        self.random, self.tracks = random, tracks
        self.additions: dict[int, tuple[int, datetime | None]] = {}
        self.keys: list[int] = []
        self.removed: list[int] = []
        self.states: list[tuple[datetime, list[int], list[int]]] = []

    def add(self, time: datetime, place: int | None = None) -> None:
        """Puts any track anywhere, or at the end."""
        key = len(self.additions) + 1
        added_at = None if self.random.random() < 0.02 else time
        self.additions[key] = (self.random.randrange(self.tracks), added_at)
        self.keys.insert(len(self.keys) if place is None else place, key)

    def edit(self, time: datetime) -> None:
        """Does one thing or another to it."""
        random, keys = self.random, self.keys
        what = random.choice(["add", "insert", "remove", "move", "restore", "again"])
        if what == "add" or not keys:
            self.add(time)
        elif what == "insert":
            self.add(time, random.randrange(len(keys)))
        elif what == "remove":
            self.removed.append(keys.pop(random.randrange(len(keys))))
        elif what == "move":
            keys.insert(random.randrange(len(keys)), keys.pop(random.randrange(len(keys))))
        elif self.removed:
            key = self.removed.pop()
            if what == "again":
                self.additions[len(self.additions) + 1] = (self.additions[key][0], time)
                key = len(self.additions)
            keys.insert(random.randrange(len(keys) + 1), key)

    def sync(self, time: datetime) -> None:
        """Records the state, if it is new."""
        before = self.states[-1][1] if self.states else []
        if not self.states or self.keys != before:
            self.states.append((time, list(self.keys), moved_keys(before, self.keys)))


def edited_lake(
    folder: Path,
    *,
    playlists: int = 4,
    items: int = 60,
    tracks: int = 40,
    syncs: int = 12,
    edits: int = 6,
    emptied_at: int | None = None,
    seed: int = 1,
) -> Lake:
    """The lake, as Parquet.

    Args:
        folder: where.
        playlists: how many there are.
        items: how many all of them have at first.
        tracks: how many different ones there are.
        syncs: how many there were, a week apart, the last at `NOW`.
        edits: how many a playlist has at most between two.
        emptied_at: the number of the sync that finds the first playlist empty, which it stays; null for none.
        seed: of what is random.
    """
    random = Random(seed)
    first = NOW - timedelta(weeks=syncs - 1)
    made = [EditedPlaylist(number, random, tracks) for number in range(playlists)]
    for number, playlist in enumerate(made):
        for place in range(items // playlists):
            playlist.add(first - timedelta(days=items // playlists - place, seconds=number))
    for sync in range(syncs):
        time = first + timedelta(weeks=sync)
        for playlist in made:
            is_empty = emptied_at is not None and sync >= emptied_at and playlist is made[0]
            if is_empty:
                playlist.keys.clear()
            for _ in range(random.randrange(edits + 1) if sync and not is_empty else 0):
                playlist.edit(time - timedelta(days=random.randrange(6), hours=1))
            playlist.sync(time + timedelta(seconds=int(playlist.id)))
    LakeFolder(folder / "spotify").load("1.0", _rows(made, tracks, Random(seed)))
    return Lake("parquet", str(folder))


def _rows(made: list[EditedPlaylist], tracks: int, random: Random) -> dict[str, list[dict[str, Any]]]:
    artists = max(tracks // 3, 2)
    return {
        "playlists": [
            {
                "playlist_id": p.id,
                "name": f"{random.choice(WORDS)} {p.id[-3:]}",
                "owner_id": "owner",
                "access": "readable",
                "in_library": number % 7 != 6,
                # Seen once more in the same second, and then not.
                "left_at": NOW + timedelta(seconds=number, microseconds=250_001) if number % 7 == 6 else None,
                "last_read_at": NOW,
            }
            for number, p in enumerate(made)
        ],
        "users": [{"user_id": "owner", "display_name": "Olga"}, {"user_id": "guest", "display_name": ""}],
        "tracks": [
            {
                "track_uri": uri(number),
                "name": f"{' '.join(random.choices(WORDS, k=3))} {random.randrange(tracks)}",
                "album_name": f"{' '.join(random.choices(WORDS, k=2))} {random.randrange(artists)}",
                "duration_ms": random.randrange(60_000, 400_000),
            }
            for number in range(tracks)
        ],
        "track_artists": list(_credits(tracks, artists, random)),
        "playlist_additions": [
            {
                "playlist_id": p.id,
                "item_key": key,
                "item_uri": uri(track),
                "item_type": "track",
                "added_at": added_at,
                "added_by_id": ("owner", "guest")[key % 5 == 0],
                "first_observed_at": NOW,
            }
            for p in made
            for key, (track, added_at) in p.additions.items()
        ],
        "playlist_snapshots": [
            {
                "playlist_id": p.id,
                "snapshot_id": str(number),
                "observed_at": time,
                "item_keys": keys,
                "item_count": len(keys),
                "moved_keys": moved,
            }
            for p in made
            for number, (time, keys, moved) in enumerate(p.states)
        ],
        "runs": [{"run_id": "1", "started_at": NOW, "finished_at": NOW, "exit_code": 0, "outcome": "done"}],
    }


def uri(number: int) -> str:
    """A track's URI, with an id as hard to compress as Spotify's own."""
    letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    random = Random(number)
    return f"spotify:track:{''.join(random.choices(letters, k=22))}"


def _credits(tracks: int, artists: int, random: Random) -> Iterator[dict[str, Any]]:
    """One to three artists a track; each tenth artist shares the name of another."""
    for number in range(tracks):
        for position in range(random.choice([1, 1, 1, 2, 3])):
            artist = random.randrange(artists)
            yield {
                "track_uri": uri(number),
                "position": position,
                "artist_id": uri(10_000_000 + artist).removeprefix("spotify:track:"),
                "artist_name": f"{WORDS[artist % len(WORDS)]} {artist}" if artist % 10 else "The Band",
            }
