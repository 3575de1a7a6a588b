"""The sources of dbt are what the declarations say."""

from typing import Any

import pytest
import yaml

from schemas import TABLES, VIEWS
from schemas.dbt_sources import FILE, sources
from schemas.spec import Table


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Any]]:
    """The committed file's tables and views, by name."""
    text = FILE.read_text(encoding="utf-8")
    (source,) = yaml.safe_load(text)["sources"]
    return {one["name"]: one for one in source["tables"]}


def test_the_written_sources_are_up_to_date() -> None:
    """What is in dbt/ is what would be written; `make docs` brings it up to date."""
    assert FILE.read_text(encoding="utf-8") == sources(), "run make docs"


def test_every_table_and_view_is_a_source(told: dict[str, dict[str, Any]]) -> None:
    """In order, with all columns and what they mean."""
    assert list(told) == [*(table.name for table in TABLES), *VIEWS]
    for table in TABLES:
        columns = [(column["name"], column["description"]) for column in told[table.name]["columns"]]
        assert columns == [(column.name, column.description) for column in table.columns]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_keys_are_tested(told: dict[str, dict[str, Any]], table: Table) -> None:
    """Every column that may not be null, every key and every reference that is part of one has its test."""
    columns = {column["name"]: column.get("data_tests", []) for column in told[table.name]["columns"]}
    named = {name: {kind for test in tests for kind in test} for name, tests in columns.items()}
    assert {name for name, kinds in named.items() if "not_null" in kinds} >= set(table.key)
    together = [test["unique_together"]["arguments"]["columns"] for test in told[table.name].get("data_tests", [])]
    unique = [[name] for name, kinds in named.items() if "unique" in kinds]
    assert together + unique == [list(table.key)]
    pointing = {name for name, kinds in named.items() if "relationships" in kinds}
    assert pointing == {column.name for column in table.columns if column.references and column.name in table.key}
