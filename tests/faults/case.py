"""One fault in one phase on one destination, from a good sync over the bad one to the next."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from sources.spotify_sandbox import Playlist, Sandbox, Weather, World, generate
from tests.faults import child
from tests.faults.comparing import Found, States, contents, difference, endings, facts, states
from tests.faults.fault import Fault
from tests.faults.injection import PLACES
from tests.faults.scene import Scene
from tests.pipelines.driving import Ended

MOST_SYNCS = 2
"""How many syncs may be needed until all is as without the fault."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The result of a case.

    Attributes:
        planned: how often it was to happen.
        met: how often it did.
        code: how the sync that met it ended.
        syncs: how many more it took.
    """

    planned: int
    met: int
    code: int
    syncs: int


def small_world() -> World:
    """Five playlists; the longest takes more than one page."""
    world = generate(seed=3, playlists=5, items=150)
    _longest(world).insert(0, [entry.uri for entry in _longest(world).entries[:20]])
    return world


def edit(world: World) -> None:
    """The edits since the first sync: additions, removals and moves, on two of the playlists."""
    longest, second = sorted(world.listed(), key=len, reverse=True)[:2]
    longest.remove([3, 40])
    longest.insert(1, [entry.uri for entry in second.entries[:9]])
    second.rename("Another name")
    second.move(len(second) - 1, 0)


def _longest(world: World) -> Playlist:
    return max(world.listed(), key=len)


class FaultRunner:
    """Plays cases one after the other: a folder for each destination, restored before each case.

    Args:
        root: an empty folder.

    Attributes:
        said: what the syncs of the last case wrote to stderr.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.said: list[str] = []
        self._twins: dict[tuple[str, Callable[[World], None] | None], tuple[Found, States]] = {}

    def play(self, fault: Fault, phase: str, destination: str) -> Cell:
        """Plays a case, and asserts all that must be so after it."""
        self.said.clear()
        scene = Scene(self.root, destination, phase)
        expected, after = self._twin(scene, fault.world)
        self._begin(scene)
        before, stored = states(scene.lake), facts(scene.lake)
        planned, met, ended = self._meet(scene, fault)
        assert (fault.end(phase, destination), "Traceback" in ended.err) == (ended.code, False), ended
        assert fault.says in ended.err, ended
        assert ended.err.count("playlake: ") <= 1, ended
        assert met > 0, f"the fault was not met: {ended}"
        if fault.readable and not fault.loses:
            self._check_readable(scene, fault, before, after, stored)
        fault.after(scene)
        if not fault.loses:
            self._check_readable(scene, fault, before, after, stored)
        syncs = self._sync_until_repaired(scene, fault, expected, ended.code)
        noted = fault.is_noted(phase, destination)
        assert not noted or ended.code in endings(scene.lake)[1:], f"no row of runs ended with {ended.code}"
        return Cell(planned, met, ended.code, syncs)

    def _begin(self, scene: Scene) -> None:
        """A lake after a first sync without a fault."""
        if not scene.has("first"):
            scene.folder.mkdir(parents=True, exist_ok=True)
            with Sandbox(small_world()) as api:
                ended = sync(scene, api)
            assert ended.code == 0, ended
            scene.keep("first")
        scene.restore("first")

    def _twin(self, scene: Scene, world: Callable[[World], None] | None) -> tuple[Found, States]:
        """The contents of a lake after the same syncs without a fault."""
        key = (scene.destination, world)
        if key not in self._twins:
            self._begin(scene)
            with Sandbox(edited_world(world)) as api:
                assert sync(scene, api).code == 0
            self._twins[key] = contents(scene.lake), states(scene.lake)
        return self._twins[key]

    def _meet(self, scene: Scene, fault: Fault) -> tuple[int, int, Ended]:
        """The sync that meets the fault."""
        weather, world = Weather(fault.weather(scene.phase)), edited_world()
        fault.before(scene)
        with Sandbox(world, weather=weather, intercept=_changing(world, fault, scene)) as api:
            ended = sync(scene, api, fault=fault.name)
        self.said.append(ended.err)
        planned, met = sum(weather.planned.values()), sum(weather.met.values()) + scene.times_met()
        return max(planned, 1), met, ended

    def _sync_until_repaired(self, scene: Scene, fault: Fault, expected: Found, code: int) -> int:
        """Syncs until one has done its job; then all must be as in the twin.

        Returns:
            How many it took; none if that sync itself did its job.
        """
        if code == 0 and not fault.unseen:
            self._check_equal(scene, fault, expected)
            return 0
        with Sandbox(edited_world(fault.world)) as api:
            for number in range(1, MOST_SYNCS + 1):
                ended = sync(scene, api, *fault.next_options.get(scene.phase, ()), ahead=fault.later * number)
                self.said.append(ended.err)
                if ended.code == 0:
                    self._check_equal(scene, fault, expected)
                    return number
        msg = f"not done after {MOST_SYNCS} more syncs: {ended}"
        raise AssertionError(msg)

    @staticmethod
    def _check_equal(scene: Scene, fault: Fault, expected: Found) -> None:
        found = contents(scene.lake)
        assert expected.keys() == found.keys()
        differs = difference(expected, found)
        assert differs.keys() <= set(fault.leaves.get(scene.phase, ())), differs

    @staticmethod
    def _check_readable(
        scene: Scene, fault: Fault, before: States, after: States, stored: dict[str, Counter[str]]
    ) -> None:
        """What was stored is unchanged, and each playlist is complete: as before, or as it is now."""
        now, kept = states(scene.lake), facts(scene.lake)
        for name, rows in stored.items():
            assert rows <= kept[name], name
        # Without items a playlist is not among them.
        assert fault.meanwhile or fault.unseen or before.keys() <= now.keys()
        for playlist_id, items in now.items():
            assert fault.unseen or items in (before.get(playlist_id), after.get(playlist_id)), playlist_id


def _changing(world: World, fault: Fault, scene: Scene) -> Callable[[Request], None] | None:
    """Edits the world at the first request in the phase, if that is the fault."""
    if not fault.meanwhile or fault.world is None:
        return None
    edits, place = [fault.world], PLACES[scene.phase]

    def change(request: Request) -> None:
        if edits and place in request.url.path:
            scene.met()
            edits.pop()(world)

    return change


def edited_world(more: Callable[[World], None] | None = None) -> World:
    """The same after the edits, and more of them."""
    world = small_world()
    edit(world)
    if more is not None:
        more(world)
    return world


def sync(scene: Scene, api: Sandbox, *arguments: str, fault: str = "", ahead: float = 0) -> Ended:
    """A sync in a process of its own. No audit falls due in it."""
    environment = api.environment | {
        "DLT_DATA_DIR": str(scene.work),
        "XDG_DATA_HOME": str(scene.folder / "data"),
        "SOURCES__SPOTIFY__AUDIT_AFTER": "99999 days",
    }
    return child.run(scene, [*arguments], environment, fault, ahead)
