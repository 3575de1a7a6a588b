"""Groups days into periods: days, weeks, months, quarters or years, as many as a chart can show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipelines.operations.report.findings import Day

Unit = Literal["day", "week", "month", "quarter", "year"]

MOST = 64
"""Maximum number of periods in a chart, unless there are even more years."""

_MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(slots=True)
class Period:
    """What was added and removed in a period.

    Attributes:
        start: its first day.
        label: its name, such as 2026, Q3 2026, March 2026, week of 2 March 2026, 2 March 2026.
    """

    start: date
    label: str
    added: int = 0
    removed: int = 0


def periods(days: Sequence[Day]) -> tuple[Unit, list[Period]]:
    """All periods from the first day to the last, including empty ones, in the finest unit that fits.

    Args:
        days: in order.
    """
    if not days:
        return "day", []
    fine: tuple[Unit, ...] = ("day", "week", "month", "quarter")
    unit: Unit = next((unit for unit in fine if _count(unit, days[0].day, days[-1].day) <= MOST), "year")
    found = {start: Period(start, label(unit, start)) for start in _starts(unit, days[0].day, days[-1].day)}
    for day in days:
        period = found[_start(unit, day.day)]
        period.added += day.added
        period.removed += day.removed
    return unit, list(found.values())


def label(unit: Unit, start: date) -> str:
    """The name of a period that begins on a day."""
    if unit == "year":
        return str(start.year)
    if unit == "quarter":
        return f"Q{(start.month + 2) // 3} {start.year}"
    if unit == "month":
        return f"{start:%B} {start.year}"
    return f"{'week of ' if unit == 'week' else ''}{start.day} {start:%B} {start.year}"


def _start(unit: Unit, day: date) -> date:
    """The first day of the period that a day lies in."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next(unit: Unit, start: date) -> date:
    if unit in {"day", "week"}:
        return start + timedelta(days=1 if unit == "day" else 7)
    month = start.month - 1 + _MONTHS[unit]
    return date(start.year + month // 12, month % 12 + 1, 1)


def _starts(unit: Unit, first: date, last: date) -> Iterator[date]:
    start = _start(unit, first)
    while start <= last:
        yield start
        start = _next(unit, start)


def _count(unit: Unit, first: date, last: date) -> int:
    if unit in {"day", "week"}:
        return (_start(unit, last) - _start(unit, first)).days // (1 if unit == "day" else 7) + 1
    months = (last.year - first.year) * 12 + last.month - first.month
    return months // _MONTHS[unit] + 1
