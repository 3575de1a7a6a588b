"""Random playlists, what people do to them, and what a restore has to make of that, said without the planner."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from unittest.mock import patch

from sources.spotify_sandbox import Playlist
from sources.spotify_sandbox.api.endpoints import playlist_item_edits
from sources.spotify_sandbox.errors import bad_request
from tests.pipelines.writing import Desk

AFTERWARDS = "2025-06-01T12:00:00Z"
"""When people changed a playlist; what a command adds has the sandbox's own time, which is later."""


def fill(at: Desk, random: Random, name: str, hidden: float = 0.2) -> Playlist:
    """A playlist with copies, episodes, perhaps a hidden item, and up to three local files, each once."""
    world = at.api.world
    playlist = world.create_playlist(name)
    catalogue = world.catalogue
    picked = [str(catalogue.uri(catalogue.pick(random))) for _ in range(200)]
    local = dict.fromkeys(uri for uri in picked if uri.startswith("spotify:local:"))
    several = [uri for uri in picked if uri not in local]
    count = random.choice([2, 12, 40, 40, 110])
    items: list[str | None] = [*random.choices(several[: max(2, count)], k=count)]
    for uri in [*local][: random.randint(0, 3)]:
        items.insert(random.randint(0, len(items)), uri)
    if random.random() < hidden:
        items.insert(random.randint(0, len(items)), None)
    # Some came one by one, others at once.
    second = 0
    for place, item in enumerate(items):
        second += random.choice([0, 1, 1])
        playlist.insert(place, [item], added_at=f"2024-01-01T00:{second // 60:02}:{second % 60:02}Z")
    return playlist


def damage(at: Desk, random: Random, playlist: Playlist) -> None:
    """What an app or a collaborator does to a playlist."""
    for _ in range(random.randint(1, 5)):
        size = len(playlist)
        start = random.randint(0, size)
        stop = min(size, start + random.randint(1, 9))
        match random.choice(["remove", "remove", "add", "add", "move", "move", "thin", "empty", "shuffle"]):
            case "remove":
                playlist.remove(range(start, stop))
            case "add":
                there = [str(entry.uri) for entry in playlist.entries if (entry.uri or "").startswith("spotify:track:")]
                new = at.some(random.randint(1, 6), random.randint(1, 10**6))
                mixed = random.choices([*new, *there[:3]], k=random.randint(1, 8))
                playlist.insert(start, mixed, added_at=AFTERWARDS)
            case "move" if start < stop:
                playlist.move(start, random.randint(0, size), stop - start)
            case "thin":
                playlist.remove(range(0, size, 3))
            case "empty" if random.random() < 0.3:
                playlist.clear()
            case "shuffle" if random.random() < 0.3:
                entries = [*playlist.clear()]
                random.shuffle(entries)
                playlist.put_back(0, entries)


def is_addable(uri: str | None) -> bool:
    """Whether the API may add it."""
    return uri is not None and not uri.startswith("spotify:local:")


def restored(wanted: list[str | None], there: list[str | None], gone: set[str]) -> list[str | None]:
    """What a restore can make of a list: all but what is not there any more and cannot be added.

    Args:
        wanted: what was on the playlist; what cannot be added is there once at most.
        there: what is on it now.
        gone: what Spotify does not take any more, of which nothing is on it.
    """
    return [uri for uri in wanted if uri in there or (is_addable(uri) and uri not in gone)]


def some_gone(random: Random, wanted: list[str | None], there: list[str | None]) -> set[str]:
    """Up to two items that were removed, and that Spotify does not take any more."""
    lost = sorted({str(uri) for uri in wanted if is_addable(uri) and uri not in there})
    return set(random.sample(lost, min(len(lost), random.choice([0, 0, 1, 2]))))


@dataclass
class Server:
    """What the server has really added for a command, whatever became of its answers.

    Attributes:
        added: how many of each item, by playlist.
        gone: items that it does not take.
    """

    added: dict[str, Counter[str | None]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


@contextmanager
def watched() -> Iterator[Server]:
    """Counts what the sandbox adds on request; a list that is filled by hand does not say who added it."""
    server = Server()
    insert, check = Playlist.insert, playlist_item_edits._check_known

    def noted(playlist: Playlist, position: int, items: list[str], added_by: str | None = None, **more: str) -> None:
        insert(playlist, position, items, added_by, **more)
        if added_by is not None:
            server.added.setdefault(playlist.id, Counter()).update(items)

    def checked(call: object, uris: list[str]) -> None:
        if server.gone & set(uris):
            message = "Payload contains a non-existing ID"
            raise bad_request(message)
        check(call, uris)  # type: ignore[arg-type]

    with patch.object(Playlist, "insert", noted), patch.object(playlist_item_edits, "_check_known", checked):
        yield server
