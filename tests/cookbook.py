"""The cookbook's queries, and the answers that are shown below them.

python -m tests.cookbook            writes the answers of the demonstration's lake into docs/cookbook.md
python -m tests.cookbook FILE       those of a demonstration that is there already, until UNTIL
"""

import os
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from pipelines.destinations.lake import Lake
from pipelines.operations.query import Result, formatted, run_sql
from tests.demo_lake import UNTIL, demonstration, fill

COOKBOOK = Path(__file__).parent.parent / "docs" / "cookbook.md"
RECIPE = re.compile(
    r"^### (?P<question>.+?)\n.*?^```sql\n(?P<sql>.+?)^```\n(?P<shown>\n```text\n.*?^```\n)?", re.MULTILINE | re.DOTALL
)
EXTENDED = "playlake demo --regime extended --weeks 3"
"""How to have a lake with what an app in development mode does not get."""
SHOWN = 5
"""Rows of an answer that the cookbook has."""


def recipes() -> dict[str, str]:
    """The statement of each question."""
    return {match["question"]: match["sql"] for match in RECIPE.finditer(COOKBOOK.read_text(encoding="utf-8"))}


def of_extended() -> set[str]:
    """The questions whose answer is that of an app with extended quota."""
    text = COOKBOOK.read_text(encoding="utf-8")
    return {match["question"] for match in RECIPE.finditer(text) if EXTENDED in match[0]}


def answers(lake: Lake, extended: Lake | None = None) -> dict[str, Result]:
    """The answer to each question, an hour after the last sync.

    Args:
        lake: of the demonstration.
        extended: of the demonstration that a few questions are about; null for the same.
    """
    found: dict[str, Result] = {}
    for one, is_extended in ((lake, False), (extended or lake, True)):
        asked = {question: sql for question, sql in recipes().items() if (question in of_extended()) == is_extended}
        with one.open() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"CREATE TEMP MACRO now() AS TIMESTAMPTZ '{UNTIL}' + INTERVAL 1 HOUR")
            found |= {question: run_sql(connection, sql) for question, sql in asked.items()}
    return found


def written(answered: dict[str, Result]) -> str:
    """The cookbook with these answers in place of those that it has."""

    def with_answer(match: re.Match[str]) -> str:
        recipe = match[0].removesuffix(match["shown"] or "")
        return f"{recipe}\n```text\n{_first_rows(answered[match['question']])}\n```\n"

    return RECIPE.sub(with_answer, COOKBOOK.read_text(encoding="utf-8"))


def _first_rows(result: Result) -> str:
    rows = result.rows[:SHOWN] if len(result.rows) > SHOWN + 1 else result.rows
    text = "\n".join(formatted(Result(result.columns, rows), "table"))
    more = len(result.rows) - len(rows)
    return f"{text}\n… and {more:,} more rows" if more else text


def main(database: str | None = None) -> None:
    """Asks the demonstration's lake, and writes its answers."""
    with TemporaryDirectory() as folder, patch.dict(os.environ, DLT_DATA_DIR=f"{folder}/dlt"):
        path = Path(database or f"{folder}/demo.duckdb")
        if database is None:
            fill(path)
        extended = Lake("duckdb", f"{folder}/extended.duckdb")
        demonstration(extended, weeks=3, regime="extended")
        COOKBOOK.write_text(written(answers(Lake("duckdb", str(path)), extended)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
