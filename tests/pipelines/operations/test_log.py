"""The log as programs read it."""

import json
import logging
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.operations.log import EventFormatter
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import CHECKOUT, clean_environment, ended, playlake, started


def record(**fields: object) -> logging.LogRecord:
    """An event with fields."""
    made = logging.LogRecord("playlake", logging.WARNING, "x.py", 1, "said", (), None)
    made.event, made.fields = "happened", fields
    return made


def read_logfmt(line: str) -> dict[str, str]:
    """The pairs of a line, read by the rules: words, or strings in quotes with backslashes."""
    pairs, decoder = {}, json.JSONDecoder()
    while line:
        key, _, line = line.partition("=")
        if line.startswith('"'):
            value, end = decoder.raw_decode(line)
            line = line[end:]
        else:
            value, _, line = line.partition(" ")
            line = f" {line}" if line else ""
        pairs[key] = value
        line = line.removeprefix(" ")
    return pairs


@given(st.text(), st.integers(), st.booleans())
def test_one_line_whatever_it_says(text: str, number: int, flag: bool) -> None:
    """Both styles write each event on one line, from which the fields come back as they were."""
    event = record(name=text, count=number, full=flag, missing=None)
    line = EventFormatter("logfmt").format(event)
    assert "\n" not in line
    read = read_logfmt(line)
    assert (read["name"], read["count"], read["full"]) == (text, str(number), str(flag).lower())
    assert (read["level"], read["event"], "missing" in read) == ("warning", "happened", False)

    line = EventFormatter("json").format(event)
    assert "\n" not in line
    found = json.loads(line)
    assert (found["name"], found["count"], found["full"], found["missing"]) == (text, number, flag, None)


def test_what_is_no_event_of_ours() -> None:
    """A line that has no fields is reported with its words, and a traceback with its lines escaped."""
    plain = logging.LogRecord("playlake", logging.INFO, "x.py", 1, "%s files", (3,), None)
    assert EventFormatter("logfmt").format(plain).endswith('level=info event=log message="3 files"')
    try:
        raise ValueError(5)
    except ValueError:
        plain.exc_info = sys.exc_info()
    assert "ValueError: 5" in json.loads(EventFormatter("json").format(plain))["traceback"]


@pytest.mark.long
@pytest.mark.parametrize("style", ["logfmt", "json"])
def test_a_sync_logged_event_by_event(style: str, tmp_path: Path) -> None:
    """On the error stream there is a line for each playlist read and one for the end, and nothing else anywhere."""
    read = json.loads if style == "json" else read_logfmt
    with Sandbox(generate(seed=4, playlists=6, items=100)) as api:
        done = ended(started("sync", "--log-format", style, folder=tmp_path, environment=api.environment))
        wrong = api.environment | {"SOURCES__SPOTIFY__CREDENTIALS__CLIENT_SECRET": "WRONG"}
        failed = ended(started("sync", "--log-format", style, folder=tmp_path, environment=wrong))
    assert (done.code, done.out) == (0, "")
    events = [read(line) for line in done.err.splitlines()]
    assert [event["event"] for event in events] == ["playlist_read"] * 6 + ["run_finished"]
    assert sum(int(event["new_items"]) for event in events[:-1]) == int(events[-1]["new_items"]) == 100
    assert str(events[-1]["exit_code"]) == "0"
    [event] = map(read, failed.err.splitlines())
    assert (event["event"], str(event["exit_code"]), event["level"]) == ("run_failed", str(failed.code), "error")
    assert "WRONG" not in failed.err


@pytest.mark.parametrize("style", ["logfmt", "json"])
def test_what_goes_wrong_is_an_event(
    style: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also errors that nobody thought of, wrong options, and a webhook that does not answer."""

    def broken(**_: object) -> None:
        raise ZeroDivisionError

    read = json.loads if style == "json" else read_logfmt
    monkeypatch.setattr("pipelines.sync.service.start_run", broken)
    told = ("sync", "--log-format", style)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        webhook = f"http://127.0.0.1:{closed.getsockname()[1]}/secret"
    ends = [
        playlake(*told, "--failure-webhook", webhook),
        playlake(*told, "--failure-webhook", "http://example.org"),
        playlake(*told, "--dataset", "../x"),
    ]
    assert [end.code for end in ends] == [1, 2, 2]
    events = [[read(line)["event"] for line in end.err.splitlines()] for end in ends]
    assert events == [["log", "run_failed"], ["run_failed"], ["run_failed"]]
    assert "ZeroDivisionError" in ends[0].err
    assert "secret" not in ends[0].err
    assert capfd.readouterr() == ("", "")


def test_dlt_is_quiet_unless_more_words_are_asked_for(tmp_path: Path) -> None:
    """In a process where nobody has used dlt yet, too: it sets the level of its log when it is first used."""
    program = (
        "import logging; from pipelines.cli.terminal import set_up_log; set_up_log(verbose=False); "
        "print(logging.getLogger('dlt').level == logging.CRITICAL)"
    )
    environment = clean_environment(tmp_path) | {"PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("True\n", "")
