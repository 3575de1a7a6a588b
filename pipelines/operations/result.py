"""The result of a query."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a query.

    Attributes:
        columns: their names.
        rows: in order.
        types: of the columns, in the words of the database; none where nobody asked for them.
        more: how many rows there are besides, which were counted and not kept.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    types: list[str] = field(default_factory=list)
    more: int = 0
