"""How a later row updates a stored one: in SQL over tables, and in Python over buffered rows.

`spec.py` says which way a column may be updated; `sources/stored/changes.py` finds the rows and lists that differ.
"""

from collections.abc import Sequence
from datetime import timedelta

from schemas.spec import Column, Table

DAYS_30 = timedelta(days=30)
"""The default of the setting `describe_after`."""


def merged_sql(table: Table, column: Column, describe_after: timedelta = DAYS_30) -> str:
    """A column of the row that is to be stored, from the new one `n` and the stored one `o`, if there is one.

    Args:
        table: whose column.
        column: which.
        describe_after: after what time a `renewed` value gives way.
    """
    new, old = f"n.{column.name}", f"o.{column.name}"
    if column.update == "replace":
        return new
    if column.update == "insert_only":
        return f"coalesce({old}, {new})"
    if column.update == "renewed":
        stands = f"epoch_us({new}) - epoch_us({old}) < {describe_after // timedelta(microseconds=1)}"
        return f"CASE WHEN {new} IS NULL OR {stands} THEN {old} ELSE {new} END"
    if column.update == "since":
        return f"CASE WHEN {new} IS NOT NULL THEN coalesce({old}, {new}) WHEN n.{table.names} IS NULL THEN {old} END"
    blank = [is_blank_sql(c) for c in (column, *_followed(table, column)) if c.blanks or c is not column]
    value = f"CASE WHEN NOT ({' OR '.join(blank)}) THEN {new} END" if blank else new
    if table.kind == "child":
        # Elements are identified by their position, where another may be now.
        same = f"n.{column.follows} = o.{column.follows}"
        return f"coalesce(CASE WHEN NOT {is_blank_sql(column)} THEN {new} END, CASE WHEN {same} THEN {old} END, {new})"
    name, kept = table.names, f"coalesce({value}, {old}, {new})"
    if not _may_be_blanked(table, column):
        return kept
    taken_down = f"WHEN n.{name} = '' AND o.{name} <> '' THEN {old} " if column.update == "coalesce" else ""
    return f"CASE {taken_down}WHEN o.{name} = '' AND n.{name} <> '' THEN {new} ELSE {kept} END"


def is_blank_sql(column: Column, row: str = "n") -> str:
    """Whether a row has no value that counts."""
    name = f"{row}.{column.name}"
    if not column.blanks:
        return f"({name} IS NULL)"
    return f"({name} IS NULL OR {name} IN ({', '.join(map(_literal, column.blanks))}))"


def merged(table: Table, before: Sequence[object], after: Sequence[object]) -> list[object]:
    """Merges two rows of one object, the later one second.

    Within a sync a later answer may hold less than an earlier one, so that here a null never replaces.
    """
    return [_merged(table, place, before, after) for place in range(len(table.columns))]


def _merged(table: Table, place: int, before: Sequence[object], after: Sequence[object]) -> object:
    column, old, new = table.columns[place], before[place], after[place]
    if column.update == "replace":
        return old if new is None else new
    if column.update in ("insert_only", "renewed"):
        # In one sync all is seen at the same time.
        return new if old is None else old
    if _may_be_blanked(table, column):
        name = table.columns.index(table[str(table.names)])
        if after[name] == "" and before[name] and column.update != "value":
            return old
        if before[name] == "" and after[name]:
            return new
    if column.update == "since":
        named = after[table.columns.index(table[str(table.names)])]
        since = old if named is None else None
        return since if new is None else new if old is None else old
    followed = [(c, after[table.columns.index(c)]) for c in _followed(table, column)]
    if new is None or any(value is None or value in c.blanks for c, value in [(column, new), *followed]):
        return new if old is None else old
    return new


def _may_be_blanked(table: Table, column: Column) -> bool:
    """Whether a column says nothing of an object that has lost its name.

    What was taken down comes with values that look like others: not explicit, a single of one track. Seen in 2024, in
    the answers that https://github.com/spotDL/spotify-downloader keeps for its tests. They neither replace what an
    object with a name said nor stay once it has one; whether and where it plays is true of both.
    """
    return table.kind == "dimension" and table.names is not None and column.update in ("coalesce", "value", "since")


def _followed(table: Table, column: Column) -> list[Column]:
    return [table[column.follows]] if column.follows else []


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
