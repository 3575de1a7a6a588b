"""Draws the figures as SVG, with matplotlib; without it there are only the tables."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.growth import Outcome as Growth
from tests.benchmarks.load import BASE, ratio
from tests.benchmarks.load import Outcome as Load


def draw(found: Mapping[str, Any], folder: Path) -> None:
    """Draws what there are figures of.

    Args:
        found: outcomes by their names.
        folder: where to.
    """
    if find_spec("matplotlib") is None:
        return
    import matplotlib as mpl

    # Text stays text, and the same figures give the same file.
    mpl.use("svg")
    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "playlake", "font.size": 9, "axes.grid": True}
    mpl.rcParams |= {"axes.spines.top": False, "axes.spines.right": False, "grid.alpha": 0.3, "axes.axisbelow": True}
    folder.mkdir(parents=True, exist_ok=True)
    if "load" in found:
        _load(found["load"], folder / "load.svg")
    if "growth" in found:
        _growth(found["growth"], folder / "growth.svg")


def _load(outcome: Load, file: Path) -> None:
    """CPU time by the floor's, a line for each way."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for loading in outcome.loadings:
        by_name = {result.name: result for result in loading.results}
        if BASE in by_name:
            for result in loading.results:
                if result.runs:
                    points = lines.setdefault(result.name, [])
                    points.append((loading.items, ratio(result, by_name[BASE], "cpu_seconds").middle))
    _draw(lines, file, "entries", "CPU time by the floor's", is_log=True)


def _growth(outcome: Growth, file: Path) -> None:
    """CPU time of a sync by what is stored, a line for each destination."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for lake in outcome.lakes:
        middle = median(run.cpu_seconds for run in lake.runs)
        lines.setdefault(lake.destination, []).append((lake.additions, middle))
    _draw(lines, file, "additions that are stored", "CPU seconds of a sync that adds 100", is_log=False)


def _draw(lines: Mapping[str, list[tuple[int, float]]], file: Path, x: str, y: str, *, is_log: bool) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    for name, points in lines.items():
        axes.plot(*zip(*points, strict=True), marker="o", markersize=4, label=name)
    axes.set_xscale("log")
    if is_log:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    figure.savefig(file, metadata={"Date": None})
