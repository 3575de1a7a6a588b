"""What is asked of a large lake, asked of a small one."""

from pathlib import Path

import pytest

from tests.benchmarks import engine_questions, engines
from tests.benchmarks.growth import SMOKE_ITEMS


@pytest.mark.long
def test_duckdb_answers_every_question(tmp_path: Path) -> None:
    """The narrow ones have rows too, and fewer than the whole views."""
    lake = engines.made(4 * SMOKE_ITEMS, SMOKE_ITEMS, tmp_path)
    examples = engine_questions.examples_of(lake)
    rows = {}
    for question, template in engine_questions.QUESTIONS.items():
        answer = engines.asked_here(lake, "duckdb", engine_questions.sql_of(template, "duckdb", examples), "1GB")
        rows[question] = answer.rows or 0
    assert 0 < rows["one playlist: its items"] < rows["one user: the items of all playlists"]
    assert rows["one playlist: its items"] == rows["one playlist: its items in words"]
    assert rows["one user: the items of all playlists"] < rows["all of playlist_items"]
    assert 0 < rows["one playlist: its changes"] < rows["one user: the changes of all playlists"]
    assert 0 < rows["one month: what was added"] < rows["all of playlist_item_history"]


@pytest.mark.long
def test_slices_give_all_rows(tmp_path: Path) -> None:
    """Whole views have in slices as many rows as at once, whether the slices are many or one."""
    lake = engines.made(4 * SMOKE_ITEMS, SMOKE_ITEMS, tmp_path)
    for template in engine_questions.WHOLE.values():
        once, sliced = (
            engine_questions.sql_of(template, "duckdb", engine_questions.examples_of(lake, size))
            for size in (engine_questions.SLICE, SMOKE_ITEMS // 2)
        )
        assert once.count(";") == 0
        assert sliced.count(";") >= 8
        whole = engines.asked_here(lake, "duckdb", once, "1GB").rows
        assert whole
        assert engines.asked_here(lake, "duckdb", sliced, "1GB").rows == whole
