"""File permissions: lakes and reports are readable by their owner only, since the data is personal."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.destinations.lake_location import LakeLocation
from sources.private_file import for_owner


@contextmanager
def owner_only(lake: LakeLocation) -> Iterator[None]:
    """What is made inside, here or by a library, may be read by its owner only; what is there stays as it is.

    A folder of Parquet files that others may enter is shared on purpose, and new files in it are as the user's umask
    has them. The mask is one for all threads of a process, which can only make files of theirs more private, too.
    """
    if lake.is_shared():
        yield
        return
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def write_private(file: Path, content: bytes) -> None:
    """Writes a file, which is its owner's only if it is new.

    Raises:
        OSError: the file cannot be written.
    """
    with open(file, "wb", opener=for_owner) as stream:
        stream.write(content)
