"""Many accounts through Airflow on several workers into one lake, with failures: ``make cluster``.

Starts Postgres, Redis, SeaweedFS and Airflow with two workers on this machine, syncs accounts of the sandbox, kills a
worker meanwhile, and holds the lake against that of one machine which synced the same accounts one after the other.
"""

import argparse
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from pipelines.destinations.lake import Lake
from sources.exit_codes import SIGN_IN
from tests.cluster.cluster import LAKE, PLAYLAKE, Cluster, Size, running
from tests.cluster.expectations import unmet_by_airflow, unmet_by_lakes
from tests.cluster.pictures import take_pictures
from tests.cluster.processes import ClusterError
from tests.cluster.scenario import LIMITED, Seen, accounts_file, play
from tests.cluster.servers import downloaded
from tests.pipelines.driving import CHECKOUT

BINARIES = CHECKOUT / ".venv-cluster" / "bin"


def main() -> int:
    """Plays the scenario.

    Returns:
        0 if all was as it must be.
    """
    options = _options()
    size = Size(options.accounts, options.playlists, options.slots, options.quota)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="playlake-cluster-"))
    begun = time.monotonic()

    def tell(text: str) -> None:
        seconds = int(time.monotonic() - begun)
        print(f"{seconds // 60}:{seconds % 60:02} {text}", flush=True)  # noqa: T201

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupted)
    try:
        with running(folder, options.binaries, size, LIMITED, tell) as cluster:
            seen = play(cluster, size, options.seconds, tell)
            if options.pictures:
                tell("taking pictures of Airflow")
                take_pictures(cluster, seen)
            unmet = list(unmet_by_airflow(cluster, seen))
            unmet += _held_against_one_machine(cluster, seen, tell)
            requests = sum(account.requests for account in cluster.accounts)
    except (ClusterError, KeyboardInterrupt) as error:
        tell(f"{error or 'interrupted'}; the logs are in {folder / 'logs'}")
        return 1
    tell(_figures(seen, size, requests))
    for each in unmet:
        tell(f"NOT SO: {each}")
    if unmet:
        tell(f"the logs are in {folder / 'logs'}")
    elif options.folder is None:
        shutil.rmtree(folder)
    # A closing line that programs understand.
    print(f"{not unmet:d} passed, {bool(unmet):d} failed")  # noqa: T201
    return bool(unmet)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make cluster", description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=20, help="how many accounts, at least 8 (20)")
    parser.add_argument("--playlists", type=int, default=4, help="of each account (4)")
    parser.add_argument("--slots", type=int, default=2, help="tasks that a worker does at once (2)")
    parser.add_argument("--quota", type=int, default=3, help="tasks at once in all: slots of the app's pool (3)")
    parser.add_argument("--seconds", type=float, default=600, help="after which it has failed, for each half (600)")
    parser.add_argument("--folder", type=Path, help="for everything; kept (one for temporary files, kept on failure)")
    parser.add_argument("--binaries", type=Path, default=BINARIES, help="where airflow and weed are")
    parser.add_argument("--pictures", action="store_true", help="take pictures of Airflow, into docs/images")
    options = parser.parse_args()
    if options.accounts < 8:
        parser.error("--accounts: at least 8")
    return options


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    # A second one, as make passes on what the whole group got, must not stop the servers from being ended.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _held_against_one_machine(cluster: Cluster, seen: Seen, tell: Callable[[str], None]) -> list[str]:
    tell("the same accounts one after the other, on one machine")
    folder = cluster.folder / "one-machine"
    file = accounts_file(cluster, "one-machine.toml", str(folder / "lake"))
    own = {"DLT_DATA_DIR": str(folder / "dlt")}
    # The revoked one cannot be read there, either.
    command = [*PLAYLAKE, "sync", "--log-format", "json", "--accounts", file]
    cluster.programs.run("one-machine", command, folder, own, expected=(SIGN_IN,))
    tell("comparing both lakes")
    # A copy: each of many queries would fetch all files again.
    copy = downloaded(cluster.s3, LAKE.rpartition("/")[2], folder / "copy")
    with patch.dict(os.environ, own):
        unmet, compared = unmet_by_lakes(
            cluster, seen, Lake("parquet", str(copy)), Lake("parquet", str(folder / "lake"))
        )
    tell(f"{compared:,} rows of all tables and views compared, {len(unmet)} differ")
    return unmet


def _figures(seen: Seen, size: Size, requests: int) -> str:
    """What it took."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    processor = sum(each.ru_utime + each.ru_stime for each in used)
    retries = sum(each.number - 1 for each in seen.latest)
    return (
        f"{size.accounts} accounts of {size.playlists} playlists: {seen.seconds:.0f} s for the run of the DAG, "
        f"{processor:.0f} s of processor time for everything, {seen.memory / 1e9:.1f} GB of memory, {requests:,} "
        f"requests, {seen.at_once} syncs at once, {retries} tries more, {len(seen.rescheduled)} put off"
    )


if __name__ == "__main__":
    sys.exit(main())
