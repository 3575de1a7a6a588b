"""Names and messages cannot send control sequences to terminals, logs, tables or services, or make a command fail."""

import csv
import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipelines.cli import main
from pipelines.cli import playlake as group
from pipelines.destinations.lake import Lake
from pipelines.operations.log import PrintableFormatter
from pipelines.operations.query import query
from pipelines.operations.report.page import _environment
from pipelines.sync.service import sync
from sources.errors import ApiError
from sources.safe_text import escaped_json, printable
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.operations.test_webhooks import Service, service

pytestmark = pytest.mark.sampled(3)

__all__ = ["service"]

COMMANDS = "\x1b]0;owned\x07\x9b31m\u202eevil\u2066\u2028\x00\r"
"""Escape, bell, C1, overrides of the order, a line separator, a return."""
NAME = "Emoji 🎧 é ‮\x1b[2J\x9b1m"
HELD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
ENCODINGS = ("cp1252", "ascii", "latin-1", "utf-8")
QUERY = ("query", "SELECT name, playlist_id FROM playlists ORDER BY name")


class Refusing:
    """An API that refuses each playlist, or each token, in words of its own."""

    at = "/v1/playlists/"

    def __call__(self, request: Request) -> Response | None:
        """The refusal."""
        if self.at not in request.url.path:
            return None
        if "token" in self.at:
            return JSONResponse({"error": "invalid_grant", "error_description": COMMANDS}, 400)
        return JSONResponse({"error": {"status": 403, "message": COMMANDS}}, 403)


@pytest.fixture(scope="module")
def api() -> Iterator[Sandbox]:
    """An account whose playlists have names that command a terminal, and that shows the contents of none."""
    world = generate(seed=1, playlists=3, items=20)
    for number, playlist in enumerate(world.listed()):
        playlist.rename(f"{NAME} {number}")
    with Sandbox(world, intercept=Refusing()) as made:
        yield made


@pytest.fixture(scope="module")
def lake(api: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """What a sync of that account leaves."""
    made = Lake("duckdb", str(tmp_path_factory.mktemp("lake") / "lake.duckdb"))
    report = sync(lake=made, report_to=Path(made.location).with_suffix(".json"), **settings(api))
    assert report.exit_code == 4
    return made


def in_encoding(encoding: str, *arguments: str) -> tuple[int, bytes, str]:
    """Exit code, output and errors of a command where the streams have an encoding."""
    out, err = (TextIOWrapper(BytesIO(), encoding=encoding, errors="strict") for _ in range(2))
    with (
        patch.object(sys, "argv", ["playlake", *arguments]),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
    ):
        try:
            main()
            code = 0
        except SystemExit as ending:
            code = int(ending.code or 0)
        out.flush()
        err.flush()
    return code, out.buffer.getvalue(), err.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_name_makes_a_command_fail(lake: Lake, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the encoding of a terminal or pipe lacks, each command does its work."""
    monkeypatch.chdir(Path(lake.location).parent)
    path = ("--path", lake.location)
    reading: list[tuple[str, ...]] = [(*QUERY, "--format", style) for style in ("table", "json", "csv")]
    reading += [("status", "--format", style) for style in ("table", "json", "csv")]
    for command in [*reading, ("report",), ("status", "--check")]:
        code, out, err = in_encoding(encoding, *command, *path)
        assert code in (0, 1), err
        assert "unexpected" not in err
        if "json" in command:
            assert json.loads(out.decode(encoding))[0]["name"] == f"{NAME} 0"
        elif "csv" in command:
            rows = list(csv.reader(io.StringIO(out.decode("utf-8"), newline="")))
            assert f"{NAME} 0" in rows[1]
            assert ("The CSV is UTF-8" in err) == (encoding != "utf-8")
        else:
            assert HELD.search(out.decode(encoding)) is None
    for name in group.commands:
        assert in_encoding(encoding, name, "--help")[0] == 0


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_sync_succeeds_in_any_encoding(api: Sandbox, encoding: str, tmp_path: Path) -> None:
    """Names and refusals on its error stream are shown as far as that can, and end nothing; its log stays JSON."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in api.environment.items():
            patched.setenv(name, value)
        for more in ([], ["--log-format", "json"], ["--log-format", "logfmt"]):
            code, out, err = in_encoding(encoding, "sync", "--full", "--path", str(tmp_path / "lake.duckdb"), *more)
            assert code == 4, err
            assert HELD.search(out.decode(encoding) + err.replace("\r\n", "\n")) is None
            if "json" in more:
                assert [json.loads(line)["level"] for line in err.splitlines()].count("warning") >= 3
        code, out, err = in_encoding(encoding, "doctor", "--format", "json")
        assert (code, err) == (1, "")
        assert "evil" in str(json.loads(out.decode(encoding)))
        code, out, err = in_encoding(encoding, "doctor")
        assert (code, err, HELD.search(out.decode(encoding))) == (1, "", None)


def test_messages_have_no_control_characters_and_tables_are_exact(lake: Lake) -> None:
    """Messages in the tables and the report hold no command; names are as Spotify sent them."""
    messages = query(lake, "SELECT message FROM runs UNION ALL SELECT message FROM playlist_reads").rows
    assert any("evil" in str(message) for (message,) in messages)
    assert [message for (message,) in messages if HELD.search(str(message))] == []
    names = query(lake, "SELECT name FROM playlists ORDER BY name").rows
    assert names[0] == (f"{NAME} 0",)
    report = Path(lake.location).with_suffix(".json").read_text(encoding="utf-8")
    assert HELD.search(report) is None
    assert [read["message"] for read in json.loads(report)["playlist_reads"] if HELD.search(read["message"])] == []


def test_a_refused_token_is_shown_without_control_characters(service: Service) -> None:
    """The token endpoint's words command neither the terminal nor whoever the webhook tells."""
    refusing = Refusing()
    refusing.at = "/api/token"
    with Sandbox(generate(seed=1, playlists=1, items=5), intercept=refusing) as api:
        end = playlake("sync", "--failure-webhook", service.url, environment=api.environment)
        seen = playlake("doctor", environment=api.environment)
    assert (end.code, seen.code) == (3, 3), end.err
    assert "evil" in end.err
    assert "evil" in seen.out
    assert HELD.search(end.err + end.out + seen.out + seen.err) is None
    [(_, body)] = service.took
    assert "evil" in str(body["text"])
    assert HELD.search(f"{body['text']}{body['message']}") is None


def test_paths_and_statements_are_shown_without_control_characters(tmp_path: Path) -> None:
    """File names, arguments and messages of the database go through the same function."""
    for command in (["query", "--path", f"no{COMMANDS[:-3]}.duckdb", "SELECT 1"], ["sync", f"--{COMMANDS[:-2]}"]):
        end = playlake(*command)
        assert end.code == 2
        assert "evil" in end.err
        assert HELD.search(end.err) is None
    playlake("query", "--path", str(tmp_path / "x"), f"SELECT {COMMANDS}")


@pytest.mark.parametrize(
    "command",
    [
        ("query", "SELECT 'a\udcff'"),
        ("sync", "--path", "a\udcff.duckdb"),
        ("status", "--destination", "parquet", "--path", "a\udcff/lake"),
    ],
    ids=" ".join,
)
def test_bytes_that_are_no_text(command: tuple[str, ...]) -> None:
    """A statement or path of bytes that are no UTF-8 is refused in a line that says so."""
    end = playlake(*command)
    assert (end.code, end.err.count("\n"), "UTF-8" in end.err) == (2, 1, True), end.err


def test_every_output_replaces_control_characters() -> None:
    """Errors, logs and the page replace control characters; words and emoji stay whole."""
    assert HELD.search(str(ApiError(COMMANDS))) is None
    record = logging.LogRecord("dlt", logging.WARNING, "x.py", 1, "%s", (COMMANDS,), None)
    assert HELD.search(PrintableFormatter().format(record)) is None
    page = _environment().from_string("<p>{{ name }}</p>").render(name=f"<b>{COMMANDS}")
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page) is None
    assert "&lt;b&gt;" in page
    for text in ("👩‍👩‍👧‍👦 family", "می‌خواهم", "Ångström\u00a0é", "日本語"):
        assert printable(text) == text


@pytest.mark.sampled(1)
def test_escapes_say_the_same() -> None:
    """JSON with escapes is the same value, in ASCII too."""
    for text in (COMMANDS, NAME, "\ud83d", '😀 \\u0041 "quoted"'):
        document = json.dumps(text, ensure_ascii=False)
        assert json.loads(escaped_json(document)) == json.loads(document) == text
        assert escaped_json(document, ascii_only=True).isascii()
        assert json.loads(escaped_json(document, ascii_only=True)) == text


@pytest.mark.sampled(1)
def test_only_one_place_prints() -> None:
    """All commands print through the function that replaces control characters."""
    for file in Path(main.__code__.co_filename).parent.glob("*.py"):
        if file.name not in ("output.py", "sandbox.py", "completion.py"):
            assert "click.echo" not in file.read_text(encoding="utf-8"), file.name
