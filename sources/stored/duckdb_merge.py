"""DuckDB's statement that brings rows into their table."""

from collections.abc import Sequence


def write_sql(target: str, rows: str, *, key: Sequence[str] = (), removed: Sequence[str] = ()) -> str:
    """Appends rows, or where there is a key, replaces the rows that have it; it may be repeated after a kill.

    Args:
        target: the table, as SQL writes it.
        rows: a query for the rows, in which no key comes twice.
        key: columns of the key; none for rows that are only appended.
        removed: columns that are true in rows whose key is to be deleted.
    """
    if not key:
        return f"INSERT INTO {target} BY NAME {rows}"
    same = " AND ".join(f"o.{name} = n.{name}" for name in key)
    gone = "".join(f"WHEN MATCHED AND n.{name} THEN DELETE " for name in removed)
    stays = "".join(f" AND n.{name} IS NOT TRUE" for name in removed)
    return (
        f"MERGE INTO {target} AS o USING ({rows}) AS n ON {same} "
        f"{gone}WHEN MATCHED THEN UPDATE BY NAME WHEN NOT MATCHED{stays} THEN INSERT BY NAME"
    )
