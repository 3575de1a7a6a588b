"""Gathers small batches of a table into large ones: whoever takes a batch has a price for each, however small."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from sources.spotify.engine.buffers import Batch

MOST = 16_000_000
"""Bytes of Arrow that wait: the rows of about 15,000 entries."""

SHARE = 16
"""A table with less than this part of them may wait on."""


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
    return Batch(batches[0].table, rows, pa.concat_arrays(owners) if owners else None)
