"""The shell of `playlake query`, typed into at a terminal of its own."""

import os
import pty
import select
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import CHECKOUT, clean_environment, playlake, settings

LONGEST = 30.0
"""Seconds to wait for an answer before a test fails."""
CTRL_C, CTRL_D = "\x03", "\x04"


@dataclass(slots=True)
class Terminal:
    """A command at a terminal, and what it has written there since it was last looked at."""

    process: "subprocess.Popen[bytes]"
    screen: int
    _unread: str = field(default="")

    def type(self, text: str) -> None:
        """Presses keys."""
        os.write(self.screen, text.encode())

    def shows(self, text: str) -> str:
        """Waits until a text is written, and gives what stands before it."""
        while text not in self._unread:
            ready, _, _ = select.select([self.screen], [], [], LONGEST)
            assert ready, f"{text!r} did not come after {self._unread!r}"
            try:
                self._unread += os.read(self.screen, 65536).decode(errors="replace")
            except OSError:
                # So Linux tells that nobody is left at the other end.
                raise AssertionError(self._unread) from None
        before, _, self._unread = self._unread.partition(text)
        return before

    def end(self) -> int:
        """Waits for the end of the command, and gives its exit code."""
        return self.process.wait(LONGEST)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A small lake."""
    where = Lake("duckdb", str(tmp_path_factory.mktemp("lake") / "lake.duckdb"))
    with Sandbox(generate(seed=1, playlists=4, items=40)) as api:
        sync(lake=where, **settings(api))
    return where


@pytest.fixture
def terminal(lake: Lake, own_folder: Path) -> Iterator[Terminal]:
    """The shell, just begun."""
    screen, keyboard = pty.openpty()
    environment = clean_environment(own_folder) | {
        "TERM": "xterm",
        "COLUMNS": "80",
        "LINES": "40",
        "XDG_STATE_HOME": str(own_folder / "state"),
        # Nobody answers where the cursor is.
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "PYTHONPATH": str(CHECKOUT),
    }
    command = [sys.executable, "-m", "playlake", "query", "--path", lake.location]
    with subprocess.Popen(
        command,
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        env=environment,
        cwd=own_folder,
        start_new_session=True,
    ) as process:
        os.close(keyboard)
        yield Terminal(process, screen)
        process.kill()
    os.close(screen)


def test_statements_are_answered_until_somebody_ends_it(terminal: Terminal, lake: Lake, own_folder: Path) -> None:
    """Statements go over several lines to their semicolon, Tab completes, an error or Ctrl-C ends nothing.

    Between two answers the database is free for others to write to, and what was entered is kept for its owner only.
    """
    terminal.shows("playlake>")
    terminal.type("SELECT 6 * 7 AS answer,\r")
    terminal.shows("...>")
    terminal.type("';' AS text;\r")
    assert "42 │ ;" in terminal.shows("1 row")
    terminal.shows("playlake>")

    with duckdb.connect(lake.location) as connection:
        connection.execute("CREATE TABLE spotify.made_meanwhile (a INTEGER)")
    terminal.type("FROM made_meanwhile; SELECT 2 AS b;\r")
    terminal.shows("0 rows")
    terminal.shows("1 row")

    terminal.type("SELEC 1;\r")
    terminal.shows("The query failed: Parser Error")
    terminal.type("SELECT 'nobody wants this")
    terminal.shows("this")
    terminal.type(CTRL_C)
    terminal.shows("playlake>")
    terminal.type("FROM item_ch\t")
    terminal.shows("anges")
    terminal.type(" WHERE false;\r")
    terminal.shows("0 rows")

    terminal.type(".tables\r")
    terminal.shows("made_meanwhile")
    terminal.type(".schema playlist_snapshots\r")
    terminal.shows("item_keys     json")
    terminal.type(".foo\r")
    terminal.shows("Unknown command .foo")
    terminal.type(".mode csv\r")
    terminal.shows("playlake query --format csv")
    terminal.shows("playlake>")
    terminal.type(CTRL_D)
    assert terminal.end() == 0

    kept = own_folder / "state" / "playlake" / "query_history"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "+SELECT 6 * 7 AS answer,\n+';' AS text;\n" in kept.read_text(encoding="utf-8")


def test_words_of_other_shells(terminal: Terminal) -> None:
    r"""`help` and `\d` alone on a line are answered at once, and `.quit` ends the shell with 0."""
    terminal.shows("playlake>")
    terminal.type("help\r")
    terminal.shows("list the tables and views")
    terminal.shows("playlake>")
    terminal.type("\\d\r")
    terminal.shows("item_history")
    terminal.shows("playlake>")
    terminal.type(".quit\r")
    assert terminal.end() == 0


def test_commands_without_the_shell(lake: Lake) -> None:
    """As a single query, .tables has views first and no table of dlt's; what SHOW TABLES prints is all of DuckDB's."""
    listed, shown, listing, columns = (
        playlake("query", "--path", lake.location, *words)
        for words in (["\\d"], ["show tables;"], ["SHOW TABLES", "--format", "csv"], [".schema items"])
    )
    assert listed.out.splitlines()[:2] == ["Views:", "  items"]
    assert "  _" not in listed.out
    with duckdb.connect(lake.location, read_only=True) as connection:
        connection.execute("USE spotify")
        names = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
    assert shown.out.splitlines() == listing.out.splitlines() == ["name", *names]
    assert (".tables" in shown.err, listing.err) == (True, "")
    assert columns.out.splitlines()[:2] == ["items:", "  playlist         varchar"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (".bogus", "Unknown command .bogus"),
        (".schema itms", "There is no table or view itms: did you mean items?"),
        (".schema items\n.tables\nSELECT 1;", "A command such as .tables stands alone"),
    ],
)
def test_a_command_that_cannot_be_carried_out(lake: Lake, words: str, said: str) -> None:
    """A script that gives one ends with an error, and not with an answer to something else."""
    ended = playlake("query", "--path", lake.location, words)
    assert (ended.code, ended.out, ended.err.startswith(f"playlake: {said}")) == (2, "", True), ended
