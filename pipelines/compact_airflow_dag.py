"""An Airflow 3 DAG: `playlake compact` every four hours, a mapped task for each Parquet lake.

It goes with `airflow_dag.py` and reads the same variable: the lakes are those of its accounts file, or what it lists
as `lakes`. Syncs go on meanwhile. Put this one file into Airflow's folder of DAGs, too; like the other it imports
nothing of playlake.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from airflow.sdk import Variable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

NAME = "playlake"
"""The variable; the DAG is called so with `_compact` after it."""

SCHEDULE = "47 */4 * * *"

CONFIGURATION, TRY_LATER = 2, 75
"""Exit codes of `playlake compact`: a setting is wrong; somebody else compacts the lake."""


def _setting() -> dict[str, Any]:
    """The parsed Airflow variable.

    Raises:
        AirflowFailException: the variable does not exist, or lacks the command.
    """
    setting = Variable.get(NAME, default=None, deserialize_json=True)
    if not isinstance(setting, dict) or not setting.get("command"):
        msg = (
            f'Set the Airflow variable {NAME} to JSON with "command" and "accounts" or "lakes": see docs/scheduling.md.'
        )
        raise AirflowFailException(msg)
    return setting


def _lakes(setting: Mapping[str, Any]) -> list[dict[str, str]]:
    """The path and the dataset of each Parquet lake.

    Raises:
        AirflowFailException: they are neither listed nor those of an accounts file, or the file is wrong.
    """
    if (listed := setting.get("lakes")) is not None:
        return list(listed)
    if not isinstance(accounts := setting.get("accounts"), str):
        msg = (
            f'Give the Airflow variable {NAME} "lakes", as in [{{"path": "s3://music/lake"}}]: see docs/scheduling.md.'
        )
        raise AirflowFailException(msg)
    done = _ended(setting, ["sync", "--log-format", "json", "--dry-run", "--accounts", accounts], "lakes")
    events = [event for line in done.stdout.splitlines() if (event := _event(line)).get("event") == "account"]
    if not events:
        raise AirflowFailException(_shown(done.stdout))
    found = {(event["path"], event["dataset"]) for event in events if event["destination"] == "parquet"}
    return [{"path": path, "dataset": dataset} for path, dataset in sorted(found)]


def _event(line: str) -> dict[str, Any]:
    """A line of playlake's log; nothing from a line that is none."""
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _compacted(setting: Mapping[str, Any], lake: Mapping[str, str]) -> str:
    """Compacts a lake.

    Returns:
        What the command said.

    Raises:
        AirflowFailException: a setting is wrong.
        AirflowSkipException: somebody else compacts it: the next run looks again.
        AirflowException: anything else went wrong.
    """
    options = [text for name, value in lake.items() for text in (f"--{name}", value)]
    done = _ended(setting, ["compact", "--destination", "parquet", *options], lake["path"])
    said = _shown(done.stdout)
    if done.returncode == TRY_LATER:
        raise AirflowSkipException(said)
    if done.returncode:
        msg = f"{lake['path']}: playlake compact ended with {done.returncode}: {said}"
        raise AirflowFailException(msg) if done.returncode == CONFIGURATION else AirflowException(msg)
    return said


def _ended(setting: Mapping[str, Any], arguments: Sequence[str], name: str) -> "subprocess.CompletedProcess[str]":
    """A command of playlake's, with both of its streams as one, in a working folder of dlt's of its own."""
    kept = {variable: value for variable, value in os.environ.items() if "AIRFLOW" not in variable}
    usual = Path("/var/dlt") if os.geteuid() == 0 else Path.home() / ".dlt"
    folder = Path(os.environ.get("DLT_DATA_DIR", usual)) / f"{NAME}_compact" / quote(name, safe=" ")
    return subprocess.run(  # noqa: S603 (the command is the administrator's own)
        [*setting["command"], *arguments],
        cwd=setting.get("folder"),
        env=kept | {"PYTHONIOENCODING": "utf-8", "DLT_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
        check=False,
    )


def _shown(text: str) -> str:
    """A text as a log may show it: what a library says may repeat what others wrote."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}" for sign in text)


@dag(
    dag_id=f"{NAME}_compact",
    schedule=SCHEDULE,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["spotify"],
    doc_md=__doc__,
)
def playlake_compact() -> None:
    """The lakes, and a compaction of each."""

    @task
    def lakes() -> list[dict[str, str]]:
        return _lakes(_setting())

    @task(retries=3, retry_exponential_backoff=2.0, map_index_template="{{ path }}")
    def compact(lake: dict[str, str]) -> str:
        # What the template above shows.
        get_current_context()["path"] = lake["path"]
        return _compacted(_setting(), lake)

    compact.expand(lake=lakes())


playlake_compact()
