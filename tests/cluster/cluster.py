"""All servers of the cluster, running for as long as a block lasts."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.accounts import Account, made_accounts, served
from tests.cluster.airflow import Airflow
from tests.cluster.gate import Gate
from tests.cluster.processes import Programs
from tests.cluster.servers import BUCKET, KEYS, redis, seaweedfs
from tests.pipelines.driving import CHECKOUT
from tests.pipelines.postgres_server import postgres

LAKE = f"s3://{BUCKET}/lake"
DOOMED, SURVIVOR = "worker-1", "worker-2"
"""The workers: what the first one stores passes the gate, and it will be killed there."""

# Whatever the installed package points to.
PLAYLAKE = ("env", f"PYTHONPATH={CHECKOUT}", sys.executable, "-m", "playlake")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done.

    Attributes:
        accounts: how many, at least four.
        playlists: of each.
        slots: tasks that a worker does at once.
        quota: tasks that all workers do at once: the slots of Airflow's pool.
    """

    accounts: int
    playlists: int
    slots: int
    quota: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """What runs.

    Attributes:
        folder: for everything; the logs are in `logs`.
        programs: servers and workers.
        database: the URL of Airflow's tables.
        s3: the address of the S3 server.
        gate: the proxy before it that the first worker uses.
        accounts: whom the tasks read.
        api: the address where they answer.
        airflow: the scheduler.
    """

    folder: Path
    programs: Programs
    database: str
    s3: str
    gate: Gate
    accounts: list[Account]
    api: str
    airflow: Airflow


@contextmanager
def running(folder: Path, binaries: Path, size: Size, limited: int, tell: Callable[[str], None]) -> Iterator[Cluster]:
    """Starts everything, and ends it after the block, whatever happens.

    Args:
        folder: for everything.
        binaries: the folder of the commands `airflow` and `weed`.
        size: how much.
        limited: the account that gets an app of its own.
        tell: what happens, for people.
    """
    logs = folder / "logs"
    with ExitStack() as stack:
        tell("starting Postgres, Redis, SeaweedFS and the accounts' API")
        database = stack.enter_context(postgres())
        accounts = made_accounts(size.accounts, size.playlists, limited)
        api = stack.enter_context(served(accounts))
        programs = Programs(logs, bare_environment(folder))
        stack.callback(programs.end)
        broker = redis(programs, folder)
        s3 = seaweedfs(programs, binaries / "weed", folder)
        gate = stack.enter_context(Gate(s3))
        tell("starting Airflow and two workers")
        airflow = Airflow(
            programs, binaries / "airflow", folder / "airflow", logs / "tasks", database=database, broker=broker
        )
        airflow.start()
        for name, address in ((DOOMED, gate.address), (SURVIVOR, s3)):
            airflow.start_worker(name, size.slots, folder / name, bucket_settings(address))
        airflow.wait_for_dag()
        yield Cluster(folder, programs, database, s3, gate, accounts, api, airflow)


def bucket_settings(address: str) -> dict[str, str]:
    """The environment variables that lead dlt to an S3 server."""
    settings = KEYS | {"endpoint_url": address}
    return {f"DESTINATION__FILESYSTEM__CREDENTIALS__{name.upper()}": value for name, value in settings.items()}


def bare_environment(folder: Path) -> dict[str, str]:
    """This process's variables without anybody's settings of Airflow, playlake and dlt, and with a home in `folder`."""
    foreign = ("AIRFLOW", "SOURCES__", "DESTINATION__", "DLT_", "PYTHONPATH", "AWS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"HOME": str(folder), "PYTHONIOENCODING": "utf-8"}
