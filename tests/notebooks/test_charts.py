"""What the notebooks share to draw with."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.notebooks.rendering import SOURCES

pytest.importorskip("matplotlib", reason="matplotlib is not installed: make check-notebooks")


@pytest.fixture
def charts(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module as notebooks import it, with matplotlib's own font and no other."""
    monkeypatch.syspath_prepend(str(SOURCES))
    module = pytest.importorskip("charts")
    module.prepare(fonts=("DejaVu Sans",))
    yield module
    del sys.modules["charts"]


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Für Oma", "Für Oma"),
        ("$a_1$", "$a_1$"),
        ("Workout 💪 (42)", "Workout (42)"),
        ("夏の歌", "□□□"),
        ("🏖️🏝️", "□□"),
        ("A\nB\tC", "A B C"),
        ("x" * 40, "x" * 25 + "…"),
        ("", "(no name)"),
        ("  ", "(no name)"),
        (None, "(no name)"),
    ],
)
def test_names_can_be_drawn(charts: ModuleType, name: str | None, drawn: str) -> None:
    """Of what the font has not, letters leave a square and emoji nothing, unless the name has nothing else."""
    assert charts.shown(name) == drawn


@pytest.mark.parametrize(
    ("lengths", "most"),
    [([], 0), ([0, 0], 0), ([7], 7), ([255, 31], 255), ([9, 8, 7, 6, 5], 9), ([9000, 80, 7, 6, 5, 4], 160)],
)
def test_only_one_that_outgrows_many_is_cut(charts: ModuleType, lengths: list[int], most: int) -> None:
    """A bar is cut where it would leave nothing to see of at least four others."""
    assert charts.ceiling(lengths) == most


def test_heights_are_apart_and_in_order(charts: ModuleType) -> None:
    """Each keeps its height where there is room."""
    assert charts.apart([5, 1, 1.5, 9], room=2) == [5, 1, 3, 9]
