"""Gathers small batches of a table into large ones: whoever takes a batch has a price for each, however small."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from sources.spotify.engine.buffers import Batch

MOST = 32_000_000
"""Bytes of Arrow that wait: the rows of about 30,000 entries."""


def gathered(batches: Iterable[Batch], most: int = MOST) -> Iterator[Batch]:
    """The same rows in fewer batches; those of a table keep their order.

    Args:
        batches: of one load.
        most: how many bytes may wait before all that waits is given.
    """
    waiting: dict[str, list[Batch]] = {}
    size = 0
    for batch in batches:
        waiting.setdefault(batch.table.name, []).append(batch)
        size += batch.rows.nbytes
        if size >= most:
            yield from map(_joined, waiting.values())
            waiting, size = {}, 0
    yield from map(_joined, waiting.values())


def _joined(batches: list[Batch]) -> Batch:
    owners = [batch.owners for batch in batches if batch.owners is not None]
    rows = pa.concat_tables([batch.rows for batch in batches])
    return Batch(batches[0].table, rows, pa.concat_arrays(owners) if owners else None)
