"""One process at a time makes dlt's working folder of a pipeline, which dlt wipes when it holds no state yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dlt.common.pipeline import get_dlt_pipelines_dir
from filelock import FileLock


@contextmanager
def creating(pipeline_name: str) -> Iterator[None]:
    """Hold this while `dlt.pipeline` runs: afterwards the folder has a state, and no other process wipes it.

    Raises:
        OSError: dlt's folder cannot be written.
    """
    folder = Path(get_dlt_pipelines_dir())
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{pipeline_name}.creating.lock"):
        yield
