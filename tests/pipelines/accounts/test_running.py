"""Accounts of a file, one after the other, as the command does them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipelines.destinations.lake import Lake
from sources.spotify_sandbox import Fault, Sandbox, Weather, World, generate
from tests.pipelines.driving import Ended, playlake
from tests.pipelines.tables import select

NAMES = ("revoked", "first", "forgetful", "waiting", "last")


class Scene(NamedTuple):
    """What the whole file came to.

    Attributes:
        ended: how the command ended.
        report: what it wrote.
        worlds: what each account has.
        file: the accounts file.
        secrets: all of them.
    """

    ended: Ended
    report: dict[str, Any]
    worlds: dict[str, World]
    file: Path
    secrets: set[str]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Five accounts: one whose token is revoked, one whose variable is not set, one that has to wait, and two more."""
    worlds = {name: generate(seed=seed, playlists=2, items=10) for seed, name in enumerate(NAMES)}
    later = Weather([Fault("too_many_requests", path="/v1/me/playlists", retry_after=9_000, times=1)])
    apis = {name: Sandbox(world, weather=later if name == "waiting" else None) for name, world in worlds.items()}
    file = tmp_path_factory.mktemp("accounts") / "accounts.toml"
    report_file = file.with_name("sync.json")
    with apis["revoked"], apis["first"], apis["forgetful"], apis["waiting"], apis["last"]:
        apis["revoked"].revoke()
        file.write_text("".join(_entry(file, name, api) for name, api in apis.items()), encoding="utf-8")
        file.chmod(0o600)
        ended = playlake("sync", "--accounts", str(file), "--report", str(report_file))
        report = json.loads(report_file.read_text(encoding="utf-8"))
        secrets = {secret for api in apis.values() for secret in (api.client_secret, api.refresh_token)}
        yield Scene(ended, report, worlds, file, secrets)


def _entry(file: Path, name: str, api: Sandbox) -> str:
    """An account of the file. An app of its own: a wait holds back all accounts of one app."""
    forgets = name == "forgetful"
    entry: dict[str, Any] = {
        "name": name,
        "path": str(file.with_name("all.duckdb" if name != "waiting" else "other.duckdb")),
        "client_id": api.client_id,
        "client_secret": api.client_secret,
        "refresh_token": api.refresh_token,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in entry.items() if not (forgets and key == "refresh_token")]
    lines += ['refresh_token = { env = "NOT_SET_ANYWHERE" }'] if forgets else []
    lines += [f'api_url = "{api.api_url}"', f'accounts_url = "{api.accounts_url}"'] if not forgets else []
    return "\n".join(["[[account]]", *lines, "", ""])


def test_one_that_fails_does_not_stop_the_others(scene: Scene) -> None:
    """Those whose sign-in and secrets are right are synced, each into its lake; the exit code says what needs hands."""
    codes = {account["name"]: account["exit_code"] for account in scene.report["accounts"]}
    assert codes == {"revoked": 3, "first": 0, "forgetful": 2, "waiting": 75, "last": 0}
    assert (scene.ended.code, scene.report["exit_code"]) == (2, 2)
    stored = set(select(Lake("duckdb", str(scene.file.with_name("all.duckdb"))), "SELECT playlist_id FROM playlists"))
    wanted = [playlist.id for name in ("first", "last") for playlist in scene.worlds[name].listed()]
    assert stored == {(playlist,) for playlist in wanted}
    (waiting,) = (account for account in scene.report["accounts"] if account["name"] == "waiting")
    assert scene.report["resume_at"] == waiting["resume_at"] is not None


def test_each_account_is_reported_on_its_lines(scene: Scene) -> None:
    """A line for each and one for all, without any secret."""
    lines, done = scene.ended.err.splitlines(), scene.ended.out.splitlines()
    told = [line.removeprefix("playlake: ").partition(":")[0] for line in (*done, *lines[:-1])]
    assert set(told) == set(NAMES)
    assert [line.partition(":")[0] for line in done] == ["first", "last"]
    assert lines[-1] == "2 of 5 accounts synced; failed or incomplete: revoked (3), forgetful (2), waiting (75)."
    assert "refresh_token: the environment variable NOT_SET_ANYWHERE is not set" in scene.ended.err
    everything = scene.ended.out + scene.ended.err + json.dumps(scene.report)
    assert {secret for secret in scene.secrets if secret in everything} == set()


def test_programs_read_an_event_an_account(scene: Scene) -> None:
    """Each event names its account, and the last one is of all that were chosen."""
    done = playlake("sync", "--accounts", str(scene.file), "--only", "last", "--log-format", "json")
    events = [json.loads(line) for line in done.err.splitlines()]
    assert done.code == 0
    assert {event.get("account") for event in events[:-1]} == {"last"}
    assert (events[-1]["event"], events[-1]["exit_code"], events[-1]["done"]) == ("accounts_finished", 0, 1)


def test_a_dry_run_asks_nothing(scene: Scene) -> None:
    """It lists what would be synced, and ends as the sync would for what is missing."""
    done = playlake("sync", "--accounts", str(scene.file), "--dry-run", "--log-format", "json")
    listed = [json.loads(line) for line in done.err.splitlines()]
    assert [event["name"] for event in listed] == list(NAMES)
    assert [event["name"] for event in listed if event["missing"]] == ["forgetful"]
    assert done.code == 2
    assert "1 of" not in done.err


REFUSED = {
    ("--path", "other"): "leave out --path",
    ("3cEYpjA9oz9GiPac4AsH4n",): "leave out playlists",
    ("--only", "lost"): "--only lost: there is no such account: did you mean last?",
    ("--schedule", "hourly"): "--schedule hourly: no account is in that class",
}


@pytest.mark.parametrize("options", REFUSED)
def test_what_cannot_be_meant_is_refused(options: tuple[str, ...], scene: Scene) -> None:
    """Options that the file decides, and names that it does not have, end with 2."""
    done = playlake("sync", "--accounts", str(scene.file), *options)
    assert (done.code, REFUSED[options] in done.err) == (2, True)


def test_options_for_files_need_one() -> None:
    """Without an accounts file there is nothing to choose of."""
    assert playlake("sync", "--only", "anna").code == 2
