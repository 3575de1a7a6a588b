"""Formats results for a terminal, like DuckDB's own shell.

A table in a box as wide as the terminal at most, with types below the names. Longer texts are cut, and a row that does
not fit even so stands upright: one column a line, with all of its text. How many rows there are stands below.
"""

from dataclasses import dataclass

from rich.cells import cell_len

from pipelines.operations.cells import ELLIPSIS, cell_of, fitted, folded, is_number, is_short, shown_text
from pipelines.operations.result import Result

LEAST = 12
"""Columns of the terminal that a text is cut to at the least; a table that needs it narrower stands upright."""
TALLEST = 200
"""Lines of one value that an upright row has at most."""
ROWS, UPRIGHT_ROWS = 40, 10
"""Default number of rows that are shown: a screen or two."""
LINES, ASCII = "─│┌┬┐├┼┤└┴┘", "-|+++++++++"
"""What boxes are drawn with: level, upright, and the corners and crossings line by line."""
LONGEST_TYPE = 16
"""Columns of a type's name in the heading; those of nested types are cut."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Where an answer is shown.

    Attributes:
        width: in columns.
        is_plain: whether it shows nothing but ASCII, so that lines of boxes are made of it.
    """

    width: int
    is_plain: bool = False


@dataclass(slots=True)
class _Column:
    """A column of a table: its heading, its cells, and its width.

    Attributes:
        head: name and type.
        cells: one a row.
        right: whether they stand to the right.
        floor: how narrow it may become.
        width: how wide it is.
    """

    head: tuple[str, ...]
    cells: list[str]
    right: bool
    floor: int
    width: int

    @property
    def is_cut(self) -> bool:
        """Whether not all of its cells can be seen whole."""
        return any(cell_len(cell) > self.width for cell in self.cells)


def shown(result: Result, screen: Screen, most: int | None = None) -> str:
    """An answer as text without a line break at its end.

    Args:
        result: the answer, with as many rows as may be shown, or more.
        screen: where.
        most: how many rows to show; null for as many as are pleasant.
    """
    lines, count = _drawn(result, screen, most)
    return "\n".join([*lines, footer(len(result.rows) + result.more, count)])


def table(result: Result, screen: Screen) -> list[str]:
    """All rows of an answer in lines, without their number below."""
    return _drawn(result, screen, len(result.rows))[0]


def footer(total: int, count: int) -> str:
    """How many rows there are, and how many of them are shown."""
    text = f"{total:,} {'row' if total == 1 else 'rows'}"
    return f"{text} ({count:,} shown)" if count < total else text


def _drawn(result: Result, screen: Screen, most: int | None) -> tuple[list[str], int]:
    """The lines of a box or of upright rows, and how many rows they show."""
    columns = _columns(result, min(ROWS if most is None else most, len(result.rows)), screen.width)
    if _narrow(columns, screen.width) and not (len(result.rows) == 1 and any(column.is_cut for column in columns)):
        return _box(columns, ASCII if screen.is_plain else LINES), len(columns[0].cells)
    count = min(UPRIGHT_ROWS if most is None else most, len(result.rows))
    return _upright(result, count, screen.width), count


def _columns(result: Result, count: int, widest: int) -> list[_Column]:
    columns = []
    for index, name in enumerate(result.columns):
        values = [row[index] for row in result.rows[:count]]
        cells = [cell_of(value) for value in values]
        kinds = result.types[index : index + 1]
        head = (cell_of(name), *(fitted(kind, min(LONGEST_TYPE, cell_len(kind))) for kind in kinds))
        told = [value for value in values if value is not None]
        # Wider than the terminal is no width that is needed.
        longest = min(max((cell_len(cell) for cell in cells), default=0), widest)
        width = max(longest, min(max(map(cell_len, head)), widest), 1)
        floor = min(width, LEAST)
        if told and all(map(is_short, told)):
            floor = max(floor, longest)
        columns.append(_Column(head, cells, bool(told) and all(map(is_number, told)), floor, width))
    return columns


def _narrow(columns: list[_Column], width: int) -> bool:
    """Makes the widest columns narrower until all fit into a box of a width, if they can."""
    over = sum(column.width + 3 for column in columns) + 1 - width
    while over > 0:
        able = [column for column in columns if column.width > column.floor]
        if not able:
            return False
        max(able, key=lambda column: column.width).width -= 1
        over -= 1
    return bool(columns)


def _box(columns: list[_Column], signs: str) -> list[str]:
    level, upright = signs[0], signs[1]

    def rule(left: str, middle: str, right: str) -> str:
        return left + middle.join(level * (column.width + 2) for column in columns) + right

    def line(cells: list[str]) -> str:
        return upright + upright.join(f" {cell} " for cell in cells) + upright

    heads = [
        line([fitted(column.head[index], column.width, right=column.right) for column in columns])
        for index in range(len(columns[0].head))
    ]
    rows = [
        line([fitted(column.cells[index], column.width, right=column.right) for column in columns])
        for index in range(len(columns[0].cells))
    ]
    top, middle, bottom = (rule(signs[start], signs[start + 1], signs[start + 2]) for start in (2, 5, 8))
    return [top, *heads, middle, *rows, bottom]


def _upright(result: Result, count: int, width: int) -> list[str]:
    """Rows one below the other, each column on a line of its own."""
    names = max((cell_len(cell_of(name)) for name in result.columns), default=0)
    names = min(names, max(width // 2, 1))
    kinds = min(max(map(cell_len, result.types), default=0), LONGEST_TYPE)
    if width - names - kinds - 4 < 2 * LEAST:
        # The value needs the room more than the name of its type.
        kinds = 0
    room = max(width - names - 2 - (kinds + 2 if kinds else 0), 1)
    lines = list[str]()
    for number, row in enumerate(result.rows[:count], 1):
        if number > 1:
            lines.append("")
        lines.append(f"Row {number:,}:")
        for index, value in enumerate(row):
            head = fitted(cell_of(result.columns[index]), names) + "  "
            if kinds:
                head += fitted(result.types[index], kinds) + "  "
            text = folded(shown_text(value), room)
            if len(text) > TALLEST:
                text = [*text[: TALLEST - 1], ELLIPSIS]
            lines += [
                f"{head if place == 0 else ' ' * (width - room)}{part}".rstrip() for place, part in enumerate(text)
            ]
    return lines
