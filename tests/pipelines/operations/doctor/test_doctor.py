"""The doctor names what is wrong, and what to do."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.doctor import Finding, examine
from sources.errors import ForbiddenError
from sources.spotify.api.client import Client
from sources.spotify.auth.profiles import Profile, Profiles, profile_folder
from sources.spotify.resources.base import Checkpoint, Context, Row
from sources.spotify.resources.registry import RESOURCES
from sources.spotify_sandbox import Fault, Sandbox, Weather, generate
from tests.pipelines.driving import ended, playlake, started

pytestmark = pytest.mark.sampled(2)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox that the environment leads to, as its own command prints it."""
    with Sandbox(generate(seed=5, playlists=4, items=30), "development") as api:
        for name, value in api.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        yield api


def found(lake: Lake | None = None, **more: object) -> dict[str, Finding]:
    """What is not well, by subject; the first of each."""
    now: Callable[[], datetime] = more.get("now") or (lambda: datetime.now(UTC))  # type: ignore[assignment]
    bad = [one for one in examine(lake or Lake(), None, now) if one.level != "well"]
    return {one.subject: one for one in reversed(bad)}


def test_all_is_well(api: Sandbox) -> None:
    """After a good sync nothing is wrong, the rules that hold are reported, and nothing was changed."""
    assert playlake("sync", "--quiet").code == 0
    before = Path("playlake.duckdb").read_bytes()
    end = playlake("doctor")
    assert end.code == 0, end.out
    assert "Development mode, the rules of 2026" in end.out
    assert "✗" not in end.out
    assert Path("playlake.duckdb").read_bytes() == before
    api.regime = "extended"
    assert {one["level"] for one in json.loads(playlake("doctor", "--format", "json").out)} <= {"well", "note"}


@pytest.mark.parametrize(
    ("name", "value", "subject", "code", "words"),
    [
        ("MARKT", "DE", "settings", 2, "SOURCES__SPOTIFY__MARKT sets markt, which nothing reads: did you mean market?"),
        ("CREDENTIALS__SECRET", "x", "settings", 2, "did you mean client_secret?"),
        ("MARKET", "Germany", "settings", 2, "two letters"),
        ("API_URL", "http://example.org/v1", "settings", 2, "must be an https address"),
        ("API_URL", "http://127.0.0.1:1/v1", "network", 1, "could not be reached"),
        ("CREDENTIALS__CLIENT_ID", "CLIENT_ID", "credentials", 2, "still holds a placeholder"),
        ("CREDENTIALS__CLIENT_SECRET", "“abc”", "credentials", 2, "quotation marks"),
        ("CREDENTIALS__CLIENT_SECRET", "wrong", "consent", 2, "check client_id and client_secret"),
        ("CREDENTIALS__REFRESH_TOKEN", "wrong", "consent", 3, "sign in again"),
        ("CREDENTIALS__REFRESH_TOKEN", "", "account", 3, "Run playlake login"),
        ("CREDENTIALS__CLIENT_ID", "", "account", 3, "playlake login"),
        ("PROFILE", "nobody", "account", 3, "no profile 'nobody'"),
    ],
)
def test_a_wrong_setting(
    api: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str, value: str, subject: str, code: int, words: str
) -> None:
    """Each common mistake is reported with its fix, and with the exit code that a sync would end with."""
    del api
    monkeypatch.setenv(f"SOURCES__SPOTIFY__{name}", value)
    if name == "CREDENTIALS__CLIENT_ID" and not value:
        monkeypatch.setenv("SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN", "")
    finding = found()[subject]
    assert (finding.level, finding.exit_code) == ("problem", code)
    assert words in finding.message
    end = playlake("doctor")
    assert (end.code, words in end.out) == (code, True)


def test_files(api: Sandbox, tmp_path: Path) -> None:
    """A slip in a file is told with the file's name; secrets that others can read, and those in the wrong file, too."""
    folder = tmp_path / ".dlt"
    folder.mkdir()
    (folder / "secrets.toml").write_text('[sources.spotify]\nmax_retry_wai = "4 s"\n')
    (folder / "secrets.toml").chmod(0o644)
    out = ended(started("doctor", folder=tmp_path, environment=api.environment)).out
    assert "secrets.toml sets max_retry_wai, which nothing reads: did you mean max_retry_wait?" in out
    assert "secrets.toml can be read by others on this machine: chmod 600" in out
    (folder / "config.toml").write_text('[sources.spotify.credentials]\nclient_secret = "HIDDEN"\n')
    end = ended(started("doctor", folder=tmp_path))
    assert (
        end.code,
        "config.toml, line 1, holds secrets: move it to secrets.toml" in end.out,
        "HIDDEN" in end.out,
    ) == (2, True, False), end.out


def test_a_profile_that_ends_or_was_refused(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of a sign-in is reported: whose it is, that it ends soon, that it was refused before."""
    monkeypatch.setenv("SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN", "")
    now = datetime.now(UTC)
    kept = Profile(api.client_id, api.accounts_url, now - timedelta(days=175), refused_at=now - timedelta(days=1))
    Profiles(profile_folder()).save("default", kept, api.refresh_token)
    bad = found()
    assert "has refused this sign-in since" in bad["account"].message
    assert "The sign-in expires on" in bad["consent"].message


def test_a_clock_that_is_wrong(api: Sandbox) -> None:
    """A clock an hour ahead is reported before it writes wrong times."""
    del api
    clock = found(now=lambda: datetime.now(UTC) + timedelta(hours=1))["clock"]
    assert "s ahead of Spotify's" in clock.message


def test_the_destination(api: Sandbox, tmp_path: Path) -> None:
    """A file that is none of ours, one that is open elsewhere, and an asked-for wait are reported."""
    del api
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database")
    assert "not a DuckDB database" in found(Lake("duckdb", str(broken)))["destination"].message
    assert broken.read_bytes() == b"no database"
    assert playlake("sync", "--quiet").code == 0
    with duckdb.connect("playlake.duckdb") as connection:
        connection.execute("UPDATE spotify.runs SET resume_at = now() + INTERVAL 1 DAY")
    waits = [one for one in examine(Lake()) if one.exit_code == 75]
    assert "until then a sync sends no request" in waits[0].message


def test_what_the_api_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whom nobody added to the app, or an owner without Premium, is reported in those words."""
    for text, words in (("unregistered", "Add the user to the app"), ("premium", "Premium")):
        with Sandbox(
            generate(seed=5, playlists=4, items=30), weather=Weather([Fault("forbidden", text=text)])
        ) as refusing:
            for name, value in refusing.environment.items():
                monkeypatch.setenv(name, value)
            assert words in found()["access"].message


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (["--destination", "postgres"], {"DESTINATION__POSTGRES__CREDENTIALS": "postgresql://me:hush@127.0.0.1:1/x"}),
        (
            ["--destination", "parquet", "--path", "s3://bucket/lake"],
            {
                "DESTINATION__FILESYSTEM__CREDENTIALS__ENDPOINT_URL": "http://127.0.0.1:1",
                "DESTINATION__FILESYSTEM__CREDENTIALS__AWS_ACCESS_KEY_ID": "me",
                "DESTINATION__FILESYSTEM__CREDENTIALS__AWS_SECRET_ACCESS_KEY": "hush",
                "AWS_MAX_ATTEMPTS": "1",
            },
        ),
    ],
)
def test_a_destination_that_does_not_answer_is_a_problem(arguments: list[str], settings: dict[str, str]) -> None:
    """It is asked for real and once, and its password is no part of the answer."""
    ended = playlake("doctor", "--format", "json", *arguments, environment=settings)
    *_, last = json.loads(ended.out)
    assert (last["subject"], last["level"], last["exit_code"]) == ("destination", "problem", 2)
    assert "hush" not in ended.out + ended.err
    assert playlake("query", *arguments, "SELECT 1", environment=settings).code == 2


def test_every_resource_is_reported(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the consent covers are available; of others the scope and the command are reported."""
    told = {one.subject: one for one in examine(Lake())}
    assert told.keys() >= set(RESOURCES)
    assert all(told[name].level == "well" for name in RESOURCES)
    token = api.authorise("playlist-read-private playlist-read-collaborative user-top-read user-read-private")
    monkeypatch.setenv("SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN", token)
    before = len(api.requests)
    bad = found()
    assert set(bad) & set(RESOURCES) >= {"saved_items", "followed_artists", "player"}
    assert "user-follow-read (the artists whom you follow): playlake login." in bad["followed_artists"].message
    assert bad["player"].message.endswith(": playlake login --resources account,player.")
    assert not any("/me/player" in one.path or "/me/following" in one.path for one in api.requests[before:])
    assert playlake("doctor").code == 0


class Closed:
    """A resource that only asking tells to be closed."""

    name, scopes, tables = "closed", frozenset[str](), ()

    def probe(self, client: Client) -> None:
        """Refused."""
        del client
        msg = "not for this app"
        raise ForbiddenError(msg, 403)

    def read(self, _: Context) -> Iterator[Row | Checkpoint]:
        """Nothing."""
        return iter(())


def test_what_asking_tells(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resource that may be refused whatever the consent is asked for once."""
    del api
    monkeypatch.setitem(RESOURCES, "closed", Closed())
    assert found()["closed"].message == "Not available: not for this app"
