"""What it takes to write 10,000 entries back: `python -m tests.benchmarks.write_back`.

Requests are counted at the sandbox; the time is theirs at ten a second, as a clock that only requests move would show
it; memory and CPU are those of the command's process, with the syncs before and after it.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sources.spotify_sandbox import Playlist, Sandbox, World, generate
from tests.pipelines.driving import started
from tests.pipelines.writing import READING, WRITING

RATE = 10
"""Requests a second."""


def emptied(playlist: Playlist) -> None:
    """All entries are removed, as by an app with an error."""
    playlist.clear()


def shuffled(playlist: Playlist) -> None:
    """All entries are in another order."""
    entries = list(playlist.clear())
    Random(2).shuffle(entries)
    playlist.put_back(0, entries)


def mangled(playlist: Playlist) -> None:
    """A few ranges are removed, moved, or new."""
    for place in range(0, 5000, 500):
        playlist.remove(range(place, place + 7))
        playlist.move(place + 100, place + 300, 20)


def untouched(_playlist: Playlist) -> None:
    """Unchanged; it is restored to a new playlist."""


CASES: dict[str, Callable[[Playlist], None]] = {
    "mangled": mangled,
    "emptied": emptied,
    "shuffled": shuffled,
    "new": untouched,
}


def filled(world: World, entries: int) -> Playlist:
    """A playlist of so many different entries."""
    playlist = world.create_playlist("Large")
    tracks = [uri for uri in map(world.catalogue.uri, range(entries + 100)) if str(uri).startswith("spotify:track:")]
    playlist.insert(0, tracks[:entries], added_at="2024-01-01T00:00:00Z")
    return playlist


def run(api: Sandbox, folder: Path, *arguments: str) -> tuple[float, float]:
    """CPU seconds and megabytes of a command."""
    token = {"SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": api.authorise(f"{READING} {WRITING}")}
    process = started(*arguments, folder=folder, environment=api.environment | token)
    # It writes a line or two, which the pipes hold.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    out, err = process.communicate()
    if process.returncode:
        sys.exit(out + err)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def say(line: str) -> None:
    """Writes a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Prints a line of figures for each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("cases", nargs="*", default=list(CASES))
    given = parser.parse_args()
    say("case       writes  all requests  at 10/s  CPU s    MB")
    for case in given.cases:
        world = generate(seed=1, playlists=3, items=2 * given.entries)
        with Sandbox(world) as api, tempfile.TemporaryDirectory() as place:
            folder, playlist = Path(place), filled(world, given.entries)
            wanted = [entry.uri for entry in playlist.entries]
            run(api, folder, "sync", playlist.id, "--quiet")
            moment = datetime.now(UTC).isoformat()
            CASES[case](playlist)
            before = len(api.requests)
            into = ("--new",) if case == "new" else ()
            cpu, memory = run(api, folder, "restore", playlist.id, "--as-of", moment, *into, "--yes", "--quiet")
            asked = [each for each in api.requests[before:] if each.path.startswith("/v1/")]
            writes = [each for each in asked if each.method != "GET"]
            brought = [each for each in world.playlists.values() if each.name == playlist.name][-1]
            if (case == "new") != (brought is not playlist) or [entry.uri for entry in brought.entries] != wanted:
                sys.exit(f"{case}: the playlist is not what it was.")
            say(f"{case:10} {len(writes):6} {len(asked):13} {len(asked) / RATE:6.0f} s {cpu:6.1f} {memory:5.0f}")


if __name__ == "__main__":
    main()
