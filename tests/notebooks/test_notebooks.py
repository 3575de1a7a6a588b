"""The notebooks are kept as sources, and what they show is rendered from these sources."""

import json
import re
from pathlib import Path

import pytest

from tests.notebooks.rendering import MARK, NOTEBOOKS, RENDERED, source_mark

LARGEST = 60_000
"""Bytes of a picture."""


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_kept(notebook: Path) -> None:
    """Notebooks are kept without outputs and counts, so that a change shows what was changed."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_rendered_is_of_this_notebook(notebook: Path) -> None:
    """The page was made from the notebook as it stands; if it was not, make notebooks makes it."""
    page = (RENDERED / f"{notebook.stem}.md").read_text(encoding="utf-8")
    assert MARK.findall(page) == [source_mark(notebook)]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_pictures_are_there(notebook: Path) -> None:
    """Every picture of a page is in its folder, small enough for git, and no other file is."""
    page = (RENDERED / f"{notebook.stem}.md").read_text(encoding="utf-8")
    pictures = {path.relative_to(RENDERED).as_posix(): path for path in (RENDERED / notebook.stem).iterdir()}
    assert set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page)) == pictures.keys() != set()
    assert {name for name, path in pictures.items() if path.stat().st_size > LARGEST} == set()


def test_there_are_notebooks_and_no_other_pages() -> None:
    """The tests above look at something, and a notebook that was taken away leaves nothing."""
    assert {path.stem for path in NOTEBOOKS} == {path.stem for path in RENDERED.iterdir()} != set()
