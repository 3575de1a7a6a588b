"""The image: what goes into it is locked, what runs is nobody's root, and what lasts is in its volume."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest

from pipelines.cli import playlake
from tests.packaging.dockerfile import Instruction, stages
from tests.packaging.outside import reaching

CHECKOUT = Path(__file__).parents[2]
DOCKERFILE = CHECKOUT / "Dockerfile"
PROJECT: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
BUILD, FINAL = stages(DOCKERFILE)


def only(stage: list[Instruction], name: str) -> Instruction:
    """The one instruction of a name."""
    (found,) = (one for one in stage if one.name == name)
    return found


def test_what_is_installed_is_locked_and_built_from_this_checkout() -> None:
    """A Python that the project supports, packages by hash, and of the checkout all that the wheel is built from."""
    (python,) = re.findall(r"^ARG PYTHON=(.*)$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert f"Programming Language :: Python :: {python}" in PROJECT["project"]["classifiers"]
    assert all(only(stage, "FROM").text.startswith("python:${PYTHON}-slim") for stage in (BUILD, FINAL))
    installs = [one.text for one in BUILD if one.name == "RUN" and " install " in one.text]
    assert all("--no-deps" in text for text in installs)
    assert any("--require-hashes --requirement requirements.lock" in text for text in installs)
    copied = {word for one in BUILD if one.name == "COPY" for word in one.words[:-1]}
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {"requirements.lock", "pyproject.toml", PROJECT["project"]["readme"], *wheel["only-include"]}
    assert copied == wanted | set(PROJECT["project"]["license-files"])
    # All else stays out of the builder's sight: tokens, lakes, git's history.
    first, *others = [
        line
        for line in (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert first == "*"
    assert {line.removeprefix("!") for line in others if line.startswith("!")} == copied


def test_it_runs_as_nobody_and_keeps_everything_in_its_volume() -> None:
    """Who runs it is not root, and home, tokens, working folder and lake are below the volume."""
    names = [one.name for one in FINAL]
    assert names.index("USER") < names.index("ENTRYPOINT")
    user, group = map(int, only(FINAL, "USER").text.split(":"))
    assert min(user, group) > 0
    volume = Path(only(FINAL, "VOLUME").text)
    settings = dict(word.split("=", 1) for word in only(FINAL, "ENV").words)
    places = [settings[name] for name in ("HOME", "XDG_DATA_HOME", "DLT_DATA_DIR")] + [only(FINAL, "WORKDIR").text]
    assert [place for place in places if not Path(place).is_relative_to(volume)] == []
    assert settings.keys() == {"PATH", "HOME", "XDG_DATA_HOME", "DLT_DATA_DIR"}
    # No argument and no variable of the image could carry a secret in.
    assert [one.text for one in [*BUILD, *FINAL] if one.name == "ARG"] == []


def test_its_commands_are_commands() -> None:
    """The entry point is the project's script; what it is called with, by default and by the health check, is taken."""
    assert only(FINAL, "ENTRYPOINT").words == list(PROJECT["project"]["scripts"])
    _, _, checked = only(FINAL, "HEALTHCHECK").text.partition("CMD ")
    for words in (only(FINAL, "CMD").words, Instruction("CMD", checked).words[1:]):
        name, *rest = words
        playlake.commands[name].make_context(name, rest, parent=click.Context(playlake))
    assert Instruction("CMD", checked).words[:3] == ["playlake", "status", "--check"]


@pytest.mark.packaging
def test_hadolint_has_nothing_to_say() -> None:
    """Neither errors nor warnings, nor remarks."""
    done = subprocess.run([_tool("hadolint"), DOCKERFILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.packaging
def test_the_steps_of_the_build_work(tmp_path: Path, cache: Path) -> None:
    """The first stage's steps, run one by one in a folder in place of `/`, leave a command that works alone."""
    _tool("hadolint")
    environment = reaching(tmp_path, cache)
    environment["PATH"] = f"{_python(tmp_path)}:{environment['PATH']}"
    here = tmp_path / "build"
    here.mkdir()
    for step in BUILD:
        if step.name == "COPY":
            *names, target = step.words
            for name in names:
                _copy(CHECKOUT / name, here / target / name if target == "./" else here / target)
        elif step.name == "RUN":
            command = step.text.replace("/opt/", f"{tmp_path}/opt/")
            done = subprocess.run(
                ["/bin/sh", "-ec", command], cwd=here, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    shutil.rmtree(here)
    program = [str(tmp_path / "opt/playlake/bin/playlake"), "--version"]
    said = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout == f"playlake, version {PROJECT['project']['version']}\n"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _python(folder: Path) -> Path:
    """A folder with a `python` that has pip and nothing else, as that of the image; not an environment's own."""
    made = folder / "image"
    subprocess.run([sys.executable, "-m", "venv", made], check=True)
    return made / "bin"


def _tool(name: str) -> str:
    found = shutil.which(name, path=os.fspath(Path(sys.executable).parent))
    if found is None:
        pytest.skip(f"{shlex.quote(name)} is not beside this Python: make packaging has it")
    return found
