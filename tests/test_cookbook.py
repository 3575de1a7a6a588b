"""Every query of the cookbook runs on both destinations, and its answer is the one shown."""

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.query import Result
from tests.cookbook import COOKBOOK, answers, recipes, written
from tests.demo_lake import demonstration

SEVERAL = 20


@pytest.fixture(scope="module", params=["duckdb", "parquet"])
def answered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The answers of the demonstration's lake."""
    lake = Lake(request.param, str(tmp_path_factory.mktemp("lake") / "demo"))
    demonstration(lake)
    return answers(lake)


@pytest.mark.long
def test_the_answers_are_those_shown(answered: dict[str, Result]) -> None:
    """The cookbook is what it would be if it were written again, from either destination; make docs writes it."""
    assert written(answered) == COOKBOOK.read_text(encoding="utf-8")


@pytest.mark.long
def test_what_has_no_answer_says_so(answered: dict[str, Result]) -> None:
    """Every question has an answer, or a sentence on why the demonstration has none."""
    text = COOKBOOK.read_text(encoding="utf-8")
    empty = [question for question, answer in answered.items() if not answer.rows]
    told = [question for question in empty if "Empty on the demonstration" in text.split(question)[1].split("```")[0]]
    assert told == empty


def test_every_question_is_asked_once() -> None:
    """No heading and no query is lost to the search for both, and no question is there twice."""
    lines = COOKBOOK.read_text(encoding="utf-8").splitlines()
    headings = [line[4:] for line in lines if line.startswith("### ")]
    assert headings == list(recipes())
    assert lines.count("```sql") == len(headings)
    assert len(headings) > SEVERAL
