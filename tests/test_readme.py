"""Everything that the README shows works, and everything that it names exists."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.cli import playlake as group
from pipelines.destinations.lake import Lake
from pipelines.operations.login import PORT, redirect_uri
from pipelines.operations.query import formatted, query
from pipelines.sync.signals import SIGNALS
from schemas import TABLES, VIEWS
from schemas.spec import Table
from sources import errors
from sources.spotify.config import SETTINGS
from sources.spotify_sandbox import Sandbox, generate
from tests.demo_lake import shown_demonstration
from tests.pipelines.driving import clean_environment

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
TOKENS = MarkdownIt("commonmark").enable("table").parse(README)
COMMAND = re.compile(r"(?:^|[\s/])(?<!from )playlake +([a-z].*)")
# What the README says of Spotify's own fields, and of places that are no part of the project.
FOREIGN = {"added_by", "linked_from", "refresh_token", "client_id", "client_secret", "authorised_at"}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code and the language it is in."""

    language: str
    text: str


BLOCKS = [Block(token.info.strip(), token.content) for token in TOKENS if token.type == "fence"]


def blocks(language: str) -> list[str]:
    """The blocks in one language."""
    return [block.text for block in BLOCKS if block.language == language]


def inline(kind: str) -> Iterator[Token]:
    """The parts of running text of one kind."""
    for token in TOKENS:
        yield from (child for child in token.children or () if child.type == kind)


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the table whose first heading this is: the first cell, and the others."""
    cells = [token.content for token in TOKENS if token.type == "inline" and token.level == 4]
    at = cells.index(heading)
    width = README.split(f"| {heading} |")[1].split("\n")[0].count("|") + 1
    # The next table begins where a row of this one would.
    rows = README.split(f"| {heading} |")[1].split("\n\n")[0].count("\n") - 1
    starts = range(at + width, at + width * (rows + 1), width)
    return {cells[start].strip("`"): cells[start + 1 : start + width] for start in starts}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, str]:
    """What the demonstration leaves and prints."""
    return shown_demonstration(tmp_path_factory)


@pytest.mark.long
def test_the_demonstration_prints_what_is_shown(demo: tuple[Lake, str]) -> None:
    """The shown lines come in this order; only the port differs, and an ellipsis stands for what is left out."""
    (shown,) = (text for text in blocks("text") if "26 weeks" in text)
    printed = iter([line.rstrip() for line in re.sub(r":\d+/", ":PORT/", demo[1]).splitlines()])
    for line in re.sub(r":\d+/", ":PORT/", shown).splitlines():
        assert line == "…" or line in printed, line


@pytest.mark.long
def test_queries_give_the_answers_shown(demo: tuple[Lake, str]) -> None:
    """Every query runs on the demonstration's database, and the text after it is its answer."""
    answers = 0
    for block, following in pairwise(BLOCKS):
        if block.language == "sql":
            answer = "\n".join(formatted(query(demo[0], block.text), "table")) + "\n"
            if following.language == "text":
                assert following.text == answer
                answers += 1
    assert answers > 0


@pytest.mark.long
def test_commands_and_programs_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run one after the other in one folder, all shell and Python blocks do their work."""
    world = generate(seed=1, playlists=8, items=200)
    for text in blocks("bash"):
        for playlist_id in re.findall(r"\b[0-9A-Za-z]{22}\b", text):
            world.create_playlist("Named in the README", playlist_id=playlist_id)
    monkeypatch.chdir(tmp_path)
    with Sandbox(world, regime="development") as api:
        for name, value in api.environment.items():
            monkeypatch.setenv(name, value)
        for block in BLOCKS:
            if block.language == "bash":
                _run_shell(block.text, tmp_path, api.environment)
            elif block.language == "python":
                with redirect_stdout(StringIO()) as out:
                    exec(compile(block.text, "README.md", "exec"), {})  # noqa: S102 (this is what the test is about)
                assert out.getvalue().strip()

    assert {"playlake.duckdb", "lake", "sync.json", "changes.csv", "my_playlists.duckdb"} <= {
        path.name for path in tmp_path.iterdir()
    }
    sql = "SELECT count(*) FROM playlist_items"
    for lake in (Lake("duckdb", "playlake.duckdb"), Lake("parquet", "lake")):
        assert query(lake, sql).rows == [(sum(len(p) for p in world.listed() if p.is_readable),)]


def _run_shell(text: str, folder: Path, environment: dict[str, str]) -> None:
    lines = [line for line in text.splitlines() if line]
    script = "\n".join(lines)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=clean_environment(folder) | environment | {"PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), script


def test_what_is_made_can_be_made() -> None:
    """Every `make …` names a target."""
    targets = re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    texts = [token.content for token in inline("code_inline")] + [block.text for block in BLOCKS]
    made = {found for text in texts for found in re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)}
    assert {"demo", "test"} <= made <= set(targets)


def test_no_block_is_left_out() -> None:
    """Every block is in a language that one of these tests reads."""
    assert {block.language for block in BLOCKS} <= {
        "bash",
        "sh",
        "cron",
        "python",
        "sql",
        "text",
        "toml",
        "mermaid",
    }
    assert README.count(redirect_uri(PORT)) == 1
    for text in blocks("sh"):
        assert subprocess.run(["bash", "-n", "-c", text], capture_output=True, check=False).returncode == 0


def test_commands_and_options_exist() -> None:
    """Every `playlake …` in code names a command, and only options that this command has."""
    texts = [token.content for token in inline("code_inline")] + [block.text for block in BLOCKS]
    found = [match[1] for text in texts for line in text.splitlines() if (match := COMMAND.search(line))]
    assert len(found) > 10
    for line in found:
        command = group.commands[line.split()[0]]
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", line.split("    #")[0])) <= options, line
    everywhere = {option for command in group.commands.values() for p in command.params for option in p.opts}
    alone = {token.content.split()[0] for token in inline("code_inline") if token.content.startswith("--")}
    assert alone <= everywhere


@pytest.mark.long
def test_tables_columns_and_values_exist(demo: tuple[Lake, str]) -> None:
    """Every name with an underscore in running text is a table, a view, a column, a setting or a value of one."""
    with demo[0].open() as connection:
        known = {*VIEWS, *(declared.name for declared in TABLES), *SETTINGS, *FOREIGN}
        known |= {column.name for declared in TABLES for column in declared.columns}
        known |= {row[0] for view in VIEWS for row in connection.execute(f"DESCRIBE {view}").fetchall()}
        known |= {row[0] for row in connection.execute("SELECT DISTINCT access FROM playlists").fetchall()}
    names = {token.content for token in inline("code_inline") if re.fullmatch(r"[a-z]+(_[a-z]+)+", token.content)}
    assert len(names) > 5
    assert names <= known


def test_the_picture_of_the_tables_is_true() -> None:
    """Its tables, columns, types and keys are the declared ones; a table with columns has its whole key."""
    (picture,) = (text for text in blocks("mermaid") if text.startswith("erDiagram"))
    declared = {one.name: one for one in TABLES}
    for one, other in re.findall(r"^ +(\w+) [|}o]{2}--[|{o]{2} (\w+) :", picture, re.MULTILINE):
        assert {one, other} <= declared.keys()
    shown = re.findall(r"^ +(\w+) \{\n(.*?)^ +\}", picture, re.MULTILINE | re.DOTALL)
    assert shown
    for name, lines in shown:
        columns = [line.split() for line in lines.splitlines()]
        assert tuple(words[1] for words in columns if words[2:] == ["PK"]) == declared[name].key
        for words in columns:
            assert _word(declared[name], words[1]) == words[0]


def _word(declared: Table, column: str) -> str:
    said = str(declared[column].type)
    return {"string": "text", "int64": "bigint"}.get(said, said.partition("[")[0].partition("<")[0])


def test_links_lead_somewhere() -> None:
    """Every link to a file of the project is to one that is there."""
    links = [str(token.attrs["href"]) for token in inline("link_open")]
    files = [link for link in links if "://" not in link]
    assert {"docs/data_dictionary.md", "sources/spotify_sandbox/README.md"} <= set(files)
    assert [link for link in files if not (CHECKOUT / link.partition("#")[0]).is_file()] == []


def test_exit_codes_are_all_reported() -> None:
    """The table has the codes of all errors, those of a run that ends well or in part, and those of signals."""
    raised = {
        error.exit_code for error in vars(errors).values() if isinstance(error, type) and hasattr(error, "exit_code")
    }
    assert {int(code) for code in table("exit code")} == raised | {0, 4} | {128 + number for number in SIGNALS}


@pytest.mark.long
def test_the_database_is_found_where_it_is_said(demo: tuple[Lake, str]) -> None:
    """Tables and views are in the schema that the README names."""
    with duckdb.connect(demo[0].location, read_only=True) as connection:
        rows = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'spotify'"
        ).fetchall()
    assert {*VIEWS, *(one.name for one in TABLES)} <= {row[0] for row in rows}
    assert "the schema `spotify`" in " ".join(README.split())
