"""Finds the rows of a batch that differ from what is stored, as SQL over `batch`, `owners` and the tables."""

from datetime import timedelta

from schemas.merging import DAYS_30, merged_sql
from schemas.spec import Table
from sources.stored.tables import COMPLETED

DAY = timedelta(days=1) // timedelta(microseconds=1)
"""In microseconds; days are those of UTC."""


def changed_dimension(table: Table, describe_after: timedelta = DAYS_30, keys: str | None = None) -> str:
    """The rows of a dimension that are new, or merge with the stored ones to something else.

    Args:
        table: the dimension.
        describe_after: after what time a description is an old one.
        keys: what stands in brackets behind SQL's `IN`: the batch's keys, by default as a query for them.
    """
    key = table.key[0]
    keys = keys or f"SELECT {key} FROM batch"  # noqa: S608 (names are our own)
    values = [merged_sql(table, c, describe_after) for c in table.columns]
    merged = ", ".join(f"{value} AS {c.name}" for value, c in zip(values, table.columns, strict=True))
    after, before = ", ".join(values), ", ".join(f"o.{c.name}" for c in table.columns)
    return (
        f"SELECT {merged} FROM batch AS n "  # noqa: S608
        f"LEFT JOIN (SELECT * FROM {table.name} WHERE {key} IN ({keys})) AS o ON o.{key} = n.{key} "
        f"WHERE o.{key} IS NULL OR ({after}) IS DISTINCT FROM ({before})"
    )


def changed_children(table: Table, keys: str = "SELECT owner FROM owners") -> str:
    """The same for a `child` table: rows of lists that changed; elements that are gone come with `removed` true."""
    columns = [c for c in table.columns if c.name != "removed"]
    owner, key = table.key[0], " AND ".join(f"o.{name} = n.{name}" for name in table.key)
    new = ", ".join(f"{merged_sql(table, c)} AS {c.name}" for c in columns)
    after, before = ", ".join(merged_sql(table, c) for c in columns), ", ".join(f"o.{c.name}" for c in columns)
    gone = ", ".join(f"o.{c.name}" if c.name in table.key else f"NULL AS {c.name}" for c in columns)
    return f"""
        WITH had AS (SELECT * FROM {table.name} WHERE {owner} IN ({keys})),
        kept AS ({_kept_lists(table)}),
        stored AS (SELECT * FROM had ANTI JOIN kept USING ({owner})),
        sent AS (SELECT * FROM batch ANTI JOIN kept USING ({owner}))
        SELECT {new}, NULL::BOOLEAN AS removed FROM sent AS n LEFT JOIN stored AS o ON {key}
        WHERE o.{owner} IS NULL OR ({after}) IS DISTINCT FROM ({before})
        UNION ALL
        SELECT {gone}, true AS removed FROM stored AS o ANTI JOIN sent AS n ON {key}
    """  # noqa: S608


def new_observations(table: Table) -> str:
    """Rows of objects whose newest row is of an earlier day and says something else, or that have none."""
    *owner, time = table.key
    same = " AND ".join(f"o.{name} = n.{name}" for name in owner)
    values = {name: f"coalesce(n.{name}, o.{name})" for name in table.differs}
    row = ", ".join(f"{values.get(c.name, f'n.{c.name}')} AS {c.name}" for c in table.columns)
    after, before = ", ".join(values.values()), ", ".join(f"o.{name}" for name in values)
    return f"""
        WITH newest AS (
            SELECT * FROM {table.name} SEMI JOIN batch USING ({", ".join(owner)})
            WHERE _dlt_load_id IN ({COMPLETED})
            QUALIFY row_number() OVER (PARTITION BY {", ".join(owner)} ORDER BY {time} DESC) = 1
        )
        SELECT {row} FROM batch AS n LEFT JOIN newest AS o ON {same}
        WHERE o.{time} IS NULL
        OR (epoch_us(n.{time}) // {DAY} > epoch_us(o.{time}) // {DAY} AND ({after}) IS DISTINCT FROM ({before}))
    """  # noqa: S608 (names are our own)


def _kept_lists(table: Table) -> str:
    """Owners whose new list counts as empty while the stored list is not."""
    owner = table.key[0]
    if table.names is None:
        return f"SELECT {owner} FROM had WHERE false"  # noqa: S608 (names are our own)
    return (
        f"SELECT DISTINCT {owner} FROM had WHERE coalesce({table.names}, '') <> '' "  # noqa: S608
        "EXCEPT SELECT owner FROM owners WHERE named"
    )
