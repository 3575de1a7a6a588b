"""The locks of a sync: while one writes to a lake, each other is told to try again later, and ends with 75.

There are two. That of dlt's working folder keeps out other syncs of the same user on this machine; that of the
destination keeps out everybody: a file beside a DuckDB database, an advisory lock in Postgres and in the
Postgres that is the catalogue of a DuckLake, none in a folder of Parquet files, which takes many writers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dlt.common.pipeline import get_dlt_pipelines_dir
from filelock import FileLock, Timeout

from pipelines.destinations.lake_location import LakeLocation
from sources.errors import DestinationError, TryLaterError


@contextmanager
def sync_lock(lake: LakeLocation) -> Iterator[None]:
    """Hold both locks of a lake.

    Raises:
        TryLaterError: another sync or compaction is running.
        DestinationError: dlt's folder or the place of the lake cannot be written.
    """
    with working_folder_lock(lake), lake.exclusive_lock():
        yield


@contextmanager
def working_folder_lock(lake: LakeLocation) -> Iterator[None]:
    """Hold the exclusive lock of a lake's working folder, against other syncs and compactions that use it.

    Raises:
        TryLaterError: another sync or compaction is running.
        DestinationError: dlt's folder cannot be written.
    """
    folder = Path(get_dlt_pipelines_dir())
    lock = FileLock(folder / f"{lake.pipeline_name}.lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        if not folder.joinpath(f"{lake.pipeline_name}.lock").exists():
            msg = f"The working folder {folder} does not allow new files: name another with DLT_DATA_DIR."
            raise DestinationError(msg) from None
        msg = f"Another sync is writing to {lake.location}: try again when it is done."
        raise TryLaterError(msg) from None
    except OSError as error:
        msg = f"The working folder {folder} cannot be written ({error.strerror}): name another with DLT_DATA_DIR."
        raise DestinationError(msg) from None
    try:
        yield
    finally:
        lock.release()
