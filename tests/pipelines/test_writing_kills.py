"""A command that writes, in a process of its own that is killed with SIGKILL while it writes."""

import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request as Asked
from starlette.responses import Response

from tests.pipelines.driving import started
from tests.pipelines.writing import READING, WRITING, Desk, contents, desk, now

if TYPE_CHECKING:
    from subprocess import Popen

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("killed"), "development") as made:
        yield made


def killed(at: Desk, number: int, *arguments: str, serves: bool) -> int:
    """Runs a command that is killed by its request of a number that changes something, and gives its exit code.

    Args:
        at: where.
        number: of the request, from 0.
        arguments: of the command.
        serves: whether that request is served, so that only its answer is lost.
    """
    token = {"SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": at.api.authorise(f"{READING} {WRITING}")}
    place = {"DLT_DATA_DIR": str(at.folder), "XDG_DATA_HOME": str(at.folder / "home")}
    running: list[Popen[str]] = []
    seen = iter(range(1000))

    def strike(asked: Asked) -> Response | None:
        if asked.method == "GET" or not asked.url.path.startswith("/v1/") or next(seen) != number:
            return None
        os.kill(running[0].pid, signal.SIGKILL)
        return None if serves else Response(status_code=503)

    at.api._service.intercept = strike
    command = (*arguments, "--yes", "--path", str(at.lake))
    running.append(started(*command, folder=at.folder, environment=at.api.environment | token | place))
    try:
        running[0].communicate(timeout=120)
    finally:
        running[0].kill()
        at.api._service.intercept = None
    return running[0].returncode


@pytest.mark.parametrize("serves", [True, False])
def test_a_mangled_playlist(at: Desk, serves: bool) -> None:
    """Killed at its second, then at its first request, the same command brings back exactly what was there."""
    playlist = at.playlist("Killed", 230)
    at("sync", playlist.id)
    before, moment = contents(playlist), now()
    playlist.remove(range(0, 230, 3))
    playlist.insert(50, at.some(120, 99))
    playlist.move(100, 0, 40)
    command = ("restore", playlist.id, "--as-of", moment)
    assert killed(at, 1, *command, serves=serves) == -signal.SIGKILL
    assert killed(at, 0, *command, serves=serves) == -signal.SIGKILL
    done = at(*command, "--yes")
    assert (done.code, done.err) == (0, "")
    assert [uri for uri, _ in contents(playlist)] == [uri for uri, _ in before]
    sent = len(at.written)
    assert at(*command, "--yes").code == 0
    assert at.written[sent:] == []


@pytest.mark.parametrize("serves", [True, False])
def test_a_new_playlist(at: Desk, serves: bool) -> None:
    """Killed while it makes a playlist, the same command makes no second one."""
    name = f"Made once {serves}"
    playlist = at.playlist(name, 3)
    at("sync", playlist.id)
    before, moment = contents(playlist), now()
    at.api.world.delete_playlist(playlist.id)
    command = ("restore", playlist.id, "--as-of", moment, "--new")
    assert killed(at, 0, *command, serves=serves) == -signal.SIGKILL
    assert at(*command, "--yes").code == 0
    (made,) = [each for each in at.api.world.playlists.values() if each.name == name]
    assert [uri for uri, _ in contents(made)] == [uri for uri, _ in before]
