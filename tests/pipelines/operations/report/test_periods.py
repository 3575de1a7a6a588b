"""Days summed up to periods, and periods drawn as bars."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.operations.report.chart import HEIGHT, bar_chart
from pipelines.operations.report.findings import Day
from pipelines.operations.report.periods import MOST, periods

DAYS = st.lists(
    st.builds(Day, st.dates(date(1971, 1, 1), date(2035, 12, 31)), st.integers(0, 10**6), st.integers(0, 10**6)),
    unique_by=lambda day: day.day,
).map(lambda days: sorted(days, key=lambda day: day.day))


@given(DAYS)
def test_nothing_is_lost_in_periods_and_all_of_them_are_drawn(days: list[Day]) -> None:
    """Periods follow one another without a gap, hold all that the days held, and make bars inside of the picture."""
    unit, shown = periods(days)
    assert sum(p.added for p in shown) == sum(day.added for day in days)
    assert sum(p.removed for p in shown) == sum(day.removed for day in days)
    assert len({p.label for p in shown}) == len(shown) <= max(MOST, 65)
    starts = [p.start for p in shown]
    assert starts == sorted(starts)
    if days:
        assert starts[0] <= days[0].day
        assert starts[-1] <= days[-1].day
    chart = bar_chart(unit, shown)
    if not any(day.added or day.removed for day in days):
        assert chart is None
        return
    assert chart is not None
    assert len(chart.bars) == len(shown)
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 100.01
        assert (bar.up > 0, bar.down > 0) == (bar.period.added > 0, bar.period.removed > 0)
        assert 0 <= bar.up_y <= bar.up_y + bar.up <= chart.zero + 0.2
        assert bar.down_y + bar.down <= chart.height
    assert all(0 <= line.y <= chart.height for line in chart.lines)
    assert len(chart.marks) <= 12


@pytest.mark.parametrize(
    ("length", "unit", "first", "last"),
    [
        (10, "day", "28 February 2024", "9 March 2024"),
        (100, "week", "week of 26 February 2024", "week of 3 June 2024"),
        (1_000, "month", "February 2024", "November 2026"),
        (4_000, "quarter", "Q1 2024", "Q1 2035"),
        (10_000, "year", "2024", "2051"),
    ],
)
def test_the_finest_unit_that_fits(length: int, unit: str, first: str, last: str) -> None:
    """A span of ten days is shown by day, one of ten years by quarter, across leap days and the turn of years."""
    begin = date(2024, 2, 28)
    found, shown = periods([Day(begin, 1, 0), Day(begin + timedelta(days=length), 1, 0)])
    assert (found, shown[0].label, shown[-1].label) == (unit, first, last)


def test_lines_are_at_round_values_on_both_sides() -> None:
    """A picture has about five of them, and the highest bar and the deepest share its height by what they stand for."""
    chart = bar_chart(*periods([Day(date(2024, 1, 1), 930, 0), Day(date(2024, 1, 2), 0, 430)]))
    assert chart is not None
    assert [line.value for line in chart.lines] == [500]
    assert round(chart.bars[0].up + chart.bars[1].down) == HEIGHT
    even = bar_chart(*periods([Day(date(2024, 1, 1), 500, 0), Day(date(2024, 1, 2), 0, 500)]))
    assert even is not None
    assert [line.value for line in even.lines] == [-400, -200, 200, 400]
