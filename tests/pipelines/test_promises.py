"""What messages promise of the next sync, or of doing the same again, has been tried: it is so.

Each case is a fault of `tests/faults`, played on one destination: the message is said, and the sync after it leaves all
tables as those of a lake that met no fault. What is reported elsewhere names the test that tries it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.compaction import Compactor
from pipelines.destinations.parquet.compaction_lock import LOCK_NAME, compaction_lock
from pipelines.destinations.parquet.maintenance import compact
from pipelines.sync.service import sync
from sources.errors import DestinationError, TryLaterError
from sources.spotify.auth.configured_refresh_token import ConfiguredRefreshToken
from sources.spotify_sandbox import Sandbox, generate
from sources.stored.lake_folder import read_record
from sources.stored.load_tables import LOADS
from tests.faults import case
from tests.faults.case import FaultRunner, edited_world
from tests.faults.recovery import file_of
from tests.faults.registry import fault_named
from tests.faults.scene import Scene
from tests.pipelines.driving import CHECKOUT, playlake, settings
from tests.pipelines.tables import contents

pytestmark = pytest.mark.sampled(3)

PLACES = ("sources/spotify", "sources/stored", "pipelines")
PROMISE = re.compile(
    r"(?i)\bnext (sync|one)\b|\bsync again\b|\bread again\b|\b(try|tries|tried)( it)? again\b|\bgo(es)? on\b"
    r"|\bcontinues? at\b|\btry later\b|\blater run\b|(?<!would )\bwrites? (it|them) again\b"
)
NO_SYNC = (
    "pipelines/operations/login/",
    "sources/spotify/auth/pkce.py",
    "sources/spotify/config.py",
    "sources/spotify/api_coverage.py",
    "pipelines/operations/writing/",
)
"""Where people are told of signing in and of writing, which are no syncs, and settings are described."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A message, and what provokes it.

    Attributes:
        says: a part of it, as the source has it; `{}` is what is filled in.
        fault: the name of the fault.
        phase: where that happens.
        destination: on which lake.
        asks: what else is done between the two syncs, and what that says.
        logged: whether it is said only in the log.
    """

    says: str
    fault: str
    phase: str
    destination: str
    asks: Callable[[Scene], str] | None = None
    logged: bool = False


def doctor(scene: Scene) -> str:
    """What the doctor says of the lake."""
    place = ("--destination", scene.destination, "--path", str(scene.path))
    with Sandbox(edited_world()) as api:
        return playlake("doctor", *place, environment=api.environment | {"DLT_DATA_DIR": str(scene.work)}).out


def read_record_of(scene: Scene) -> str:
    """What reading the damaged record says, where nothing has looked for damage before."""
    with scene.lake.pipeline().destination_client() as client:
        assert isinstance(client, FilesystemClient)
        with pytest.raises(DestinationError) as raised:
            read_record(client, str(file_of(scene, LOADS)))
    return str(raised.value)


def sync_at_once(scene: Scene) -> str:
    """What a sync says that does not wait; it asks Spotify nothing."""
    with Sandbox(edited_world()) as api:
        ended = case.sync(scene, api)
        assert (ended.code, api.requests) == (75, [])
    return ended.err


PROMISES = (
    Promise("what was read is kept, the next sync goes on", "SIGTERM", "reading", "parquet"),
    Promise("Free some space; the next sync continues", "no space left on the device", "extract", "parquet"),
    Promise("put it back; the next sync reads what is missing there", "destination goes away", "reading", "duckdb"),
    Promise("the next sync reads again what is missing", "read-only working folder", "normalise", "duckdb"),
    Promise("An earlier sync was interrupted before everything was loaded", "SIGKILL", "normalise", "duckdb", doctor),
    Promise(
        "what an earlier run had read but not loaded is read again",
        "SIGKILL, and dlt's state is torn",
        "load",
        "duckdb",
    ),
    Promise(
        "An earlier run was interrupted while it was loading: what it had read is read again",
        "SIGKILL",
        "load",
        "duckdb",
        logged=True,
    ),
    Promise(
        "cannot be loaded and is read again",
        "SIGKILL, and the pending package is refused",
        "normalise",
        "duckdb",
        logged=True,
    ),
    Promise("could only be read in part", "403 from the second page on", "reading", "duckdb"),
    Promise("it kept changing. The next sync reads it", "total that is never the same", "reading", "parquet"),
    Promise("once and not again: the next sync reads it again", "contents blank, then withheld", "reading", "duckdb"),
    Promise("It was read before, so the next sync asks again", "contents withheld for a moment", "reading", "parquet"),
    Promise(
        "the token is kept and the next sync tries it again", "token endpoint: invalid_grant once", "listing", "duckdb"
    ),
    Promise("Sync again after that", "quota used up", "listing", "duckdb", sync_at_once),
    Promise("What was read is kept", "429 for longer than max_retry_wait", "reading", "parquet"),
    Promise("and shows none: nothing was changed; sync again later", "list without its rows", "listing", "duckdb"),
    Promise("set the clock right, and sync again", "ahead an hour", "listing", "duckdb"),
    Promise(
        "had to be repeated, {} the last: sync again later", "more failures than a sync repeats", "reading", "duckdb"
    ),
    Promise("something that is not JSON, {} times", "never JSON", "reading", "duckdb"),
    Promise("check the network and api_url, or try again later", "503 all the time", "listing", "duckdb"),
    Promise("close it there, then try again", "database open in a reader", "listing", "duckdb"),
    Promise("Everything is read again", "table dropped", "listing", "duckdb", logged=True),
    Promise("or write them again with playlake compact", "record of a load missing", "listing", "parquet"),
    Promise(
        "remove it, then playlake compact --restore-records",
        "record of a load damaged",
        "listing",
        "parquet",
        read_record_of,
    ),
)

ELSEWHERE = {
    "test_doubts.py": {
        "shows {}. That is not stored yet; if the next sync sees the same": "test_what_two_syncs_saw_is_believed",
    },
    "test_saved_items.py": {
        "{} of user {} {}. That is not stored yet": "test_an_empty_list_is_not_believed_at_once",
    },
    "test_catalogue.py": {
        "{} more are wanted: the next sync goes on": "test_the_budget_is_kept_and_the_next_sync_goes_on",
    },
    "test_covers.py": {
        "could not be fetched, and the next sync tries again": "test_a_picture_that_does_not_come_fails_nothing",
    },
    "test_losses.py": {
        "a table is called so. What was read is stored": "test_a_table_in_the_place_of_a_view",
        "are missing: the next sync creates them again": "test_views_and_what_dlt_keeps",
    },
    "test_cli.py": {
        "Another sync is writing to {}: try again": "test_a_second_sync_at_once",
    },
    "test_postgres.py": {
        "Another sync is writing to {}, dataset {}": "test_syncs_of_two_machines_at_the_same_time",
        "drop what depends on it, and sync again": "test_views_that_depend_on_ours",
    },
    "destinations/parquet/test_compaction.py": {
        "Another process is compacting {}": "test_two_compactions_do_not_run_at_once",
    },
    "destinations/parquet/test_load_records.py": {
        "writes them again": "test_a_query_says_what_it_leaves_out",
    },
    "test_airflow.py": {
        "left to a later run": "test_what_only_a_person_can_fix_fails_at_once_and_long_waits_are_left_to_later_runs",
        "tried again at %s": "test_accounts_that_are_refused_are_tried_again_and_the_others_are_done",
    },
    "test_limits.py": {
        " It can continue at {} UTC": "test_a_used_up_quota",
    },
    "test_promises.py": {
        "rename or drop it, and sync again": "test_a_table_that_cannot_be_renamed",
        "playlake compact tries again": "test_a_compaction_that_fails",
        "was removed or replaced during the compaction": "test_a_claim_that_is_lost",
        "{} compacts {}: try again": "test_a_claim_on_a_bucket",
        "Another machine has begun to compact": "test_a_claim_on_a_bucket",
        "for minutes: try again later": "test_a_token_that_another_process_uses",
    },
    "../sources/spotify/writes/test_playlist_requests.py": {
        "answered something that is not JSON: check api_url": "test_lost_answers_and_kills_over_http",
    },
}
"""By the file of tests: a part of a message, and the test that tries what it promises."""


@pytest.fixture(scope="module")
def fault_runner(tmp_path_factory: pytest.TempPathFactory) -> FaultRunner:
    """One for all cases."""
    return FaultRunner(tmp_path_factory.mktemp("promises"))


@pytest.mark.long
@pytest.mark.sampled(5)
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.says)
def test_the_next_sync_does_it(promise: Promise, fault_runner: FaultRunner) -> None:
    """It is said, and the next sync leaves all as without the fault."""
    fault, said = fault_named(promise.fault), list[str]()

    def after(scene: Scene) -> None:
        if promise.asks is not None:
            said.append(promise.asks(scene))
        fault.after(scene)

    options = [*fault.next_options.get(promise.phase, ()), *(["--log-format", "json"] if promise.logged else [])]
    told = replace(fault, after=after, next_options={promise.phase: tuple(options)})
    fault_runner.play(told, promise.phase, promise.destination)
    said += fault_runner.said
    parts = promise.says.split("{}")
    assert any(all(part in line for part in parts) for line in map(_line, said)), said


def _line(text: str) -> str:
    return " ".join(text.split())


def test_every_promise_is_tried() -> None:
    """Each in the source has one case or test, and these are of promises that are made."""
    tried = [*(promise.says for promise in PROMISES), *(says for told in ELSEWHERE.values() for says in told)]
    made = dict(promises())
    assert {place: text for place, text in made.items() if sum(says in text for says in tried) != 1} == {}
    assert [says for says in tried if not any(says in text for text in made.values())] == []
    for name, told in ELSEWHERE.items():
        tests = (Path(__file__).parent / name).read_text(encoding="utf-8")
        assert [test for test in told.values() if f"\ndef {test}(" not in tests] == [], name


def promises() -> Iterator[tuple[str, str]]:
    """Where one is made, and its words."""
    for place in PLACES:
        for path in sorted((CHECKOUT / place).rglob("*.py")):
            name = path.relative_to(CHECKOUT).as_posix()
            if not name.startswith(NO_SYNC):
                for node, text in texts(ast.parse(path.read_text(encoding="utf-8"))):
                    if PROMISE.search(text):
                        yield f"{name}:{node.lineno}", text


def texts(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """All strings that are no documentation, with `{}` for what is filled in."""
    nodes = list(ast.walk(tree))
    left_out = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    left_out |= {id(value) for node in nodes if isinstance(node, ast.JoinedStr) for value in node.values}
    for node in nodes:
        if id(node) not in left_out and isinstance(node, ast.Constant | ast.JoinedStr):
            yield node, _text(node)


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "{}"


@pytest.fixture
def api() -> Iterator[Sandbox]:
    """A small library."""
    with Sandbox(generate(seed=3, playlists=3, items=30)) as opened:
        yield opened


def test_a_table_that_cannot_be_renamed(api: Sandbox) -> None:
    """The sync of everything says so; once the operator has dropped it, the same sync makes it again."""
    lake, full = Lake(path="lake.duckdb"), ("sync", "--full", "--path", "lake.duckdb")
    assert playlake(*full, environment=api.environment).code == 0
    expected = contents(lake)["tracks"]
    with duckdb.connect(lake.location) as connection:
        connection.execute("USE spotify")
        connection.execute("ALTER TABLE tracks DROP COLUMN track_uri")
        connection.execute("CREATE INDEX mine ON tracks (name)")
    refused = playlake(*full, environment=api.environment)
    assert (refused.code, "rename or drop it, and sync again" in _line(refused.err)) == (2, True), refused.err
    with duckdb.connect(lake.location) as connection:
        connection.execute("DROP TABLE spotify.tracks")
    assert playlake(*full, environment=api.environment).code == 0
    assert [row["name"] for row in contents(lake)["tracks"]] == [row["name"] for row in expected]


def test_a_compaction_that_fails(
    api: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The sync has done its work; the command compacts, and the tables stay as they are."""
    lake = Lake("parquet", "lake")
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.destinations.parquet.maintenance.MANY_FILES", 1)
        patch.setattr("pipelines.destinations.parquet.maintenance.Compactor.merge", _fails)
        assert sync(lake=lake, **settings(api)).exit_code == 0
    assert "playlake compact tries again" in caplog.text
    before = contents(lake)
    assert playlake("compact", "--destination", "parquet", "--path", "lake").code == 0
    assert contents(lake) == before
    assert sync(lake=lake, **settings(api)).exit_code == 0


def _fails(*_: object) -> None:
    msg = "out of the blue"
    raise OSError(msg)


@pytest.mark.long
def test_a_claim_that_is_lost(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compaction whose lock somebody removes replaces nothing, and the next one does all."""
    lake = Lake("parquet", "lake")
    for _ in range(2):
        assert sync(lake=lake, full=True, **settings(api)).exit_code == 0
    before, lock = contents(lake), Path("lake/spotify") / LOCK_NAME
    merge = Compactor.merge

    def merged(compactor: Compactor) -> None:
        lock.unlink()
        merge(compactor)

    with monkeypatch.context() as patch:
        patch.setattr(Compactor, "merge", merged)
        with pytest.raises(TryLaterError, match="was removed or replaced during the compaction"):
            compact(lake)
    assert contents(lake) == before
    done = compact(lake)
    assert (done.files_after < done.files_before, contents(lake) == before) == (True, True)


@pytest.mark.sampled(1)
def test_a_claim_on_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds it keeps others away until it is done; whoever lost it stops; then it can be had."""
    with Lake("parquet", "memory://bucket/lake").pipeline().destination_client() as client:
        assert isinstance(client, FilesystemClient)
        with (
            compaction_lock(client),
            pytest.raises(TryLaterError, match="try again when it is done"),
            compaction_lock(client),
        ):
            pass
        with compaction_lock(client) as held:
            monkeypatch.setattr("pipelines.destinations.parquet.compaction_lock.LIFETIME", timedelta(0))
            with compaction_lock(client), pytest.raises(TryLaterError, match="begun to compact"):
                held.check()
        with compaction_lock(client) as held:
            held.check()


@pytest.mark.sampled(1)
def test_a_token_that_another_process_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for, and not forever; when the other is done it can be used."""
    monkeypatch.setattr("sources.private_file.LONGEST_TURN", 0.0)
    rotation = ConfiguredRefreshToken(tmp_path, "FIRST")
    with rotation.turn(), pytest.raises(TryLaterError, match="try again later"), rotation.turn():
        pass
    with rotation.turn() as token:
        assert token == "FIRST"
