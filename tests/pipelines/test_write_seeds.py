"""Random restores that are killed, or whose answers are lost, while somebody else may edit, too.

PLAYLAKE_WRITE_SEEDS says how many of each in each mode of the API. A hundred whole commands take an hour; with
PLAYLAKE_WRITE_UNSTORED=1 nothing that they read is loaded into the lake, which takes minutes.
"""

import logging
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from starlette.requests import Request as Asked
from starlette.responses import Response

from pipelines.operations.writing import lake_state, new_playlist
from sources.spotify.writes import converge
from sources.spotify.writes.request_plan import plan
from sources.spotify_sandbox import Fault, Playlist, Weather
from tests.pipelines.driving import Ended, playlake
from tests.pipelines.unstored import UNSTORED, given, unstored
from tests.pipelines.write_cases import damage, fill, is_addable, restored, some_gone, watched
from tests.pipelines.writing import READING, WRITING, Desk, desk, now

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

SEEDS = int(os.environ.get("PLAYLAKE_WRITE_SEEDS", "1"))
"""Random restores of each kind in each mode of the API."""

FIRST = int(os.environ.get("PLAYLAKE_WRITE_FIRST_SEED", "0"))
"""The number of the first."""

log = logging.getLogger(__name__)

FATES = ("killed", "unanswered")
LOSSES: list[tuple[str, dict[str, Any]]] = [
    ("cut", {"where": "headers"}),
    ("cut", {"where": "body"}),
    ("server_error", {}),
]
"""How an answer gets lost; of the last the request was not served."""

PRELOADED = [
    "pipelines.operations.writing",
    "pipelines.cli.restore",
    "pipelines.sync.service",
    "tests.pipelines.unstored",
]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module", params=["extended", "development"])
def at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with (
        desk(tmp_path_factory.mktemp("seeds"), request.param) as made,
        patch.object(converge, "PAUSE", 0.0),
        patch.object(new_playlist, "PAUSE", 0.0),
    ):
        yield made


@dataclass
class Case:
    """One playlist, what became of it, and the command that is to bring it back.

    Attributes:
        random: decides.
        playlist: which.
        wanted: what was on it.
        way: into what: the playlist itself, `new` or `into`.
        gone: items that Spotify does not take any more.
        theirs: what another client adds meanwhile, if one does.
        other: the playlist of `into`.
        edited: playlists that the other client has changed.
    """

    random: Random
    playlist: Playlist
    wanted: list[str | None]
    way: str
    other: Playlist
    gone: set[str] = field(default_factory=set)
    theirs: str | None = None
    edited: list[Playlist] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """How many change something if nothing goes wrong and nothing is gone."""
        now, then = (lake_state.entries([(uri, None) for uri in some]) for some in (self.there, self.wanted))
        return plan(now, then).requests + (self.way == "new")

    @property
    def written(self) -> Playlist:
        """The list that is written, if it is there already."""
        return self.other if self.way == "into" else self.playlist

    @property
    def there(self) -> list[str | None]:
        """What is on that list before."""
        return [] if self.way == "new" else uris(self.written)

    def command(self, moment: str) -> tuple[str, ...]:
        """What a user gives."""
        target = {"itself": (), "new": ("--new",), "into": ("--into", self.other.id)}[self.way]
        return ("restore", self.playlist.id, "--as-of", moment, *target, "--yes")

    def edit(self) -> None:
        """The other client adds something, to what is being written."""
        named = [each for each in self.playlist._world.playlists.values() if each.name == self.playlist.name]
        target = named[-1] if self.way == "new" else self.written
        if self.theirs is not None and not self.edited and not (self.way == "new" and target is self.playlist):
            target.insert(self.random.randint(0, len(target)), [self.theirs], added_at="2025-07-01T00:00:00Z")
            self.edited.append(target)


def uris(playlist: Playlist) -> list[str | None]:
    return [entry.uri for entry in playlist.entries]


def made_cases(at: Desk, fate: str, numbers: range) -> tuple[list[Case], str]:
    """Playlists that were synced and damaged since, and a time between."""
    randoms = [Random(f"{at.api.regime} {fate} {number}") for number in numbers]
    filled = [(fill(at, random, f"{fate} {number}"), random) for number, random in zip(numbers, randoms, strict=True)]
    # What is hidden cannot be taken off.
    others = [fill(at, random, f"Other {fate} {number}", 0.0) for number, random in zip(numbers, randoms, strict=True)]
    at("sync", *(playlist.id for playlist, _ in filled))
    moment, cases = now(), []
    for number, ((playlist, random), other) in enumerate(zip(filled, others, strict=True)):
        way = random.choice(["itself"] * 5 + ["new", "into"])
        case = Case(random, playlist, uris(playlist), way, other)
        while not case.requests:
            damage(at, random, playlist)
        case.gone = some_gone(random, case.wanted, [*case.there, *uris(playlist)])
        if random.random() < 0.25:
            known = {*case.wanted, *case.there, *uris(playlist)}
            case.theirs = next(uri for uri in at.some(100, 5_000_000 + number) if uri not in known)
        cases.append(case)
    return cases, moment


@contextmanager
def each_write(at: Desk, do: Callable[[int], Response | None]) -> Iterator[None]:
    """Calls something with the number of each request that changes something, before it is served."""
    count = iter(range(10**6))

    def intercept(asked: Asked) -> Response | None:
        if asked.method == "GET" or not asked.url.path.startswith("/v1/"):
            return None
        return do(next(count))

    at.api._service.intercept = intercept
    try:
        yield
    finally:
        at.api._service.intercept = None


def killed(at: Desk, case: Case, command: tuple[str, ...]) -> bool:
    """Gives a command to a process of its own, kills it with SIGKILL while it writes, and says whether it was in time.

    The process comes from one that has imported everything, and has no other thread.
    """
    strikes = case.random.randrange(case.requests)
    edits = case.random.randrange(strikes + 1)
    is_served = case.random.random() < 0.5
    token = {"SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": at.api.authorise(f"{READING} {WRITING}")}
    place = {"DLT_DATA_DIR": str(at.folder), "XDG_DATA_HOME": str(at.folder / "home")}
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process: ForkServerProcess = context.Process(
        target=unstored if UNSTORED else playlake,
        args=(*command, "--path", str(at.lake)),
        kwargs={"environment": at.api.environment | token | place},
    )

    def strike(number: int) -> Response | None:
        if number == edits:
            case.edit()
        if number != strikes:
            return None
        os.kill(process.pid or 0, signal.SIGKILL)
        return None if is_served else Response(status_code=503)

    with each_write(at, strike):
        process.start()
        process.join(180)
        process.kill()
        process.join()
    return process.exitcode == -signal.SIGKILL


def unanswered(at: Desk, case: Case, command: tuple[str, ...]) -> tuple[Ended, int]:
    """Gives a command of which one or more answers are lost, served or not: how it ended, and how many were lost."""
    random, first = case.random, case.random.randrange(case.requests)
    lost = {first: random.choice(LOSSES)}
    while random.random() < 0.3:
        lost[first := first + random.randint(1, 2)] = random.choice(LOSSES)
    edits = random.randrange(first + 1)
    met: list[int] = []

    def lose(number: int) -> Response | None:
        if number == edits:
            case.edit()
        at.api.weather = Weather()
        if number in lost:
            kind, more = lost[number]
            at.api.weather = Weather([Fault(kind, path="/v1/**", times=1, **more)])
            met.append(number)
        return None

    with each_write(at, lose):
        end = given(at, *command)
    at.api.weather = Weather()
    assert end.code in (0, 4, 75), end.err
    if end.code == 75:
        assert case.edited
        assert "changed by somebody else" in end.err
    return end, len(met)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("fate", FATES)
def test_random_restores(at: Desk, fate: str) -> None:
    """Whatever is killed or lost, the same command ends with exactly the target, and nothing was added twice."""
    numbers = range(FIRST, FIRST + SEEDS)
    cases, moment = made_cases(at, fate, numbers)
    done = Counter[str]()
    with watched() as server:
        for seed, case in zip(numbers, cases, strict=True):
            server.gone = case.gone
            before, sent = case.there, len(at.written)
            done["planned"] += case.requests
            command = case.command(moment)
            if fate == "killed":
                done["killed"] += killed(at, case, command)
                end = given(at, *command)
            else:
                end, lost = unanswered(at, case, command)
                done["lost"] += lost
            while end.code in (1, 75):
                done["given again"] += 1
                assert done["given again"] < 3 * SEEDS, end.err
                end = given(at, *command)
            check(at, case, before, server.added)
            expected = restored(case.wanted, before, case.gone)
            assert end.code == (0 if expected == case.wanted else 4), (seed, end.err)
            done["sent"] += len(at.written) - sent
            done["edited"] += len(case.edited)
            done[case.way] += 1
            log.info("%s in %s mode, %d: %s", fate, at.api.regime, seed, dict(done))
            # Whether something is still gone can only be seen by trying.
            if seed % 10 == 0 and case.way != "new" and not case.gone:
                sent = len(at.written)
                given(at, *command)
                assert at.written[sent:] == [], seed
    assert done["killed"] or done["lost"]


def check(at: Desk, case: Case, before: list[str | None], added: dict[str, Counter[str | None]]) -> None:
    """The target is there, all that the server added is still there, and what somebody else did was seen."""
    target = case.written
    if case.way == "new":
        _, target = [each for each in at.api.world.playlists.values() if each.name == case.playlist.name]
    assert uris(target) == restored(case.wanted, before, case.gone)
    new = Counter(entry.uri for entry in target.entries if entry.added_at == "2026-11-22T12:00:00Z")
    assert new == added.get(target.id, Counter())
    assert all(map(is_addable, new))
    for playlist in () if UNSTORED else case.edited:
        sql = f"playlist_id = '{playlist.id}' AND item_uri = '{case.theirs}'"
        assert at.rows(f"SELECT count(*) FROM playlist_additions WHERE {sql}") == ["1"]
