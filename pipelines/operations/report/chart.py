"""The geometry of a bar chart: additions above the axis, removals below it.

Horizontally, everything is a percentage of the width, so that a chart fills the space and its text keeps its size;
vertically, it is in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Literal

from pipelines.operations.report.periods import Period, Unit

HEIGHT = 220
"""Pixels for the bars, above and below together."""
HEADROOM = 18
"""Pixels above them, for the text on the highest line."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A period's two bars: left edge and width in percent, edges and heights in pixels."""

    period: Period
    x: float
    width: float
    up_y: float
    up: float
    down_y: float
    down: float


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line at a value."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A label below the bars, centred, or aligned at the edges; `minor` ones are shown where there is room."""

    x: float
    anchor: Literal["start", "middle", "end"]
    text: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready to be drawn, its height in pixels."""

    unit: Unit
    bars: list[Bar]
    lines: list[Line]
    marks: list[Mark]
    height: int
    zero: float


def bar_chart(unit: Unit, shown: Sequence[Period]) -> Chart | None:
    """The chart of periods in order; none if nothing was added or removed in any of them."""
    most, fewest = max((p.added for p in shown), default=0), max((p.removed for p in shown), default=0)
    if most + fewest == 0:
        return None
    scale = HEIGHT / (most + fewest)
    zero = HEADROOM + most * scale
    step = 100 / len(shown)
    # A few bars do not fill the whole width.
    width = min(step * 0.78, 6)
    bars = [
        Bar(
            period,
            round(step * index + (step - width) / 2, 3),
            round(width, 3),
            round(zero - _height(period.added, scale), 1),
            _height(period.added, scale),
            round(zero, 1),
            _height(period.removed, scale),
        )
        for index, period in enumerate(shown)
    ]
    lines = [Line(round(zero - value * scale, 1), value) for value in _values(most, fewest)]
    return Chart(unit, bars, lines, _marks(unit, shown), HEADROOM + HEIGHT + 26, round(zero, 1))


def _height(value: int, scale: float) -> float:
    """The height of a bar; any value above zero is visible."""
    return round(max(value * scale, 1.5), 1) if value else 0.0


def _values(most: int, fewest: int) -> list[int]:
    """Round values for lines, negative ones for what was removed; zero has a line of its own."""
    step = _round_step(max((most + fewest) / 5, 1))
    return [value for value in range(-(fewest // step) * step, most + 1, step) if value]


def _round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is not less."""
    magnitude = 10 ** int(log10(least))
    return next(int(factor * magnitude) for factor in (1, 2, 5, 10) if factor * magnitude >= least)


def _marks(unit: Unit, shown: Sequence[Period]) -> list[Mark]:
    """Where a year or month begins, or every few days; never more than a dozen, and half of them on a phone."""
    step = 100 / len(shown)
    candidates = [(step * (index + 0.5), text) for index, p in enumerate(shown) if (text := _mark(unit, p, len(shown)))]
    every = -(-len(candidates) // 12)
    return [Mark(round(x, 2), _anchor(x), text, index % 2 == 1) for index, (x, text) in enumerate(candidates[::every])]


def _anchor(x: float) -> Literal["start", "middle", "end"]:
    return "start" if x < 5 else "end" if x > 95 else "middle"


def _mark(unit: Unit, period: Period, count: int) -> str:
    start = period.start
    if unit in {"day", "week"}:
        return f"{start.day} {start:%b}"
    if start.month == 1:
        return str(start.year)
    return f"{start:%b}" if unit == "month" and count <= 24 else ""
