"""An Airflow 3 DAG: `playlake sync` every hour, a mapped task for each account.

All accounts go into their lakes at the same time, as many as the pool has slots: the pool is the quota of the app that
they belong to, whichever workers the tasks run on. For a second app copy the file and change `NAME`.

Put this one file into Airflow's folder of DAGs; `docs/scheduling.md` says how to set it up. It imports Airflow and
nothing of playlake, and the rest of playlake does not import it: their dependencies do not go together, so the command
runs in playlake's own environment, as a process
(https://airflow.apache.org/docs/apache-airflow/stable/best-practices.html#handling-conflicting-complex-python-dependencies).
"""

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from airflow.sdk import Asset, BaseOperator, Connection, Context, Variable, dag, task
from airflow.sdk.exceptions import (
    AirflowException,
    AirflowFailException,
    AirflowRescheduleException,
    AirflowSkipException,
)

NAME = "playlake"
"""The DAG, the variable that says which accounts there are and how playlake is called, the pool, and the asset."""

SCHEDULE = "17 * * * *"

TABLES = Asset(NAME)
"""The tables: updated once by each run of the DAG in which some account was synced, for other DAGs to wait for."""

PATIENCE = timedelta(minutes=40)
"""How long an account waits, for Spotify or for another sync, before its turn is left to the next hour's run."""

LOOK_AGAIN = timedelta(minutes=1)
"""When to try again if no time was named."""

MOST_TASKS = 1_024
"""How many tasks one task may be mapped to, as Airflow comes (`core.max_map_length`): more accounts share tasks."""

SHOWN = (
    "exit_code",
    "outcome",
    "playlists",
    "unchanged",
    "read",
    "failed",
    "new_items",
    "removed_items",
    "requests",
    "message",
)
"""What a task hands on of a run."""

PARTIAL, TRY_LATER = 4, 75
"""Exit codes of `playlake sync`: some of it could not be read; Spotify, or another sync, asks to wait."""
CONFIGURATION, SIGN_IN = 2, 3
"""Exit codes that only a person can do something about."""

ENDINGS = ("run_finished", "run_failed", "accounts_finished")
"""Events with how a sync ended; the last one is of all accounts of the task."""

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}


class PlaylakeSync(BaseOperator):
    """One `playlake sync`, and what its exit code means to Airflow.

    0 and 4 succeed: what could be read is stored, and those who come after may go on. 2 and 3 fail without a retry,
    because only a person can fix them. 75 asks to wait: the task comes back at that time without using up a retry or a
    worker meanwhile, or is skipped if that is too long. All else is retried.

    Args:
        account: `name`, and whatever else the variable says of it; or, of an accounts file, `file` and `only`, the
            accounts that share the task.
        **more: arguments of every operator.
    """

    def __init__(self, *, account: dict[str, Any], **more: Any) -> None:
        super().__init__(**more)
        self.account = account
        self._process: subprocess.Popen[str] | None = None

    def execute(self, context: Context) -> dict[str, Any]:
        """Runs the command.

        Returns:
            The run's figures, with the account's name.

        Raises:
            AirflowFailException: a setting is wrong, or somebody has to sign in again.
            AirflowRescheduleException: the task is to be tried again at a later time.
            AirflowSkipException: that time is too far away.
            AirflowException: anything else went wrong.
        """
        code, event = self._run()
        name, message = self.account["name"], event.get("message") or "the log above says more"
        if code in (0, PARTIAL):
            if code == PARTIAL:
                self.log.warning("%s: %s", name, message)
            return {"account": name} | {key: event.get(key) for key in SHOWN}
        if code == TRY_LATER:
            self._wait(context, event.get("resume_at"), message)
        msg = f"{name}: playlake sync ended with {code}: {message}"
        raise AirflowFailException(msg) if code in (CONFIGURATION, SIGN_IN) else AirflowException(msg)

    def on_kill(self) -> None:
        """Somebody ended the task: playlake keeps what it has read until then."""
        if self._process is not None:
            self._process.terminate()

    def _run(self) -> tuple[int, dict[str, Any]]:
        """Its exit code, and the last event of its log."""
        setting = _setting()
        command = [*setting["command"], "sync", "--log-format", "json", *_arguments(setting, self.account)]
        end: dict[str, Any] = {}
        environment = _environment(self.account) | {"DLT_DATA_DIR": _working_folder(self.account["name"])}
        self._process = _started(command, setting, environment)
        with self._process as process:
            for line in process.stdout or ():
                event = _event(line)
                self.log.log(LEVELS.get(event.get("level", ""), 20), "%s", _shown(line.rstrip()))
                if event.get("event") in ENDINGS:
                    end = event
        return process.returncode, end

    def _wait(self, context: Context, resume_at: str | None, message: str) -> None:
        now = datetime.now(UTC)
        first = context["ti"].get_first_reschedule_date(context) or now
        then = datetime.fromisoformat(resume_at) if resume_at else now + LOOK_AGAIN
        if then > first + PATIENCE:
            msg = f"{self.account['name']}: left to a later run. {message}"
            raise AirflowSkipException(msg)
        self.log.warning("%s: tried again at %s. %s", self.account["name"], then.isoformat(timespec="seconds"), message)
        raise AirflowRescheduleException(then)


def _shown(line: str) -> str:
    """A line as a log may show it: what a library says may repeat what others wrote."""
    return "".join(sign if sign.isprintable() or sign == "\t" else "\N{REPLACEMENT CHARACTER}" for sign in line)


def _event(line: str) -> dict[str, Any]:
    """A line of playlake's log; nothing from a line that is none."""
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _started(command: list[str], setting: Mapping[str, Any], environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    """A process of playlake's, with both of its streams as one."""
    return subprocess.Popen(  # noqa: S603 (the command is the administrator's own)
        command,
        cwd=setting.get("folder"),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
    )


def _arguments(setting: Mapping[str, Any], account: Mapping[str, Any]) -> list[str]:
    """The arguments of an account's sync."""
    arguments = [*setting.get("arguments", ()), *account.get("arguments", ())]
    if (file := account.get("file")) is not None:
        arguments += ["--accounts", file]
    for name in account.get("only", ()):
        arguments += ["--only", name]
    return arguments


def _working_folder(name: str) -> str:
    """Where a task's dlt works: a folder of its own, as two tasks in one would wait for each other."""
    # dlt's own for root, as in a container, is /var/dlt whatever the home is.
    usual = Path("/var/dlt") if os.geteuid() == 0 else Path.home() / ".dlt"
    return str(Path(os.environ.get("DLT_DATA_DIR", usual)) / NAME / quote(name, safe=" "))


def _setting() -> dict[str, Any]:
    """The parsed Airflow variable with the accounts.

    Raises:
        AirflowFailException: the variable does not exist, or lacks a field.
    """
    setting = Variable.get(NAME, default=None, deserialize_json=True)
    if not isinstance(setting, dict) or not setting.get("command") or not setting.get("accounts"):
        msg = f'Set the Airflow variable {NAME} to JSON with "command" and "accounts": see docs/scheduling.md.'
        raise AirflowFailException(msg)
    return setting


def _listed(setting: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tasks for the accounts of a file, which the command reads and checks.

    There are as many accounts in a task as it takes to have `MOST_TASKS` at most, or as the variable's `batch` says.

    Raises:
        AirflowFailException: the file is wrong, or nothing in it is to be synced.
    """
    command = [*setting["command"], "sync", "--log-format", "json", "--dry-run", "--accounts", setting["accounts"]]
    command += [*setting.get("arguments", ()), *(("--schedule", setting["schedule"]) if "schedule" in setting else ())]
    with _started(command, setting, _environment({})) as process:
        events = [_event(line) for line in process.stdout or ()]
    names = [event["name"] for event in events if event.get("event") == "account"]
    if not names:
        said = [event.get("message") or "" for event in events if event.get("event") == "run_failed"]
        raise AirflowFailException(_shown(" ".join(said) or f"playlake sync ended with {process.returncode}."))
    size = max(int(setting.get("batch", 1)), -(-len(names) // MOST_TASKS))
    batches = [names[start : start + size] for start in range(0, len(names), size)]
    return [
        {"name": " to ".join(dict.fromkeys((batch[0], batch[-1]))), "file": setting["accounts"], "only": batch}
        for batch in batches
    ]


def _environment(account: Mapping[str, Any]) -> dict[str, str]:
    """This process's variables without Airflow's own, and the settings that an account's connection holds.

    Raises:
        AirflowFailException: there is no such connection.
    """
    kept = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name} | {"PYTHONIOENCODING": "utf-8"}
    if not (connection_id := account.get("connection")):
        return kept
    try:
        connection = Connection.get(connection_id)
    except Exception as error:
        msg = f"{account['name']}: the Airflow connection {connection_id!r} cannot be read: {error}"
        raise AirflowFailException(msg) from None
    settings = dict(connection.extra_dejson)
    settings["credentials__client_id"], settings["credentials__client_secret"] = connection.login, connection.password
    settings["credentials__refresh_token"] = settings.pop("refresh_token", None)
    given = {name: value for name, value in settings.items() if value is not None}
    return kept | {
        f"SOURCES__SPOTIFY__{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
    }


@dag(
    dag_id=NAME,
    schedule=SCHEDULE,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["spotify"],
    doc_md=__doc__,
)
def playlake() -> None:
    """Accounts, a sync of each, and a final task that fails if something could not be read."""

    @task
    def accounts() -> list[dict[str, Any]]:
        setting = _setting()
        return _listed(setting) if isinstance(setting["accounts"], str) else list(setting["accounts"])

    # If a sync failed this does not run, and the run of the DAG has failed, too.
    @task(trigger_rule="none_failed")
    def unread(runs: Iterable[Mapping[str, Any]]) -> None:
        """Fails if there are playlists that could not be read. Hang what needs the tables on `sync`, alerts here."""
        partial = [f"{run['account']}: {run['message']}" for run in runs if run["exit_code"] == PARTIAL]
        if partial:
            raise AirflowFailException(" ".join(partial))

    # Once for all accounts: an event for each would start those who wait for the tables as often.
    @task(outlets=[TABLES], trigger_rule="all_done")
    def tables(runs: Iterable[Mapping[str, Any]], outlet_events: Mapping[Asset, Any]) -> None:
        """Tells that the tables are updated, with what the syncs found; skipped if none ended."""
        ended = [dict(run) for run in runs]
        if not ended:
            msg = "No account was synced."
            raise AirflowSkipException(msg)
        outlet_events[TABLES].extra = {
            "accounts": [run["account"] for run in ended],
            "new_items": sum(run["new_items"] or 0 for run in ended),
            "removed_items": sum(run["removed_items"] or 0 for run in ended),
        }

    synced = PlaylakeSync.partial(
        task_id="sync",
        retries=3,
        retry_exponential_backoff=2.0,
        pool=NAME,
        map_index_template="{{ task.account['name'] }}",
    ).expand(account=accounts())
    tables(synced.output)
    unread(synced.output)


playlake()
