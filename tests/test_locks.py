import json
import re
import tomllib
from importlib.metadata import distributions, metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
LINE = re.compile(
    r"(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;\\]+)(?: ; [^\\]+)?(?P<hashes>( \\\n    --hash=sha256:\w{64})+)"
)
GROUPS = {"requirements.lock": ["build"], "requirements-dev.lock": ["build", "dev", "test"]}


def locked(file: str) -> dict[str, str]:
    """Version of each package in a lock file whose every line has hashes."""
    text = (CHECKOUT / file).read_text(encoding="utf-8")
    assert LINE.sub("", text).strip() == ""
    return {match["name"]: match["version"] for match in LINE.finditer(text)}


@pytest.mark.parametrize("file", GROUPS)
def test_locks_hold_what_the_project_asks_for(file: str) -> None:
    """Every direct dependency is locked, by hash, in a version that pyproject.toml allows; `make lock` sees to it."""
    groups = [line for group in GROUPS[file] for line in PROJECT["dependency-groups"][group] if isinstance(line, str)]
    asked = [Requirement(line) for line in [*PROJECT["project"]["dependencies"], *groups]]
    versions = locked(file)
    assert {r.name for r in asked if not r.specifier.contains(versions.get(r.name, "0"))} == set()


def test_the_extra_for_notebooks_is_what_is_locked() -> None:
    """Who installs the extra gets what `make lab` installs."""
    assert PROJECT["project"]["optional-dependencies"]["notebooks"] == PROJECT["dependency-groups"]["notebooks"]


def test_both_locks_agree() -> None:
    """What is tested is what users run: the same version of everything that both install."""
    runtime, development = locked("requirements.lock"), locked("requirements-dev.lock")
    assert runtime.items() <= development.items()


def licences(name: str) -> set[str]:
    """The words of an installed package's licence, by its own account."""
    about = metadata(name)
    said = [*(about.get_all("License-Expression") or []), *(about.get_all("License") or [])]
    said += [line for line in about.get_all("Classifier") or [] if "License" in line]
    return set(re.findall(r"MIT|BSD|Apache|MPL|Mozilla|PSF|ISC|GPL", " ".join(said)))


def test_licences_allow_reuse() -> None:
    """Every package that a user installs may be used, changed and passed on; those for Windows are not seen here."""
    installed = {dist.name.lower().replace("_", "-") for dist in distributions()}
    names = [name for name in locked("requirements.lock") if name in installed]
    assert len(names) > 40
    assert {name: found for name in names if not (found := licences(name)) or "GPL" in found} == {}


@pytest.mark.parametrize("group", ["airflow", "cluster"])
def test_locks_that_stand_alone(group: str) -> None:
    """Such a lock holds what is asked for, by hash; it need not agree with others: it is beside nothing."""
    versions = locked(f"requirements-{group}.lock")
    asked = [Requirement(line) for line in PROJECT["dependency-groups"][group]]
    assert {r.name for r in asked if not r.specifier.contains(versions.get(r.name, "0"))} == set()


@pytest.mark.parametrize("group", ["browser", "docs", "notebooks", "packaging", "witnesses"])
def test_locks_that_go_on_top(group: str) -> None:
    """`make` installs what such a group asks for, in no other version than the environment that it sees."""
    versions, development = locked(f"requirements-{group}.lock"), locked("requirements-dev.lock")
    asked = [Requirement(line) for line in PROJECT["dependency-groups"][group]]
    assert {r.name for r in asked if not r.specifier.contains(versions.get(r.name, "0"))} == set()
    assert {name: versions[name] for name in versions.keys() & development.keys()}.items() <= development.items()


@pytest.mark.parametrize("folder", ["docs", "tests/browser", "tests/clients", "tests/packaging"])
def test_the_lock_of_node(folder: str) -> None:
    """Every package of npm is locked by hash, as `npm ci` wants it, and names no host it would come from."""
    lock = json.loads((CHECKOUT / folder / "package-lock.json").read_text(encoding="utf-8"))
    asked = json.loads((CHECKOUT / folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(
        package["integrity"].startswith("sha512-") and "resolved" not in package for package in packages.values()
    )
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
