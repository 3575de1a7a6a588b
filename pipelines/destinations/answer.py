"""The result of a query, with the database's names of its types."""

from typing import Any, NamedTuple


class Answer(NamedTuple):
    """The result of a statement.

    Attributes:
        columns: the names of the columns.
        rows: the rows, in order.
        types: the types of the columns, as the database names them.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    types: list[str]
