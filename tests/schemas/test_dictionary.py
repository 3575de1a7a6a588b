from pathlib import Path

import pytest
from click.testing import CliRunner

from schemas import FUNCTIONS, TABLES, VIEWS, dictionary
from schemas.areas import AREAS
from schemas.dictionary import LOGICAL, data_dictionary, documents, er_diagram, main


@pytest.mark.parametrize("file", documents(), ids=lambda file: file.name)
def test_the_written_documents_are_up_to_date(file: Path) -> None:
    """What is in docs/ is what the declarations say; `make docs` brings it up to date."""
    assert file.read_text(encoding="utf-8") == documents()[file], "run make docs"


def test_every_column_is_in_the_dictionary() -> None:
    """Each table and view has its own heading, and each column a row with its description below it."""
    sections = dict(part.split("\n", 1) for part in data_dictionary().split("\n### ")[1:])
    assert list(sections) == [*(table.name for table in TABLES), *VIEWS, *FUNCTIONS]
    for table in TABLES:
        for column in table.columns:
            assert f"| `{column.name}` |" in sections[table.name]
            assert f"| {column.description} |" in sections[table.name]
    assert "| `listed_until` | TIMESTAMPTZ |" in sections["playlist_item_history"]


def test_every_reference_is_a_line_of_the_diagram() -> None:
    """A line goes from the table pointed to, to the table that points, and carries the column's name."""
    lines = er_diagram().splitlines()
    references = [(column.references, table.name, column.name) for table in TABLES for column in table.columns]
    pairs = [[a.split(".")[0], b, c] for a, b, c in references if a]
    pairs += [[b.split(".")[0], *a.split(".")] for a, b in LOGICAL]
    drawn = [line.split() for line in lines if line.endswith('"')]
    assert sorted(pairs) == sorted([words[0], words[2], words[4].strip('"')] for words in drawn)


def test_every_table_is_in_one_diagram_that_can_be_read() -> None:
    """The areas hold each table once, and none has more than eight: on a page their words are as large as the text."""
    assert sorted(name for names in AREAS.values() for name in names) == sorted(table.name for table in TABLES)
    assert max(map(len, AREAS.values())) <= 8


def test_logical_references_resolve() -> None:
    """Both ends of every join that is no reference to a key are columns."""
    columns = {f"{table.name}.{column.name}" for table in TABLES for column in table.columns}
    assert {end for pair in LOGICAL for end in pair} <= columns


def test_a_stale_document_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--check fails on a missing or changed file, says which, and leaves it alone; without it both are written."""
    monkeypatch.setattr(dictionary, "DOCS", tmp_path / "docs")
    run = CliRunner().invoke
    assert run(main, ["--check"]).exit_code == 1
    assert run(main, []).exit_code == 0
    assert run(main, ["--check"]).exit_code == 0
    stale = tmp_path / "docs" / "er_diagram.md"
    stale.write_text("old")
    checked = run(main, ["--check"])
    assert (checked.exit_code, stale.read_text()) == (1, "old")
    assert str(stale) in checked.output
