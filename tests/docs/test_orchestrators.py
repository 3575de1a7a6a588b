"""What the programs on the pages for Dagster and Prefect use of playlake is there."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

from pipelines.sync.service import Report
from playlake import errors, sync
from sources.spotify.config import SourceSettings
from sources.spotify.models.run_records import RunRecord

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ["dagster.md", "prefect.md"]


@pytest.mark.parametrize("page", PAGES)
def test_programs_use_what_is_there(page: str) -> None:
    """Names that are imported, arguments of `sync`, and attributes of reports, runs and errors exist."""
    text = (DOCS / page).read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    calls = set(inspect.signature(sync).parameters) | SourceSettings.__annotations__.keys()
    owners = {
        "report": {*dir(Report), *Report.__slots__},
        "run": {*get_type_hints(RunRecord)},
        "errors": {*dir(errors)},
    }
    used = dict.fromkeys(owners, 0)
    for node in ast.walk(ast.parse(program)):
        match node:
            case ast.ImportFrom(module="playlake", names=names):
                assert [name.name for name in names if not hasattr(import_module("playlake"), name.name)] == []
            case ast.Call(func=ast.Name(id="sync"), keywords=keywords):
                assert {keyword.arg for keyword in keywords} <= calls
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if owner in owners:
                assert name in owners[owner], f"{owner}.{name}"
                used[owner] += 1
    assert 0 not in used.values()
    assert {errors.ConfigurationError.exit_code, errors.SignInError.exit_code} == {2, 3}
    for call in re.findall(r"`sync\((\w+)=", text):
        assert call in calls
