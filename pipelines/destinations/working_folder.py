"""dlt's working folder on this machine, and its repair; every run can do without its contents."""

import json
import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dlt
import pyarrow as pa
import pyarrow.parquet as pq
from dlt.common.pipeline import get_dlt_pipelines_dir
from dlt.common.storages.load_package import PackageStorage

from pipelines.destinations.lake_location import LakeLocation

PENDING = ("normalize", "load/new", "load/normalized")
"""Where packages are that the next run would go on with."""

LOADED = "load/loaded"
"""Where packages are that are done."""

MOVES = PackageStorage.PENDING_TRANSITIONS_FOLDER

log = logging.getLogger("playlake")


def working_folder(lake: LakeLocation) -> Path:
    """The folder of dlt's pipeline, which keeps state between runs; it does not exist before the first run."""
    return Path(get_dlt_pipelines_dir()) / lake.pipeline_name


def set_broken_aside(lake: LakeLocation) -> str | None:
    """Renames a working folder that dlt could not read. No data is lost: the tables are at the destination.

    The caller holds `sync_lock.working_folder_lock`.

    Returns:
        What was done, for people; null if the folder was all right.
    """
    folder = working_folder(lake)
    broken = next(_broken(folder), None) if folder.is_dir() else None
    if broken is None:
        return None
    aside = folder.with_name(f"{folder.name}.broken-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    folder.rename(aside)
    note = (
        f"dlt's working folder was damaged ({broken.relative_to(folder)}) and is now {aside}: what an earlier run had "
        "read but not loaded is read again. It can be deleted."
    )
    log.warning("%s", note)
    return note


def forget_loaded(pipeline: dlt.Pipeline) -> None:
    """Deletes dlt's folders of loaded packages, which dlt keeps forever and nothing reads again."""
    loaded = Path(pipeline.working_dir) / LOADED
    if loaded.is_dir():
        shutil.rmtree(loaded, ignore_errors=True)
        loaded.mkdir(exist_ok=True)


def _broken(folder: Path) -> Iterator[Path]:
    """Files of a working folder that are not what dlt writes."""
    kept = [folder / "state.json", *folder.glob("schemas/*.json"), *folder.rglob(".version")]
    pending = [path for part in PENDING for path in (folder / part).rglob("*")]
    for path in (*kept, *pending):
        # Of moves that were cut off there are marks, each with the name of the file that was to be moved.
        if path.is_file() and MOVES not in path.parts and not _is_sound(path):
            yield path


def _is_sound(path: Path) -> bool:
    try:
        if path.suffix == ".parquet":
            pq.read_metadata(path)
        elif path.suffix == ".json":
            json.loads(path.read_bytes())
        elif path.name == ".version":
            return path.read_text(encoding="utf-8").strip().count(".") == 2
    except (ValueError, pa.ArrowException):
        return False
    return True
