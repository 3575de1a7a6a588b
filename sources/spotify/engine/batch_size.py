"""How large batches are: small ones of a table are joined, since each batch has a fixed cost for dlt and DuckDB.

How many pages are read before rows become a batch at all is `PAGES_PER_BATCH` in `resources/base.py`.
"""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from sources.spotify.engine.buffers import Batch

MOST = 16_000_000
"""Bytes of Arrow that are held back: the rows of about 15,000 entries."""

SHARE = 16
"""A table with less than one such part of them is held back longer."""


def gathered(batches: Iterable[Batch], most: int = MOST) -> Iterator[Batch]:
    """The same rows in fewer batches; those of a table keep their order.

    Args:
        batches: of one load.
        most: how many bytes may wait before those of the large tables are given.
    """
    waiting: dict[str, list[Batch]] = {}
    sizes: dict[str, int] = {}
    for batch in batches:
        name = batch.table.name
        waiting.setdefault(name, []).append(batch)
        sizes[name] = sizes.get(name, 0) + batch.rows.nbytes
        if sum(sizes.values()) >= most:
            for large in [name for name, size in sizes.items() if size >= most // SHARE]:
                del sizes[large]
                yield _joined(waiting.pop(large))
    yield from map(_joined, waiting.values())


def _joined(batches: list[Batch]) -> Batch:
    owners = [batch.owners for batch in batches if batch.owners is not None]
    rows = pa.concat_tables([batch.rows for batch in batches])
    return Batch(batches[0].table, rows, pa.concat_tables(owners) if owners else None)
