"""An answer on a terminal: as wide as it at most, whatever stands in it."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from rich.cells import cell_len

from pipelines.operations.result import Result
from pipelines.operations.terminal_tables import Screen, footer, shown

ROWS = [
    ("Road trip 🎧", 1, "שיר לבת שלי", timedelta(minutes=3, seconds=7, milliseconds=250)),
    ("深夜のドライブ", 12, "e\u0301ternite\u0301 \u202eevil\x1b[2J", None),
    ("", 123456, "two\nlines\tand a tab", timedelta(hours=1)),
]
RESULT = Result(["playlist", "place", "title", "duration"], ROWS, ["varchar", "bigint", "varchar", "interval"], 14787)

UPRIGHT_AT_40 = """
Row 1:
playlist  Road trip 🎧
place     1
title     שיר לבת שלי
duration  0:03:07.25

Row 2:
playlist  深夜のドライブ
place     12
title     e\u0301ternite\u0301 �evil�[2J
duration  NULL

Row 3:
playlist
place     123456
title     two
          lines   and a tab
duration  1:00:00
14,790 rows (3 shown)
"""

BOX_AT_80 = """
┌────────────────┬────────┬───────────────────────┬────────────┐
│ playlist       │  place │ title                 │   duration │
│ varchar        │ bigint │ varchar               │   interval │
├────────────────┼────────┼───────────────────────┼────────────┤
│ Road trip 🎧   │      1 │ שיר לבת שלי           │ 0:03:07.25 │
│ 深夜のドライブ │     12 │ e\u0301ternite\u0301 �evil�[2J    │       NULL │
│                │ 123456 │ two\\nlines\\tand a tab │    1:00:00 │
└────────────────┴────────┴───────────────────────┴────────────┘
14,790 rows (3 shown)
"""

BOX_AT_56 = """
┌───────────────┬────────┬────────────────┬────────────┐
│ playlist      │  place │ title          │   duration │
│ varchar       │ bigint │ varchar        │   interval │
├───────────────┼────────┼────────────────┼────────────┤
│ Road trip 🎧  │      1 │ שיר לבת שלי    │ 0:03:07.25 │
│ 深夜のドライ… │     12 │ e\u0301ternite\u0301 �evi… │       NULL │
│               │ 123456 │ two\\nlines\\ta… │    1:00:00 │
└───────────────┴────────┴────────────────┴────────────┘
14,790 rows (3 shown)
"""


@pytest.mark.parametrize(
    ("width", "text"), [(40, UPRIGHT_AT_40), (56, BOX_AT_56), (80, BOX_AT_80), (200, BOX_AT_80)], ids=str
)
def test_a_table_fits_the_terminal(width: int, text: str) -> None:
    """Texts are cut as far as needed, numbers and times never; where that is not enough a row stands upright, whole."""
    assert shown(RESULT, Screen(width)) == text.strip("\n")


def test_a_wide_row_is_shown_vertically() -> None:
    """Each column has a line with its name and type, and long texts go on below themselves."""
    result = Result(["title", "added_at", "note"], [("x" * 70, datetime(2026, 1, 2, tzinfo=UTC), None)])
    typed = Result(result.columns, result.rows, ["varchar", "timestamptz", "varchar"])
    assert shown(typed, Screen(80)).split("\n") == [
        "Row 1:",
        "title     varchar      " + "x" * 57,
        " " * 23 + "x" * 13,
        "added_at  timestamptz  2026-01-02 00:00:00",
        "note      varchar      NULL",
        "1 row",
    ]


def test_a_terminal_without_unicode_has_its_boxes_too() -> None:
    """Where nothing but ASCII can be shown, lines are made of it."""
    assert shown(Result(["n"], [(1,), (2,)]), Screen(80, is_plain=True)).split("\n") == [
        "+---+", "| n |", "+---+", "| 1 |", "| 2 |", "+---+", "2 rows",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("total", "count", "said"), [(0, 0, "0 rows"), (1, 1, "1 row"), (14790, 40, "14,790 rows (40 shown)")]
)
def test_the_number_of_rows(total: int, count: int, said: str) -> None:
    """How many there are, and how many of them stand above."""
    assert footer(total, count) == said


def test_no_line_is_too_long() -> None:
    """Whatever stands in the cells, no line is wider than the terminal, and those of a box are all as wide."""
    random = Random(11)
    signs = "ab 日本語שלוםe\u0301🎧\n\t\x07\u200f\u0000é"
    for _ in range(300):
        columns = random.randint(1, 6)
        rows = [
            tuple("".join(random.choices(signs, k=random.randint(0, 60))) for _ in range(columns))
            for _ in range(random.randint(0, 5))
        ]
        width = random.choice([40, 80, 200])
        *lines, last = shown(Result([f"c{index}" for index in range(columns)], rows), Screen(width)).split("\n")
        assert last == footer(len(rows), len(rows))
        assert all(cell_len(line) <= width for line in lines), (width, rows)
        if lines and lines[0].startswith("┌"):
            assert len({cell_len(line) for line in lines}) == 1
