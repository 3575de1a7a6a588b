"""The dlt sources: `spotify()` and `spotify_playlists()`.

The source is written by hand and not with dlt's `rest_api`, because one page fills many tables and because a cursor
on `added_at` loses rows (see "Why not one cursor" in docs/concepts.md).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Unpack

import dlt
import pyarrow as pa
from dlt.common.configuration.inject import with_config

from sources.spotify.api.client import Client
from sources.spotify.api.ids import playlist_id
from sources.spotify.auth.account import tokens_for
from sources.spotify.auth.trusted_addresses import addresses, configured_roots
from sources.spotify.config import (
    SECTIONS,
    Settings,
    SourceSettings,
    SpotifyConfiguration,
    SpotifyCredentials,
    check_setting_names,
    checked,
)
from sources.spotify.engine.batches import Rows
from sources.spotify.engine.load_budget import LoadBudget
from sources.spotify.engine.replay import header_of
from sources.spotify.engine.run import Run
from sources.spotify.http.archive import RecordingFile
from sources.spotify.http.stack import http_stack
from sources.spotify.http.transport import steady_clock, utc_now
from sources.spotify.list_settings import listed
from sources.spotify.load_rows import LoadRows
from sources.spotify.models.run_records import RunRecord, WriteRecord
from sources.spotify.resources.registry import DEFAULT, RESOURCES, selected
from sources.spotify.setting_parsers import local_path
from sources.spotify.signature import takes_settings
from sources.stored.dlt_hints import DltItems
from sources.stored.dlt_options import check_options, forgotten, refuse_second_source
from sources.stored.opening import open_stored

SECTION = SECTIONS[-1]
"""Of sources in dlt's configuration, which would be this module's name."""

Playlists = Sequence[str] | str | None
"""Ids, URIs or links, a list or separated by commas; none for all playlists of the signed-in user."""


@dlt.source(name="spotify", section=SECTION, spec=SpotifyConfiguration)
@takes_settings
def spotify_playlists(playlists: Playlists = None, **settings: Unpack[SourceSettings]) -> Any:
    """Playlists of Spotify and no other resource, for `pipeline.run`.

    Every argument but `resources` is also read from dlt's configuration, section `sources.spotify`.

    Raises:
        ConfigurationError: an argument is wrong, or the current folder's settings would send secrets to another host.
        SignInError: credentials are missing.
    """
    return playlists_of(_run(_configuration(playlists, {**settings, "resources": DEFAULT})))


@dlt.source(name="spotify", section=SECTION, spec=SpotifyConfiguration)
@takes_settings
def spotify(playlists: Playlists = None, **settings: Unpack[SourceSettings]) -> Any:
    """Resources of Spotify, for `pipeline.run`: those of the setting `resources`, or of dlt's `with_resources`.

    Every argument is also read from dlt's configuration, section `sources.spotify`.

    Raises:
        ConfigurationError: an argument is wrong, or the current folder's settings would send secrets to another host.
        SignInError: credentials are missing.
    """
    run = _run(_configuration(playlists, settings))
    wanted = {resource.name for resource in run.selection.resources}
    for name in RESOURCES:
        yield dlt.resource(_selected, name=name, section=SECTION, selected=name in wanted)(run)


def _selected(run: Run) -> Iterator[Any]:
    """The rows of all resources that are selected, whichever of them dlt asks first: what they share is read once."""
    if run.is_taken:
        return
    run.is_taken = True
    chosen = [name for name in RESOURCES if name in dlt.current.source().selected_resources]
    if chosen != [resource.name for resource in run.selection.resources]:
        run.select(selected(chosen))
    yield from _rows(run)


@with_config(spec=SpotifyConfiguration, sections=SECTIONS)
@takes_settings
def start_run(playlists: Playlists = None, **settings: Unpack[SourceSettings]) -> Run:
    """A run with its client. Arguments, configuration and errors are those of `spotify_playlists`."""
    return _run(_configuration(playlists, settings))


def writing_client(**settings: Unpack[SourceSettings]) -> Client:
    """A client for commands that write. Settings are those of a sync; responses are not recorded.

    Raises:
        PlaylakeError: as `start_run`.
    """
    check_setting_names("writing_client", settings)
    # A command that writes cannot be replayed from a recording.
    given: SourceSettings = {**settings, "keep_raw": None}
    return start_run(**given).client


def read_settings(**settings: Unpack[SourceSettings]) -> Settings:
    """The validated settings, from arguments and configuration; credentials are not looked up.

    Raises:
        ConfigurationError: a setting is not valid.
    """
    check_setting_names("read_settings", settings)
    nobody = SpotifyCredentials()
    nobody.resolve()
    ignored: dict[str, Any] = {"playlists": None, "credentials": nobody, "profile": None, "keep_raw": None}
    return checked(_configured(**{**ignored, **settings}))


@with_config(spec=SpotifyConfiguration, sections=SECTIONS)
@takes_settings
def _configured(playlists: Playlists = None, **settings: Unpack[SourceSettings]) -> SpotifyConfiguration:
    """The settings: arguments, or else values from the configuration."""
    return _configuration(playlists, settings)


def _configuration(playlists: Playlists, settings: SourceSettings) -> SpotifyConfiguration:
    configuration = SpotifyConfiguration()
    configuration.update(settings, playlists=playlists)
    return configuration


def _run(configuration: SpotifyConfiguration) -> Run:
    credentials, profile = configuration.credentials, configuration.profile
    roots = configured_roots(credentials, configuration.api_url, configuration.accounts_url)
    given = listed(configuration.playlists, "playlists", "ids, URIs or links")
    references = [playlist_id(reference) for reference in given]
    configuration.api_url, configuration.accounts_url = addresses(roots, credentials, profile)
    settings = checked(configuration)
    raw = RecordingFile(local_path(configuration.keep_raw, name="keep_raw")) if configuration.keep_raw else None
    selection = selected(listed(configuration.resources, "resources", "names of resources") or DEFAULT)
    http = http_stack(settings.max_retry_wait, parallel=settings.parallel_reads, archive=raw, api_url=settings.api_url)
    tokens = tokens_for(credentials, profile, settings.accounts_url, http, utc_now)
    client = Client(settings.api_url, tokens, http, settings.market, settings.parallel_reads)
    run = Run(client, settings, references, steady_clock(utc_now()), selection=selection)
    if raw is not None:
        raw.header = partial(header_of, run)
    return run


@dlt.resource(name="playlists", section=SECTION)
def playlists_of(
    run: Run, budget: LoadBudget | None = None, *, begun: LoadRows | None = None, with_empty: bool = True
) -> Iterator[Any]:
    """All tables, as Arrow, from one reading of the API.

    Args:
        run: the sync, which continues where its last load ended.
        budget: the maximum size of one load; none for no limit.
        begun: the rows of the load, if reading them has begun already.
        with_empty: whether the load also creates tables without rows; otherwise the caller does.
    """
    yield from _rows(run, budget, begun, with_empty=with_empty)


def _rows(
    run: Run, budget: LoadBudget | None = None, begun: LoadRows | None = None, *, with_empty: bool = True
) -> Iterator[Any]:
    check_options()
    pipeline, package = dlt.current.pipeline(), dlt.current.load_package_state()
    refuse_second_source(pipeline, package["load_id"])
    load = begun or LoadRows(run, pipeline, budget, forgotten(package))
    dlt_items = DltItems(pipeline, load.existing, package["load_id"])
    try:
        for table, rows in load:
            yield from dlt_items.items(table, rows)
        if with_empty:
            yield from dlt_items.empty_tables()
    finally:
        load.close()
    # What Arrow keeps for itself would stand beside what the load needs.
    pa.default_memory_pool().release_unused()


@dlt.resource(name="runs", section=SECTION)
def failed_run(record: RunRecord) -> Iterator[Any]:
    """The row of a run that failed before it had anything else to write."""
    yield from _single("runs", record)


@dlt.resource(name="writes", section=SECTION)
def written(record: WriteRecord) -> Iterator[Any]:
    """The row of a command that wrote to Spotify."""
    yield from _single("writes", record)


def _single(table: str, record: object) -> Iterator[Any]:
    rows = Rows()
    rows.add(table, record)
    pipeline = dlt.current.pipeline()
    with open_stored(pipeline) as stored:
        dlt_items = DltItems(pipeline, stored.tables, dlt.current.load_package_state()["load_id"])
        for batch in rows.flush(everything=True):
            yield from dlt_items.items(batch.table, batch.rows)
