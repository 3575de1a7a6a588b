"""Settings of the folder where playlake happens to run lead no secret elsewhere."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext

from sources.errors import ConfigurationError
from sources.spotify import spotify_playlists
from sources.spotify.auth.profiles import Profile, Profiles, profile_folder
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import Ended, ended, playlake, settings, started
from tests.pipelines.test_trap import Trap, trap

pytestmark = pytest.mark.sampled(4)

__all__ = ["trap"]

ADDRESSES = ("api_url", "accounts_url")
COMMANDS = (("sync",), ("doctor",), ("login", "--no-browser"))


@pytest.fixture(autouse=True)
def read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home for each test, and nothing that dlt has read stays."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    yield
    monkeypatch.undo()
    Container()[PluggableRunContext].reload()


@pytest.fixture
def api() -> Iterator[Sandbox]:
    """What the user is signed in to."""
    with Sandbox(generate(seed=5, playlists=2, items=20)) as made:
        yield made


def plant(folder: Path, text: str, name: str = "config.toml") -> Path:
    """Puts settings into a folder."""
    file = folder / ".dlt" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def led(trap: Trap, *names: str) -> str:
    """Settings that lead to the trap."""
    paths = {"api_url": "/v1", "accounts_url": ""}
    return "[sources.spotify]\n" + "".join(f'{name} = "{trap.url}{paths[name]}"\n' for name in names)


def sign_in(api: Sandbox, name: str = "default", api_url: str | None = None) -> None:
    """A profile, as `playlake login` would have made it."""
    profile = Profile(api.client_id, api.accounts_url, datetime.now(UTC), api_url=api_url or api.api_url)
    Profiles(profile_folder()).save(name, profile, api.refresh_token)


def ran(*command: str, **environment: str) -> Ended:
    """How a command ends that reads the settings of this folder."""
    Container()[PluggableRunContext].reload()
    return playlake(*command, environment=environment)


def refused_in_python(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], **given: Any) -> None:
    """A script's own `spotify_playlists` is refused like the command."""
    with monkeypatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        Container()[PluggableRunContext].reload()
        with pytest.raises(ConfigurationError, match="the settings of a folder do not say"):
            spotify_playlists(**given)


def credentials_of(api: Sandbox) -> dict[str, str]:
    """Credentials in the environment, without addresses."""
    return {name: value for name, value in api.environment.items() if "CREDENTIALS" in name}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("planted", [("api_url",), ("accounts_url",), ADDRESSES], ids=" ".join)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_folder_cannot_redirect_a_profile(
    tmp_path: Path, api: Sandbox, trap: Trap, command: tuple[str, ...], planted: tuple[str, ...]
) -> None:
    """With a profile nothing arrives at an address that only the current folder names, and the message says how."""
    sign_in(api)
    file = plant(tmp_path, led(trap, *planted))
    end = ran(*command)
    said = end.out + end.err
    assert (end.code, trap.came) == (2, []), said
    assert str(file.relative_to(tmp_path)) in said
    assert f"--{planted[0].replace('_', '-')}" in said


@pytest.mark.sampled(2)
@pytest.mark.parametrize("where", ["[sources]", "", "[sources.spotify.spotify]"])
@pytest.mark.parametrize("file", ["config.toml", "secrets.toml"])
def test_no_setting_of_a_folder_redirects_secrets(
    tmp_path: Path, api: Sandbox, trap: Trap, monkeypatch: pytest.MonkeyPatch, where: str, file: str
) -> None:
    """Wherever dlt looks for the setting, it is reported as the folder's."""
    sign_in(api)
    plant(tmp_path, led(trap, "api_url").replace("[sources.spotify]", where), file)
    if where != "[sources.spotify.spotify]":
        assert ran("sync").code == 2
    refused_in_python(monkeypatch, {})
    assert trap.came == []


@pytest.mark.parametrize("planted", [("api_url",), ("accounts_url",), ADDRESSES], ids=" ".join)
@pytest.mark.parametrize("command", [("sync",), ("doctor",)], ids=" ".join)
def test_a_folder_gets_no_secret_of_the_environment(
    tmp_path: Path, api: Sandbox, trap: Trap, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...],
    planted: tuple[str, ...],
) -> None:  # fmt: skip
    """Secret and refresh token of the environment go to no address that only the current folder names."""
    plant(tmp_path, led(trap, *planted))
    end = ran(*command, **credentials_of(api))
    assert (end.code, trap.came) == (2, []), end.out + end.err
    refused_in_python(monkeypatch, credentials_of(api))
    assert trap.came == []


def test_one_secret_of_the_environment_is_enough(tmp_path: Path, api: Sandbox, trap: Trap) -> None:
    """A folder that brings a refresh token of its own does not get the app's secret with it."""
    given = {name: value for name, value in credentials_of(api).items() if not name.endswith("REFRESH_TOKEN")}
    plant(tmp_path, led(trap, *ADDRESSES) + '[sources.spotify.credentials]\nrefresh_token = "theirs"\n')
    end = ran("sync", **given)
    assert (end.code, trap.came) == (2, []), end.err


def test_credentials_of_a_script_stay_with_it(
    tmp_path: Path, api: Sandbox, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials that a program gives go to no address that only the current folder names."""
    plant(tmp_path, led(trap, "api_url"))
    refused_in_python(monkeypatch, {}, credentials=settings(api)["credentials"])
    assert trap.came == []


def test_a_folder_may_say_where_its_own_secrets_go(tmp_path: Path, api: Sandbox) -> None:
    """Addresses and credentials of one file belong together."""
    addresses = "".join(f'{name} = "{getattr(api, name)}"\n' for name in ADDRESSES)
    secrets = "".join(f'{name} = "{value}"\n' for name, value in settings(api)["credentials"].items())
    plant(tmp_path, f"[sources.spotify]\n{addresses}[sources.spotify.credentials]\n{secrets}", "secrets.toml")
    end = ran("sync")
    assert (end.code, end.err) == (0, "")
    assert ran("doctor").code == 0


def test_a_folder_may_repeat_what_a_profile_says(tmp_path: Path, api: Sandbox) -> None:
    """The addresses that a profile signed in for are no news."""
    sign_in(api)
    plant(tmp_path, "[sources.spotify]\n" + "".join(f'{name} = "{getattr(api, name)}"\n' for name in ADDRESSES))
    end = ran("sync")
    assert (end.code, end.err) == (0, "")


def test_a_profile_knows_its_addresses(api: Sandbox) -> None:
    """Where nothing names addresses, a profile is used where it signed in."""
    sign_in(api, "sandbox")
    end = ran("sync", "--profile", "sandbox")
    assert (end.code, end.err) == (0, "")


@pytest.mark.parametrize("way", ["options", "environment"])
def test_user_settings_take_precedence_over_the_folder(tmp_path: Path, api: Sandbox, trap: Trap, way: str) -> None:
    """An option or an environment variable says where secrets may go, whatever the folder says."""
    plant(tmp_path, led(trap, *ADDRESSES))
    said = {name: getattr(api, name) for name in ADDRESSES}
    options = [f"--{name.replace('_', '-')}={url}" for name, url in said.items()] if way == "options" else []
    variables = {f"SOURCES__SPOTIFY__{name.upper()}": url for name, url in said.items()} if not options else {}
    for command in ("sync", "doctor"):
        end = ran(command, *options, **credentials_of(api), **variables)
        assert (end.code, trap.came) == (0, []), end.out + end.err


@pytest.mark.skipif(os.name == "nt", reason="files have no owners there")
@pytest.mark.parametrize(("mode", "code"), [(0o600, 0), (0o666, 2)])
def test_settings_in_the_home_count_as_the_users(
    tmp_path: Path, api: Sandbox, monkeypatch: pytest.MonkeyPatch, mode: int, code: int
) -> None:
    """What is in dlt's folder of the home is said by the user, unless anybody may write it."""
    addresses = "".join(f'{name} = "{getattr(api, name)}"\n' for name in ADDRESSES)
    file = plant(tmp_path / "home", f"[sources.spotify]\n{addresses}")
    file.chmod(mode)
    monkeypatch.setattr("dlt.common.runtime.run_context.global_dir", lambda: str(file.parent))
    end = ran("sync", **credentials_of(api))
    assert end.code == code, end.err


def test_a_sign_in_notes_both_addresses(tmp_path: Path, api: Sandbox) -> None:
    """What `playlake login` keeps names the Web API and the accounts service."""
    sign_in(api)
    kept = json.loads((tmp_path / "data/playlake/profiles/default.json").read_text())
    assert (kept["api_url"], kept["accounts_url"]) == (api.api_url, api.accounts_url)


AMAZON = {"aws_access_key_id": "key", "aws_secret_access_key": "HIDDEN", "region_name": "us-east-1"}
PLACES = {
    "postgres": (("--destination", "postgres"), {"host": "127.0.0.1", "port": "{port}", "database": "music"}),
    "bucket": (("--destination", "parquet", "--path", "s3://music/lake"), {"endpoint_url": "{url}"}),
}
"""Destinations: their options, and what a folder says of where they are."""
READING = (("sync",), ("status",), ("query", "SELECT 1"), ("doctor",))


def place_of(trap: Trap, settings: dict[str, str], name: str) -> str:
    """Settings that lead a destination to the trap."""
    lines = [f'{key} = "{value.format(url=trap.url, port=trap.server_port)}"' for key, value in settings.items()]
    return "\n".join([f"[destination.{name}.credentials]", *lines, ""])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("command", READING, ids=" ".join)
@pytest.mark.parametrize("place", PLACES)
def test_a_folder_cannot_redirect_secrets_of_a_destination(
    tmp_path: Path, api: Sandbox, trap: Trap, command: tuple[str, ...], place: str
) -> None:
    """Passwords and keys of the environment go to no database or bucket that only the current folder names."""
    options, led_to = PLACES[place]
    name = "postgres" if place == "postgres" else "filesystem"
    file = plant(tmp_path, place_of(trap, led_to, name), "secrets.toml")
    secrets = {"username": "playlake", "password": "HIDDEN"} if place == "postgres" else AMAZON
    given = {f"DESTINATION__{name}__CREDENTIALS__{key}".upper(): value for key, value in secrets.items()}
    end = ran(*command, *options, **api.environment, **given)
    said = end.out + end.err
    assert (end.code, trap.came) == (2, []), said
    assert f"{file.relative_to(tmp_path)} sets destination.{name}.credentials." in said
    for key in led_to:
        assert f"DESTINATION__{name}__CREDENTIALS__{key}".upper() in said
    assert "HIDDEN" not in said


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("postgres", 'database = "music?host=127.0.0.1"'),
        ("postgres", 'query = {hostaddr = "127.0.0.1"}'),
        ("filesystem", "region_name = 'x'\n[destination.filesystem.client_kwargs]\nendpoint_url = '{url}'"),
        ("filesystem", "[destination.filesystem.config_kwargs]\nproxies = {https = '{url}'}"),
    ],
)
def test_no_indirect_setting_redirects_secrets(
    tmp_path: Path, api: Sandbox, trap: Trap, name: str, setting: str
) -> None:
    """Neither do parts of an address, nor further settings of libraries."""
    plant(tmp_path, f"[destination.{name}.credentials]\n{setting.replace('{url}', trap.url)}\n", "secrets.toml")
    given = {"HOST": "127.0.0.1", "PORT": "1", "USERNAME": "me", "PASSWORD": "HIDDEN", "DATABASE": "music"}
    given |= {key.upper(): value for key, value in AMAZON.items()}
    if "database" in setting:
        del given["DATABASE"]
    variables = {f"DESTINATION__{name.upper()}__CREDENTIALS__{key}": value for key, value in given.items()}
    options = PLACES["postgres" if name == "postgres" else "bucket"][0]
    end = ran("sync", *options, **api.environment, **variables)
    assert (end.code, trap.came) == (2, []), end.err
    assert "do not say where other secrets than its own go" in end.err


def test_keys_that_libraries_find_are_no_folders(tmp_path: Path, api: Sandbox, trap: Trap) -> None:
    """Keys that a bucket's library takes from the environment by itself do not go to a folder's endpoint."""
    options, led_to = PLACES["bucket"]
    plant(tmp_path, place_of(trap, led_to, "filesystem"), "secrets.toml")
    given = {name.upper(): value for name, value in AMAZON.items() if name != "region_name"}
    end = ran("sync", *options, **api.environment, **given)
    assert (end.code, trap.came) == (2, []), end.err


def test_a_folder_may_say_where_its_own_password_goes(tmp_path: Path, api: Sandbox) -> None:
    """A destination that a folder names with all its credentials is asked."""
    lines = 'host = "127.0.0.1"\nport = 1\ndatabase = "music"\nusername = "me"\npassword = "theirs"\n'
    plant(tmp_path, f"[destination.postgres.credentials]\n{lines}", "secrets.toml")
    end = ran("sync", "--destination", "postgres", **api.environment)
    assert (end.code, "cannot be reached" in end.err) == (2, True), end.err


def test_user_names_in_a_folder_are_allowed(tmp_path: Path, api: Sandbox) -> None:
    """What is no address may stand in the folder beside a password of the environment."""
    plant(tmp_path, '[destination.postgres.credentials]\nusername = "me"\nconnect_timeout = 3\n', "secrets.toml")
    given = {"HOST": "127.0.0.1", "PORT": "1", "PASSWORD": "HIDDEN", "DATABASE": "music"}
    variables = {f"DESTINATION__POSTGRES__CREDENTIALS__{key}": value for key, value in given.items()}
    end = ran("sync", "--destination", "postgres", **api.environment, **variables)
    assert (end.code, "cannot be reached" in end.err) == (2, True), end.err


def test_dlt_sends_no_reports(tmp_path: Path, api: Sandbox, trap: Trap) -> None:
    """Where dlt is told to tell others of what a run does, with packages that may be missing, a sync does not."""
    plant(
        tmp_path,
        f'[runtime]\nsentry_dsn = "{trap.url}/1"\nslack_incoming_hook = "{trap.url}/hook"\n'
        f'dlthub_telemetry = true\ndlthub_telemetry_endpoint = "{trap.url}"\n',
        "secrets.toml",
    )
    end = ended(started("sync", folder=tmp_path, environment=api.environment))
    assert (end.code, end.err, trap.came) == (0, "", [])


@pytest.mark.parametrize("text", ["runtime = 5\n", '[runtime]\nlog_level = "NOPE"\n', "[runtime]\nlog_level = 5\n"])
def test_settings_that_break_dlt_are_reported(tmp_path: Path, text: str) -> None:
    """Settings that dlt reads before all others are named with their file and line, whatever it says of them."""
    plant(tmp_path, text)
    end = ended(started("sync", folder=tmp_path))
    assert (end.code, end.err.count("\n")) == (2, 1), end.err
    assert "The settings file .dlt/config.toml is wrong: runtime" in end.err
