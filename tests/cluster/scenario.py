"""The scenario: many accounts through Airflow into one lake, while a worker, a consent and a rate limit give way."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sources.stored.load_tables import LOADS
from tests.cluster.cluster import DOOMED, LAKE, PLAYLAKE, Cluster, Size
from tests.cluster.outcome import Attempt, Outcome
from tests.cluster.processes import ClusterError, until
from tests.cluster.servers import BUCKET, s3

LIMITED, REVOKED = 1, 2
"""Which accounts meet the rate limit, and have lost their consent."""
WAIT = 45
"""Seconds that the rate limit lasts."""
PATIENCE = "5 s"
"""How long a sync waits by itself; after that its task gives its place to another."""
SHARE = 4
"""The worker is killed in a load that it writes after one in so many accounts is done."""


@dataclass(slots=True)
class Seen:
    """What came of it.

    Attributes:
        load_id: of the load that the killed worker was writing.
        files: its Parquet files, which were there without the load's record.
        processes: how many were killed with the worker.
        killed: accounts whose tasks were running on it.
        latest: the last try of each account.
        rescheduled: accounts whose task gave its place to others.
        other_tasks: states of the tasks before and after the syncs.
        seconds: from the start of the DAG's run to its end.
        memory: bytes at most, of all programs.
        at_once: tasks that ran at once, at most.
    """

    load_id: str = ""
    files: int = 0
    processes: int = 0
    killed: tuple[str, ...] = ()
    latest: tuple[Attempt, ...] = ()
    earlier: tuple[Attempt, ...] = ()
    rescheduled: frozenset[str] = frozenset()
    other_tasks: tuple[tuple[str, str], ...] = ()
    run_id: str = ""
    seconds: float = 0
    memory: int = 0
    at_once: int = 0


def accounts_file(cluster: Cluster, name: str, lake: str) -> str:
    """Writes the file that lists the accounts, for a lake.

    Returns:
        Its path.
    """
    common = {
        "destination": "parquet",
        "path": lake,
        "api_url": f"{cluster.api}/v1",
        "accounts_url": cluster.api,
        "max_retry_wait": PATIENCE,
    }
    lines = ["[defaults]", *(f"{key} = {json.dumps(value)}" for key, value in common.items())]
    for account in cluster.accounts:
        values = {key: getattr(account, key) for key in ("name", "client_id", "client_secret", "refresh_token")}
        lines += ["", "[[account]]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
    file = cluster.folder / name
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def play(cluster: Cluster, size: Size, seconds: float, tell: Callable[[str], None]) -> Seen:
    """Runs the DAG once to its end, and kills the first worker in the middle of a load.

    Raises:
        ClusterError: something took longer than `seconds`, or a server ended.
    """
    cluster.accounts[LIMITED].limit(WAIT)
    cluster.accounts[REVOKED].revoke()
    setting = {"command": PLAYLAKE, "accounts": accounts_file(cluster, "accounts.toml", LAKE)}
    cluster.airflow.put("pools", [{"name": "playlake", "slots": size.quota}])
    cluster.airflow.put("variables", [{"key": "playlake", "value": json.dumps(setting)}])
    cluster.airflow.unpause()
    outcome = Outcome(cluster.database, [account.name for account in cluster.accounts])
    seen, begun, progress = Seen(), time.monotonic(), Progress(tell)

    def at_gate() -> bool | None:
        if may_be_killed(_look(cluster, outcome, seen, progress)):
            cluster.gate.armed.set()
        else:
            cluster.gate.armed.clear()
        if (run := outcome.run()) and run[1] in ("success", "failed"):
            msg = f"the run of the DAG {run[1]} before {DOOMED} could be killed in a load"
            raise ClusterError(msg)
        return cluster.gate.holds.is_set() or None

    until(at_gate, f"a load of {DOOMED} to kill it in", seconds, cluster.programs)
    _kill(cluster, outcome, seen, tell)

    def over() -> str | None:
        _look(cluster, outcome, seen, progress)
        run = outcome.run()
        return run[0] if run and run[1] in ("success", "failed") else None

    seen.run_id = until(over, "the end of the DAG's run", seconds, cluster.programs)
    seen.seconds = time.monotonic() - begun
    seen.latest, seen.earlier = tuple(outcome.latest()), tuple(outcome.earlier())
    seen.rescheduled, seen.other_tasks = frozenset(outcome.rescheduled()), tuple(outcome.other_tasks().items())
    return seen


def may_be_killed(latest: Sequence[Attempt]) -> bool:
    """Whether a worker may be killed now, by the latest try of each account.

    Enough accounts are done, and those that meet a failure of their own have met it and do not run: a task that is
    killed is tried again, and nobody could tell for which of the two reasons.
    """
    states = {each.index: each.state for each in latest}
    done = sum(state == "success" for state in states.values())
    has_met = states.get(REVOKED) == "failed" and states.get(LIMITED) in ("up_for_reschedule", "success")
    return has_met and done >= len(latest) // SHARE


def _kill(cluster: Cluster, outcome: Outcome, seen: Seen, tell: Callable[[str], None]) -> None:
    """Kills the worker whose load is held at the gate, and looks what it has left in the bucket."""
    seen.load_id = cluster.gate.load_id
    running = [each.account for each in outcome.latest() if each.machine == DOOMED and each.state == "running"]
    seen.processes, seen.killed = cluster.programs.kill(DOOMED), tuple(running)
    keys = _keys(cluster, seen.load_id)
    seen.files = sum(key.endswith(".parquet") for key in keys)
    records = [key for key in keys if f"/{LOADS}/" in key]
    tell(f"killed {DOOMED}, {seen.processes} processes, which was syncing {' and '.join(running)}")
    if not seen.files or records:
        msg = f"of load {seen.load_id} there are {seen.files} Parquet files and the records {records}"
        raise ClusterError(msg)
    tell(f"of its load {seen.load_id} there are {seen.files} Parquet files and no record")


def _keys(cluster: Cluster, load_id: str) -> list[str]:
    """What is in the bucket of a load."""
    pages = s3(cluster.s3).get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="lake/")
    return [item["Key"] for page in pages for item in page.get("Contents", ()) if load_id in item["Key"]]


def _look(cluster: Cluster, outcome: Outcome, seen: Seen, progress: "Progress") -> list[Attempt]:
    """Tells how many accounts are in each state; the latest try of each."""
    latest = outcome.latest()
    states = Counter(each.state or "waiting" for each in latest)
    seen.at_once = max(seen.at_once, states["running"])
    if progress.show(states):
        seen.memory = max(seen.memory, cluster.programs.memory())
    return latest


class Progress:
    """Tells how many accounts are in which state, when that has changed."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._last = tell, Counter[str]()

    def show(self, states: Counter[str]) -> bool:
        """Whether there was something to tell."""
        if states == self._last:
            return False
        self._last = states
        self._tell(", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "nothing scheduled yet")
        return True
