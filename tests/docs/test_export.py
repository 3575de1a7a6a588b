"""What the pages on exports and on other programs tell to type works, as far as these programs are here."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.export.exportify import COLUMNS
from pipelines.operations.export.formats import FORMATS
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import clean_environment, settings

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {name: (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("export", "other_programs")}
SHOWN = "2026-11-01"
"""The day that the pages have, which is before the test's first sync."""


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a page in a language, of the day after this one."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGES[page], re.DOTALL | re.MULTILINE)
    return [text.replace(SHOWN, tomorrow) for text in found]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Sandbox]]:
    """A folder with a lake where the pages have it, and the account that it is of."""
    folder = tmp_path_factory.mktemp("there")
    with Sandbox(generate(seed=1, playlists=4, items=60)) as api:
        sync(lake=Lake("duckdb", str(folder / "playlake.duckdb")), **settings(api))
        yield folder, api


@pytest.mark.parametrize("page", PAGES)
def test_commands_do_their_work(there: tuple[Path, Sandbox], page: str) -> None:
    """All of a page that is Bash runs in one folder, one after the other, and what it names is there afterwards."""
    folder, api = there
    script = "\n".join(blocks(page, "bash"))
    path = os.pathsep.join((str(Path(sys.executable).parent), str(DOCS.parent / ".venv/bin"), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=clean_environment(folder) | api.environment | {"PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # The world has entries without a URI, which M3U8 has no place for.
    assert all(line.startswith("Items without a URI are not in m3u8: ") for line in done.stderr.splitlines())
    named = set(re.findall(r"(?:--output|>) (\S+)|metabase\.duckdb$", script)) - {""}
    assert named
    assert {name for name in named if not (folder / name).exists()} == set()


@pytest.mark.parametrize("number", range(2))
def test_statements_are_answered(there: tuple[Path, Sandbox], number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell and the UI are given works: in a file that is open for reading, and in one that is attached."""
    monkeypatch.chdir(there[0])
    text = blocks("other_programs", "sql")[number]
    with duckdb.connect("playlake.duckdb", read_only=True) if number == 0 else duckdb.connect() as connection:
        for statement in duckdb.extract_statements(text):
            rows = connection.execute(statement).fetchall()
            assert len(rows) == 5 or not statement.query.strip().startswith("FROM")
        if number:
            (qualified,) = re.findall(r"available as `(\S+)`", PAGES["other_programs"])
            connection.execute("USE memory")
            assert connection.execute(f"SELECT count(*) FROM {qualified}").fetchone() == (60,)
    assert len(blocks("other_programs", "sql")) == 2


def test_the_cell_of_a_notebook_works(there: tuple[Path, Sandbox], monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection that a marimo cell makes answers the query that the page has for it."""
    monkeypatch.chdir(there[0])
    names: dict[str, Any] = {}
    (code,) = blocks("other_programs", "python")
    exec(compile(code, "other_programs.md", "exec"), names)  # noqa: S102 (this is what the test is about)
    (sql,) = re.findall(r'mo\.sql\("(.*?)", engine=connection\)', PAGES["other_programs"])
    with names["connection"] as connection:
        assert len(connection.execute(sql).fetchall()) == 5


def test_the_page_has_all_formats_and_columns() -> None:
    """The table of formats has each with its ending, and the list of columns is that of the files."""
    told = dict(re.findall(r"^\| `(\w+)` \| `(\.\w+)` \|", PAGES["export"], re.MULTILINE))
    assert told == {name: one.ending for name, one in FORMATS.items()}
    (columns,) = re.findall(r"in its order:\n(.*?)\. One thing", PAGES["export"], re.DOTALL)
    assert [name.replace("\n", " ") for name in re.findall(r"`([^`]+)`", columns)] == list(COLUMNS)
