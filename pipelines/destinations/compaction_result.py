"""What a compaction may delete, and what it did."""

from dataclasses import dataclass
from datetime import timedelta

ORPHAN_AGE = timedelta(hours=1)
"""Age from which files of incomplete or replaced loads may be deleted; younger ones may still be written or read."""


@dataclass(frozen=True, slots=True)
class Compaction:
    """Statistics of a compaction.

    Attributes:
        files_before: number of Parquet files of active loads before the compaction.
        files_after: the same after it.
        bytes_before: size of these files in bytes before the compaction.
        bytes_after: the same after it.
    """

    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
