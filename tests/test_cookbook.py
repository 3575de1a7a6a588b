"""Every query of the cookbook runs on both destinations, and its answer is the one shown."""

from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.query import Result
from pipelines.operations.report.findings import find
from pipelines.operations.status import playlists_status
from tests.cookbook import COOKBOOK, answers, of_extended, recipes, written
from tests.demo_lake import demonstration, shown_demonstration
from tests.pipelines.tables import select

SEVERAL = 20


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Three weeks of the demonstration with an app with extended quota."""
    lake = Lake("duckdb", str(tmp_path_factory.mktemp("extended") / "lake.duckdb"))
    demonstration(lake, weeks=3, regime="extended")
    return lake


@pytest.fixture(scope="module")
def answered(extended: Lake, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The answers of the demonstration's lake."""
    return answers(shown_demonstration(tmp_path_factory)[0], extended)


@pytest.mark.long
def test_the_answers_are_those_shown(answered: dict[str, Result]) -> None:
    """The cookbook is what it would be if it were written again; make docs writes it."""
    assert written(answered) == COOKBOOK.read_text(encoding="utf-8")


@pytest.mark.long
def test_every_question_has_an_answer(answered: dict[str, Result]) -> None:
    """No query is without rows; those about what an app in development mode does not get say whose answer it is."""
    assert [question for question, answer in answered.items() if not answer.rows] == []
    assert len(of_extended()) == 2


@pytest.mark.long
def test_a_count_is_the_same_everywhere(answered: dict[str, Result], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Playlists, items, songs and artists of the report are those of the views, of status and of the cookbook."""
    lake = shown_demonstration(tmp_path_factory)[0]
    overview = find(lake).overview
    [(items, different, playlists)] = select(
        lake, "SELECT count(*), count(DISTINCT item_uri), count(DISTINCT playlist_id) FROM items"
    )
    assert (overview.items, overview.distinct_items) == (items, different)
    status = playlists_status(lake, timedelta(days=7))
    sizes = [row[status.columns.index("items_total")] for row in status.rows if row[2] == "readable"]
    assert (overview.playlists, items) == (len(status.rows), sum(sizes))
    assert playlists == sum(size > 0 for size in sizes)
    assert overview.artists == len(answered["Which artists have I most of?"].rows)
    assert answered["What is missing from the tables?"].rows[0][0] == items
    runs = select(lake, "SELECT sum(removed_items) FROM runs")
    assert runs == select(lake, "SELECT count(*) FROM item_changes WHERE change = 'removed'")


@pytest.mark.long
def test_both_destinations_answer_alike(extended: Lake, tmp_path: Path) -> None:
    """Three weeks of the demonstration give the same answers from DuckDB and from Parquet."""
    parquet = Lake("parquet", str(tmp_path / "lake"))
    demonstration(parquet, weeks=3, regime="extended")
    assert written(answers(extended)) == written(answers(parquet))


def test_every_question_is_asked_once() -> None:
    """No heading and no query is lost to the search for both, and no question is there twice."""
    lines = COOKBOOK.read_text(encoding="utf-8").splitlines()
    headings = [line[4:] for line in lines if line.startswith("### ")]
    assert headings == list(recipes())
    assert lines.count("```sql") == len(headings)
    assert len(headings) > SEVERAL
