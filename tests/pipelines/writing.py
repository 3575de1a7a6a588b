"""A sandbox and a lake that commands write from, and what the server was asked to change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sources.spotify_sandbox import Playlist, Sandbox, generate
from tests.pipelines.driving import Ended, playlake

READING = (
    "playlist-read-private playlist-read-collaborative user-library-read user-read-playback-position user-follow-read "
    "user-read-private"
)
WRITING = "playlist-modify-public playlist-modify-private ugc-image-upload user-library-modify user-follow-modify"


@dataclass
class Desk:
    """Where commands are given.

    Attributes:
        api: the sandbox.
        lake: a DuckDB file.
        folder: where dlt works.
    """

    api: Sandbox
    lake: Path
    folder: Path

    def __call__(self, *arguments: str, scope: str = f"{READING} {WRITING}") -> Ended:
        """Runs a command, on the lake if the command names no other."""
        token = {"SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": self.api.authorise(scope)}
        place = {"DLT_DATA_DIR": str(self.folder), "XDG_DATA_HOME": str(self.folder / "home")}
        lake = () if "--path" in arguments else ("--path", str(self.lake))
        return playlake(*arguments, *lake, environment=self.api.environment | token | place)

    @property
    def written(self) -> list[tuple[str, str]]:
        """What the Web API was asked to change, so far."""
        asked = [each for each in self.api.requests if each.path.startswith("/v1/") and each.method != "GET"]
        return [(each.method, each.path.removeprefix("/v1")) for each in asked]

    def rows(self, sql: str) -> list[str]:
        """The lines of an answer, without names."""
        return self("query", "--format", "csv", sql).out.splitlines()[1:]

    def playlist(self, name: str, count: int) -> Playlist:
        """A new playlist of the user's, with so many items added one after the other."""
        world = self.api.world
        playlist = world.create_playlist(name, public=True)
        for number, uri in enumerate(self.some(count, len(world.playlists))):
            playlist.insert(number, [uri], added_at=f"2024-01-01T00:{number // 60:02}:{number % 60:02}Z")
        return playlist

    def some(self, count: int, first: int = 1) -> list[str]:
        """Different tracks of the catalogue."""
        catalogue, random = self.api.world.catalogue, Random(first)
        found: dict[str, None] = {}
        while len(found) < count:
            uri = str(catalogue.uri(catalogue.pick(random)))
            if uri.startswith("spotify:track:"):
                found[uri] = None
        return list(found)


def now() -> str:
    """The time, as commands take it."""
    return datetime.now(UTC).isoformat()


def contents(playlist: Playlist) -> list[tuple[str | None, str | None]]:
    """What is on a playlist, and when it was added."""
    return [(entry.uri, entry.added_at) for entry in playlist.entries]


@contextmanager
def desk(folder: Path, regime: str) -> Iterator[Desk]:
    """A small world in a mode of the API."""
    with Sandbox(generate(seed=3, playlists=10, items=3000), regime=regime) as api:
        yield Desk(api, folder / "lake.duckdb", folder / "dlt")
