"""Recovery: finishes or discards what an interrupted run left on this machine."""

import logging

import dlt
from dlt.pipeline.exceptions import PipelineStepFailed

from schemas import TABLES
from sources.stored.dlt_adapter import sql_client_of

log = logging.getLogger("playlake")

FACTS = {table.name for table in TABLES if table.kind == "fact"}


def finish_pending(pipeline: dlt.Pipeline) -> None:
    """Loads packages that a killed run left behind.

    dlt would do that in place of the next run
    (https://dlthub.com/docs/running-in-production/running#handle-exceptions-failed-jobs-and-retry-the-pipeline).
    A package that cannot be loaded is dropped, and so is one whose loading had begun: rows that were under way may
    be in the database or not, and would be there twice; files that stand in a folder may since have been taken for
    dead by a compaction on another machine. Rows do not count without their load, and what they said is read again.
    """
    if not pipeline.has_pending_data:
        return
    begun = _begun(pipeline)
    if begun:
        log.warning("An earlier run was interrupted while it was loading: what it had read is read again")
        pipeline.abort_packages()
        _delete(pipeline, begun)
        return
    log.info("Finishing what an earlier run had read but not loaded")
    try:
        pipeline.run()
    except PipelineStepFailed as failure:
        log.warning("What an earlier run had read cannot be loaded and is read again: %s", failure)
        pipeline.abort_packages()


def _begun(pipeline: dlt.Pipeline) -> dict[str, set[str]]:
    """Pending packages of which something may be at the destination, with the tables of facts concerned."""
    found: dict[str, set[str]] = {}
    for load_id in pipeline.list_normalized_load_packages():
        jobs = pipeline.get_load_package_info(load_id).jobs
        begun = [*jobs.get("completed_jobs", ()), *jobs.get("started_jobs", ())]
        begun += [job for job in jobs.get("new_jobs", ()) if job.job_file_info.retry_count]
        if begun:
            found[load_id] = {job.job_file_info.table_name for job in begun} & FACTS
    return found


def _delete(pipeline: dlt.Pipeline, begun: dict[str, set[str]]) -> None:
    """Deletes rows of loads that will never complete; files are left to a compaction."""
    with pipeline.destination_client() as client:
        sql_client = sql_client_of(client)
        if sql_client is None:
            return
        for load_id, names in begun.items():
            for name in sorted(names):
                sql_client.execute_sql(f"DELETE FROM {name} WHERE _dlt_load_id = %s", load_id)  # noqa: S608
