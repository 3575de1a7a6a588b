"""Checks options of dlt that a user gave: to `pipeline.run`, `apply_hints` or the settings of a destination.

Tables, keys and dispositions are the source's own, because facts are appended and what is current is merged. What
would change that, or lose rows, is refused before anything is read; `refresh` does what it says.
"""

from typing import Any

import dlt
from dlt.common.destination.client import DEFAULT_FILE_LAYOUT
from dlt.common.pipeline import SupportsPipeline
from dlt.common.storages.load_package import TLoadPackage
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from dlt.extract import DltResource
from dlt.extract.items_transform import FilterItem, LimitItem

from sources.errors import ConfigurationError
from sources.stored.dlt_adapter import writes_files

PARQUET = ("parquet", "preferred", None)


def check_options() -> None:
    """Refuses hints by which a user changed the resource that is being extracted.

    Raises:
        ConfigurationError: the user set such a hint.
    """
    resource = dlt.current.resource()
    table: Any = resource.compute_table_schema()
    if table["write_disposition"] != "append":
        _refuse(
            f"write_disposition = {table['write_disposition']!r}",
            "facts are appended and the rest is merged. To begin anew, run it with refresh='drop_sources'",
        )
    if table.get("table_format") not in (None, "native"):
        _refuse(f"table_format = {table['table_format']!r}", "what is stored is read back from plain tables and files")
    if table["name"] != resource.name or table.get("parent"):
        _refuse("table_name or parent_table_name", "it fills many tables, each under its own name")
    if table["columns"]:
        _refuse("columns, primary_key or merge_key", "its tables have keys and columns of their own")
    for contract in (table.get("schema_contract"), dlt.current.source().schema_contract):
        if "discard" in str(contract):
            _refuse(f"schema_contract = {contract!r}", "rows would be lost without a word; evolve and freeze are fine")
    for step in resource._pipe.steps:  # noqa: SLF001 (dlt tells it nowhere else)
        is_limit = isinstance(step, LimitItem) and not (step.max_items in (None, -1) and step.max_time is None)
        if is_limit or isinstance(step, FilterItem):
            option = "add_limit" if is_limit else "add_filter"
            _refuse(
                option, "what it leaves out would stay missing from playlists that count as read. Name fewer instead"
            )
    _check_files(resource, table)


_reading: set[tuple[str, str]] = set()
"""Loads that a source reads for, by the pipeline's working folder and the load's id; the latest of each folder."""


def refuse_second_source(pipeline: SupportsPipeline, load_id: str) -> None:
    """Refuses a second source in one load: both would write the rows that they share, which would be doubled.

    Raises:
        ConfigurationError: the load has another source already.
    """
    load = (str(getattr(pipeline, "working_dir", "")), load_id)
    if load in _reading:
        _refuse(
            "A list with another one",
            "of what both read all rows would be doubled. Run one after the other, with pipeline.run for each",
        )
    _reading.difference_update({other for other in _reading if other[0] == load[0]})
    _reading.add(load)


def _check_files(resource: DltResource, table: Any) -> None:
    if writes_files(dlt.current.pipeline().destination) and table.get("file_format") not in PARQUET:
        _refuse(f"loader_file_format = {table['file_format']!r}", f"{resource.name} are read back from Parquet files")


def check_layout(client: FilesystemClient) -> None:
    """Refuses a folder whose files are named so that what is stored would not be found again.

    Raises:
        ConfigurationError: the files are named so.
    """
    if client.config.layout != DEFAULT_FILE_LAYOUT:
        msg = (
            f"destination.filesystem.layout = {client.config.layout!r} hides what is stored from the next run, which "
            f"would write it again: leave it out, or set it to {DEFAULT_FILE_LAYOUT!r} for this pipeline."
        )
        raise ConfigurationError(msg)


def forgotten(package: TLoadPackage) -> set[str]:
    """Tables that this load drops or empties before it writes: `refresh` of `pipeline.run`."""
    state = package["state"]
    tables = [*state.get("dropped_tables", ()), *state.get("truncated_tables", ())]
    return {table["name"] for table in tables}


def _refuse(option: str, because: str) -> None:
    msg = f"{option} cannot be given to the source of Spotify's playlists: {because}."
    raise ConfigurationError(msg)
