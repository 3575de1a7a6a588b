"""Airflow 3 with the CeleryExecutor: its settings, its programs, and its REST API.

https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html
"""

import base64
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from tests.cluster.processes import ClusterError, Programs, until
from tests.cluster.servers import HOST, free_ports

DAG_FILE = Path(__file__).parents[2] / "pipelines" / "airflow_dag.py"
DAG = "playlake"

# Airflow's own defaults are five minutes and ten.
RECOVERY = {
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "5",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "SCHEDULER__TASK_QUEUED_TIMEOUT": "45",
    "SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
    "CORE__DEFAULT_TASK_RETRY_DELAY": "5",
}
"""How soon a worker that says nothing any more counts as lost, and its tasks are started again."""


class Airflow:
    """An Airflow of this machine's own.

    Args:
        programs: which start its programs.
        binary: the command `airflow`.
        folder: for its files; the logs of tasks are in `logs`.
        logs: for what its tasks write.
        database: the URL of an empty database in Postgres.
        broker: the URL of Redis.
    """

    def __init__(
        self, programs: Programs, binary: Path, folder: Path, logs: Path, *, database: str, broker: str
    ) -> None:
        self._programs, self._binary, self._folder = programs, binary, folder
        (port,) = free_ports(1)
        self.address = f"http://{HOST}:{port}"
        self._port = port
        self.settings = self._configured(logs, database, broker)
        self._token = ""

    def _configured(self, logs: Path, database: str, broker: str) -> dict[str, str]:
        settings = RECOVERY | {
            "CORE__EXECUTOR": "CeleryExecutor",
            "CORE__DAGS_FOLDER": str(self._folder / "dags"),
            "CORE__LOAD_EXAMPLES": "false",
            "CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "CORE__EXECUTION_API_SERVER_URL": f"{self.address}/execution/",
            "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "true",
            "CORE__HOSTNAME_CALLABLE": "machine_name.machine_name",
            "CORE__MAX_MAP_LENGTH": "100000",
            "DATABASE__SQL_ALCHEMY_CONN": database.replace("postgresql://", "postgresql+psycopg2://"),
            "API__HOST": HOST,
            "API__PORT": str(self._port),
            "API__BASE_URL": self.address,
            "API__WORKERS": "1",
            "API__SECRET_KEY": secrets.token_hex(),
            "API_AUTH__JWT_SECRET": secrets.token_hex(64),
            "CELERY__BROKER_URL": broker,
            "CELERY__RESULT_BACKEND": database.replace("postgresql://", "db+postgresql+psycopg2://"),
            "CELERY__SYNC_PARALLELISM": "1",
            # Longer than any task: a message that was taken and not yet answered would else be given out again.
            "CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "86400",
            "DAG_PROCESSOR__PARSING_PROCESSES": "1",
            "LOGGING__BASE_LOG_FOLDER": str(logs),
            "USAGE_DATA_COLLECTION__ENABLED": "false",
        }
        return {f"AIRFLOW__{name}": value for name, value in settings.items()} | {
            "AIRFLOW_HOME": str(self._folder),
            "PYTHONPATH": str(Path(__file__).parent / "machine"),
        }

    def start(self) -> None:
        """Makes the database, and starts all but the workers."""
        (self._folder / "dags").mkdir(parents=True)
        (self._folder / "dags" / "playlake.py").write_text(_with_one_run(DAG_FILE), encoding="utf-8")
        self._programs.run("migration", [self._binary, "db", "migrate"], self._folder, self.settings)
        for program, *options in (("api-server",), ("dag-processor",), ("scheduler", "--skip-serve-logs")):
            self._programs.start(program, [self._binary, program, *options], self._folder, self.settings)

    def start_worker(self, name: str, slots: int, folder: Path, environment: Mapping[str, str]) -> None:
        """Starts a worker that stands for a machine: with a name, a home, folders and settings of its own."""
        own = {
            "MACHINE_NAME": name,
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "DLT_DATA_DIR": str(folder / "dlt"),
        }
        command: list[str | Path] = [
            self._binary,
            "celery",
            "worker",
            "--skip-serve-logs",
            "--without-mingle",
            "--without-gossip",
        ]
        command += ["--concurrency", str(slots), "--celery-hostname", f"celery@{name}"]
        self._programs.start(name, command, folder / "work", self.settings | own | dict(environment))

    def wait_for_dag(self) -> None:
        """Waits until the API answers and the DAG is known."""
        until(self._signed_in, "Airflow's API server answers", 180, self._programs)
        until(self._knows_dag, "Airflow knows the DAG", 180, self._programs)

    def put(self, collection: str, entities: list[dict[str, Any]]) -> None:
        """Creates or replaces variables, connections or pools."""
        action = {"action": "create", "action_on_existence": "overwrite", "entities": entities}
        answer = self._asked("PATCH", f"/{collection}", {"actions": [action]})
        if errors := answer["create"]["errors"]:
            msg = f"Airflow takes no {collection}: {errors}"
            raise ClusterError(msg)

    def unpause(self) -> None:
        """Lets the DAG's schedule begin, which starts a run at once."""
        self._asked("PATCH", f"/dags/{DAG}", {"is_paused": False})

    def _signed_in(self) -> bool | None:
        try:
            answer = requests.get(f"{self.address}/auth/token", timeout=10)
        except requests.RequestException:
            return None
        if not answer.ok:
            return None
        self._token = answer.json()["access_token"]
        return True

    def _knows_dag(self) -> bool | None:
        answer = self._request("GET", f"/dags/{DAG}")
        if answer.status_code == requests.codes.ok:
            return True
        failed = self._asked("GET", "/importErrors", None)["import_errors"]
        if failed:
            msg = f"Airflow cannot import the DAG: {failed[0]['stack_trace']}"
            raise ClusterError(msg)
        return None

    def _asked(self, method: str, path: str, body: Any) -> Any:
        answer = self._request(method, path, body)
        if not answer.ok:
            msg = f"Airflow answers {method} {path} with {answer.status_code}: {answer.text[:500]}"
            raise ClusterError(msg)
        return answer.json()

    def _request(self, method: str, path: str, body: Any = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token}"}
        return requests.request(method, f"{self.address}/api/v2{path}", json=body, headers=headers, timeout=60)


def _with_one_run(file: Path) -> str:
    """The DAG on a schedule of once a year: hourly, its next run could begin before all is looked at.

    Raises:
        ClusterError: the file has no schedule.
    """
    text, count = re.subn(
        r"^SCHEDULE = .*$", 'SCHEDULE = "17 0 1 1 *"', file.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    if count != 1:
        msg = f"{file} has {count} lines with a SCHEDULE: there must be one."
        raise ClusterError(msg)
    return text
