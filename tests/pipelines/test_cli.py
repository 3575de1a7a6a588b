"""The command: every error is one clear line and an exit code, and what was stored stays."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event

import msgspec
import pytest
from starlette.requests import Request

from pipelines.cli.output import say
from pipelines.cli.sync_output import lines_of
from pipelines.destinations.lake import Lake
from pipelines.sync.service import Report, sync
from sources.spotify.engine.recorder import new_record
from sources.spotify.models.run_records import PlaylistRead
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import Ended, clean_environment, console_script, ended, playlake, settings, started
from tests.pipelines.tables import select

UNKNOWN = "0" * 22


@dataclass(frozen=True, slots=True)
class Synced:
    """A sandbox, and two lakes that hold what it has."""

    api: Sandbox
    database: Lake
    folder: Lake

    def items(self, lake: Lake) -> list[tuple[object, ...]]:
        """All that users see of a lake's playlists."""
        return select(lake, "SELECT playlist_id, position, item_key, item_uri FROM playlist_items ORDER BY ALL")

    def secrets(self) -> list[str]:
        """What no message may hold."""
        return [self.api.client_secret, self.api.refresh_token]


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synced]:
    """A small world, synced once."""
    place = tmp_path_factory.mktemp("lakes")
    database, folder = Lake("duckdb", str(place / "a.duckdb")), Lake("parquet", str(place / "lake"))
    with Sandbox(generate(seed=5, playlists=6, items=200), regime="development") as api:
        for lake in (database, folder):
            sync(lake=lake, **settings(api))
        yield Synced(api, database, folder)


def one_line(end: Ended, code: int, *words: str) -> None:
    """An error as it should be: the code, one line that says these words, nothing else."""
    assert (end.code, end.out) == (code, "")
    assert end.err.count("\n") == 1, end.err
    assert "Traceback" not in end.err
    for word in words:
        assert word in end.err


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        pytest.param(["abc"], {}, 2, ["'abc'", "22 letters and digits"], id="malformed id"),
        pytest.param(["https://example.org/playlist/" + UNKNOWN], {}, 2, ["https://example.org"], id="other link"),
        pytest.param([f"spotify:album:{UNKNOWN}"], {}, 2, ["spotify:album:"], id="not a playlist"),
        pytest.param([], {"CREDENTIALS__CLIENT_ID": ""}, 3, ["CLIENT_ID", "dashboard"], id="no credentials"),
        pytest.param([], {"CREDENTIALS__CLIENT_SECRET": "wrong"}, 2, ["client_secret"], id="wrong secret"),
        pytest.param([], {"CREDENTIALS__REFRESH_TOKEN": "wrong"}, 3, ["sign in again"], id="refresh token ended"),
        pytest.param([], {"API_URL": "http://example.org/v1"}, 2, ["api_url", "https"], id="no https"),
        pytest.param([], {"AUDIT_AFTER": "soon"}, 2, ["audit_after", "'soon'"], id="no length of time"),
        pytest.param(["--destination", "nowhere"], {}, 2, ["'nowhere'"], id="unknown destination"),
        pytest.param(["--path", "file/a.duckdb"], {}, 2, ["file/a.duckdb", "--path"], id="no folder for the file"),
        pytest.param(["--path", "file"], {}, 2, ["not a DuckDB database"], id="no database file"),
        pytest.param(["--destination", "parquet", "--path", "file"], {}, 2, ["--path"], id="no folder"),
    ],
)
def test_a_sync_that_cannot_begin(
    arguments: list[str],
    environment: dict[str, str],
    code: int,
    words: list[str],
    synced: Synced,
    own_folder: Path,
) -> None:
    """Wrong ids, settings, credentials and paths end in one line that names them, and nothing stored is touched."""
    (own_folder / "file").write_text("my letters")
    lakes = [synced.database, synced.folder] if "--path" not in arguments else [synced.database]
    for lake in lakes:
        before = synced.items(lake)
        where = [] if "--path" in arguments or "--destination" in arguments else _options(lake)
        changed = {f"SOURCES__SPOTIFY__{name}": value for name, value in environment.items()}

        end = playlake("sync", *arguments, *where, environment=synced.api.environment | changed)

        one_line(end, code, *words)
        assert not any(secret in end.err for secret in synced.secrets())
        assert synced.items(lake) == before
    assert (own_folder / "file").read_text() == "my letters"


def _options(lake: Lake) -> list[str]:
    return ["--destination", lake.destination, "--path", lake.location]


def test_an_unknown_playlist_among_others(synced: Synced, own_folder: Path) -> None:
    """The others are read, the unknown one is named on stderr, in the report and in the tables, and the code is 4."""
    known = next(playlist for playlist in synced.api.world.listed() if playlist.is_readable and len(playlist))
    before = synced.items(synced.database)
    report = own_folder / "reports" / "sync.json"

    end = playlake(
        "sync",
        f"spotify:playlist:{UNKNOWN}",
        f"https://open.spotify.com/playlist/{known.id}?si=1",
        "--full",
        "--report",
        str(report),
        *_options(synced.database),
        environment=synced.api.environment,
    )

    assert end.code == 4
    assert UNKNOWN in end.err
    assert "Traceback" not in end.err
    told = msgspec.json.decode(report.read_bytes())
    assert {name: told["run"][name] for name in ("exit_code", "outcome", "playlists", "read", "failed")} == {
        "exit_code": 4,
        "outcome": "partial",
        "playlists": 2,
        "read": 1,
        "failed": 1,
    }
    assert {read["playlist_id"]: read["outcome"] for read in told["playlist_reads"]} == {
        UNKNOWN: "gone",
        known.id: "read",
    }
    assert (told["destination"], told["path"], told["dataset"]) == ("duckdb", synced.database.location, "spotify")
    assert synced.items(synced.database) == before
    sql = f"SELECT outcome FROM playlist_reads WHERE playlist_id = '{UNKNOWN}'"
    assert select(synced.database, sql) == [("gone",)]


def test_a_named_playlist_that_the_app_may_not_read(own_folder: Path) -> None:
    """Asked for by name, a playlist whose contents are withheld is named on stderr; the code is 4."""
    world = generate(seed=3, playlists=4, items=40)
    others = world.create_playlist("Somebody's", owner="somebody")
    with Sandbox(world, regime="development") as api:
        end = playlake("sync", others.id, "--report", "report.json", environment=api.environment)

    assert end.code == 4
    told = msgspec.json.decode((own_folder / "report.json").read_bytes())
    assert [(read["playlist_id"], read["outcome"]) for read in told["playlist_reads"]] == [(others.id, "metadata_only")]
    assert others.id in end.err


def test_no_server(synced: Synced, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that cannot be reached is reported in one line, with exit code 1."""
    monkeypatch.setattr("sources.spotify.http.retry_policy.FIRST_WAIT", 0.0)
    before = synced.items(synced.database)
    # Nobody listens on the discard port of a machine that offers no such service.
    nowhere = {
        "SOURCES__SPOTIFY__ACCOUNTS_URL": "http://127.0.0.1:9",
        "SOURCES__SPOTIFY__API_URL": "http://127.0.0.1:9",
    }

    end = playlake("sync", *_options(synced.database), environment=synced.api.environment | nowhere)

    one_line(end, 1, "http://127.0.0.1:9", "could not be reached")
    assert synced.items(synced.database) == before


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("arguments", "settings", "code"),
    [
        pytest.param([], {"CREDENTIALS__REFRESH_TOKEN": "wrong"}, 3, id="refresh token ended"),
        pytest.param([], {"API_URL": "http://example.org/v1"}, 2, id="no https"),
        pytest.param(["abc"], {}, 2, id="malformed id"),
        pytest.param(["--path", "."], {}, 2, id="no database"),
        pytest.param(["--destination", "nowhere"], {}, 2, id="no destination"),
        pytest.param([], {"PARALLEL_READS": "many"}, 2, id="no number"),
    ],
)
def test_a_failed_sync_has_a_report(
    arguments: list[str], settings: dict[str, str], code: int, synced: Synced, own_folder: Path
) -> None:
    """What ended it stands in the report, in place of the good news of the sync before."""
    wrong = {f"SOURCES__SPOTIFY__{name}": value for name, value in settings.items()}
    assert playlake("sync", "--report", "sync.json", environment=synced.api.environment).code == 0
    end = playlake("sync", *arguments, "--report", "sync.json", environment=synced.api.environment | wrong)
    run = msgspec.json.decode((own_folder / "sync.json").read_bytes())["run"]
    assert (end.code, run["exit_code"], run["outcome"]) == (
        code,
        code,
        "sign_in_needed" if code == 3 else "misconfigured",
    )
    assert f"playlake: {run['message']}\n" == end.err
    assert run["finished_at"] >= run["started_at"]


def test_an_unexpected_error_is_reported(synced: Synced, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what nobody thought of leaves no earlier report standing."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pipelines.sync.service.start_run", broken)
    (own_folder / "sync.json").write_text("an earlier one")
    assert playlake("sync", "--report", "sync.json", environment=synced.api.environment).code == 1
    run = msgspec.json.decode((own_folder / "sync.json").read_bytes())["run"]
    assert (run["exit_code"], run["outcome"], "ZeroDivisionError" in run["message"]) == (1, "failed", True)


def test_names_are_shown_without_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    """What others call their playlists neither looks like a message of ours nor commands the terminal."""
    read = PlaylistRead("run", UNKNOWN, "failed", datetime.now(UTC), datetime.now(UTC))
    read.message = "could not be read"
    run = new_record(datetime.now(UTC))
    for line in lines_of(Report(run, [read], Lake(), {UNKNOWN: "a\nplaylake: all is well\x1b[2J"}), changes=False):
        say(line, err=True)
    assert capsys.readouterr().err == "a playlake: all is well\N{REPLACEMENT CHARACTER}[2J: could not be read\n"


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_output_to_a_closed_pipe(closed: str, synced: Synced, own_folder: Path) -> None:
    """A sync that did not do its work says so by its exit code, also when its output goes to a pipe that is closed."""
    reading, writing = os.pipe()
    os.close(reading)
    script = console_script()
    environment = clean_environment(own_folder) | synced.api.environment
    out, err = (writing, None) if closed == "stdout" else (None, writing)
    with Popen([script, "sync", UNKNOWN], env=environment, cwd=own_folder, stdout=out, stderr=err) as process:
        os.close(writing)
        assert process.wait(120) == 4


def test_a_report_that_cannot_be_written(synced: Synced, own_folder: Path) -> None:
    """The sync is done all the same; the line says where the report could not go."""
    (own_folder / "file").write_text("")

    end = playlake(
        "sync",
        "--quiet",
        "--report",
        "file/report.json",
        *_options(synced.database),
        environment=synced.api.environment,
    )

    one_line(end, 2, "file/report.json", "--report")


def test_a_database_that_another_process_holds(synced: Synced) -> None:
    """Syncing and asking both end with 75 and say why; when the file is free again, all is there."""
    path = synced.database.location
    before = synced.items(synced.database)
    hold = f"import duckdb; held = duckdb.connect({path!r}); print('held', flush=True); input()"
    with Popen([sys.executable, "-c", hold], stdin=PIPE, stdout=PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        asked = len(synced.api.requests)

        one_line(playlake("sync", "--path", path, environment=synced.api.environment), 75, path, "another process")
        one_line(playlake("query", "--path", path, "SELECT 1"), 75, path, "another process")

        assert len(synced.api.requests) == asked
        holder.communicate("\n")
    assert synced.items(synced.database) == before


@pytest.mark.long
def test_a_second_sync_at_once(tmp_path: Path) -> None:
    """While one sync runs, another of the same lake ends with 75; the first is not disturbed."""
    arrived, go_on = Event(), Event()

    def hold(request: Request) -> None:
        if request.url.path == "/v1/me/playlists":
            arrived.set()
            assert go_on.wait(60)

    world = generate(seed=5, playlists=2, items=20)
    with Sandbox(world, regime="development", intercept=hold) as api:
        first = started("sync", "--path", "a.duckdb", folder=tmp_path, environment=api.environment)
        assert arrived.wait(60)
        second = started("sync", "--path", "a.duckdb", folder=tmp_path, environment=api.environment)
        refused = ended(second)
        go_on.set()
        done = ended(first)
        again = ended(started("sync", "--path", "a.duckdb", folder=tmp_path, environment=api.environment))

    one_line(refused, 75, "a.duckdb", "Another sync")
    assert again.code == 0, again.err
    assert done.code == 0, done.err
    lake = Lake("duckdb", str(tmp_path / "a.duckdb"))
    assert select(lake, "SELECT count(*) FROM playlist_items") == [(sum(map(len, world.listed())),)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["SELEC 1", "--path", "{database}"], ["SELEC"], id="no SQL"),
        pytest.param(["", "--path", "{database}"], ["no statement"], id="nothing"),
        pytest.param(["SELECT nothing FROM playlists", "--path", "{database}"], ["nothing"], id="no such column"),
        pytest.param(["DELETE FROM runs", "--path", "{database}"], ["read-only"], id="no query"),
        pytest.param(["SELECT", "name", "FROM", "playlists"], ["Put the statement into quotes"], id="no quotes"),
        pytest.param(["SELECT 1", "--path", "none.duckdb"], ["none.duckdb", "playlake sync"], id="no database"),
        pytest.param(["SELECT 1", "--path", "none", "--destination", "parquet"], ["none"], id="no folder"),
        pytest.param(["SELECT 1", "--path", "letter"], ["not a DuckDB database"], id="no database file"),
        pytest.param(["SELECT 1", "--path", "{database}", "--dataset", "other"], ["'other'"], id="no such dataset"),
        pytest.param(
            ["SELECT 1", "--destination", "postgres"],
            ["postgres lack", "database", ".dlt/secrets.toml"],
            id="no settings",
        ),
    ],
)
def test_a_query_that_cannot_be_answered(
    arguments: list[str], words: list[str], synced: Synced, own_folder: Path
) -> None:
    """Wrong statements and places end with 2 and are named; no file appears or changes."""
    (own_folder / "letter").write_text("my letters")

    end = playlake("query", *(argument.format(database=synced.database.location) for argument in arguments))

    assert (end.code, end.out) == (2, "")
    assert end.err.startswith("playlake: ")
    assert "Traceback" not in end.err
    for word in words:
        assert word in end.err
    assert [path.name for path in own_folder.iterdir()] == ["letter"]
    assert (own_folder / "letter").read_text() == "my letters"


def test_no_traceback_from_the_installed_command(tmp_path: Path) -> None:
    """The console script itself ends an error in one line, without settings in a strange folder too."""
    one_line(ended(started("sync", folder=tmp_path)), 3, "No credentials", "playlake demo")
    assert [path.name for path in tmp_path.iterdir() if path.name != "dlt"] == []


def test_settings_from_files(tmp_path: Path) -> None:
    """`.dlt/config.toml` and `.dlt/secrets.toml` below the current folder are all that a sync needs."""
    (tmp_path / ".dlt").mkdir()
    with Sandbox(generate(seed=5, playlists=2, items=20)) as api:
        (tmp_path / ".dlt" / "config.toml").write_text(
            f'[sources.spotify]\napi_url = "{api.api_url}"\naccounts_url = "{api.accounts_url}"\nmarket = "DE"\n'
        )
        secrets = settings(api)["credentials"].items()
        (tmp_path / ".dlt" / "secrets.toml").write_text(
            "[sources.spotify.credentials]\n" + "".join(f'{name} = "{value}"\n' for name, value in secrets)
        )

        end = ended(started("sync", folder=tmp_path))

        assert (end.code, end.err) == (0, "")
        assert end.out.startswith("2 playlists: 2 read")
        assert {request.query.get("market") for request in api.requests if "/playlists/" in request.path} == {"DE"}


def test_a_dlt_folder_in_the_home_causes_no_warning(tmp_path: Path) -> None:
    """Who is not root, sets XDG_DATA_HOME and has a `~/.dlt` reads what playlake says, and no warning of dlt's."""
    (tmp_path / ".dlt").mkdir()
    code = "import os; os.geteuid = lambda: 1000; from pipelines.cli import main; main()"
    process = Popen(
        [sys.executable, "-c", code, "sync"],
        cwd=tmp_path,
        env=clean_environment(tmp_path),
        stdout=PIPE,
        stderr=PIPE,
        text=True,
        encoding="utf-8",
    )
    one_line(ended(process), 3, "CLIENT_ID")


def test_playlists_named_in_the_configuration(synced: Synced) -> None:
    """Without arguments the playlists of the configuration are synced, and no others."""
    wanted = sorted(playlist.id for playlist in synced.api.world.listed())[:2]
    named = {"SOURCES__SPOTIFY__PLAYLISTS": msgspec.json.encode(wanted).decode()}

    end = playlake("sync", "--path", "named.duckdb", environment=synced.api.environment | named)

    assert end.code in (0, 4), end.err
    rows = select(Lake("duckdb", "named.duckdb"), "SELECT playlist_id FROM playlist_reads ORDER BY ALL")
    assert rows == [(playlist_id,) for playlist_id in wanted]
