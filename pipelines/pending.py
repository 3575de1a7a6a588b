"""What a run that was cut off left behind on this machine."""

import logging

import dlt
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from dlt.pipeline.exceptions import PipelineStepFailed

log = logging.getLogger("playlake")


def finish_pending(pipeline: dlt.Pipeline) -> None:
    """Loads packages that a killed run left behind.

    dlt would do that in place of the next run
    (https://dlthub.com/docs/running-in-production/running#handle-exceptions-failed-jobs-and-retry-the-pipeline).
    A package that cannot be loaded is dropped, and so is one whose first files stand in a folder already: a
    compaction on another machine may have taken them for dead. Rows do not count without their load, and what they
    said is read again.
    """
    if not pipeline.has_pending_data:
        return
    if _is_partly_written(pipeline):
        log.warning("An earlier run was cut off while it wrote files: what it had read is read again")
        pipeline.abort_packages()
        return
    log.info("Finishing what an earlier run had read but not loaded")
    try:
        pipeline.run()
    except PipelineStepFailed as failure:
        log.warning("What an earlier run had read cannot be loaded and is read again: %s", failure)
        pipeline.abort_packages()


def _is_partly_written(pipeline: dlt.Pipeline) -> bool:
    """Whether a pending package has files in a folder, where nothing tells that they are still all there."""
    with pipeline.destination_client() as client:
        if not isinstance(client, FilesystemClient):
            return False
    packages = [pipeline.get_load_package_info(load_id) for load_id in pipeline.list_normalized_load_packages()]
    return any(package.jobs.get("completed_jobs") for package in packages)
