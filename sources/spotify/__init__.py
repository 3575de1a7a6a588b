"""The dlt source: Spotify playlists as normalised tables.

It is written by hand and not with dlt's `rest_api`, because one page fills many tables and because a cursor
on `added_at` loses rows (see the section on incremental loading in the README).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import dlt
import msgspec
import pyarrow as pa
from dlt.common.configuration.inject import with_config

from sources.errors import ConfigurationError
from sources.spotify.api.client import Client
from sources.spotify.api.ids import playlist_id
from sources.spotify.auth.account import tokens_for
from sources.spotify.auth.tokens import SpotifyCredentials
from sources.spotify.auth.trusted_addresses import Roots, addresses, configured_roots
from sources.spotify.config import ACCOUNTS_URL, API_URL, Settings, country, duration, local_path, service_url
from sources.spotify.engine.batches import Rows
from sources.spotify.engine.replay import header_of, replay_run
from sources.spotify.engine.run import LoadBudget, Run
from sources.spotify.http.archive import RawFile
from sources.spotify.http.stack import http_stack
from sources.spotify.http.transport import steady_clock, utc_now
from sources.spotify.models.rows import RunRecord
from sources.stored.dlt_options import check_alone, check_options, forgotten
from sources.stored.hints import Hinted
from sources.stored.opening import open_stored
from sources.stored.table_repair import mend_tables

__all__ = [
    "LoadBudget",
    "SpotifyCredentials",
    "failed_run",
    "playlists_of",
    "read_settings",
    "replay_run",
    "spotify_playlists",
    "start_run",
]

MOST_READS = 100
"""Pages at the same time: each has a thread, and Spotify refuses far fewer."""


@dlt.source(name="spotify")
def spotify_playlists(
    playlists: Any = None,
    *,
    credentials: SpotifyCredentials = dlt.secrets.value,
    profile: str | None = None,
    api_url: str = API_URL,
    accounts_url: str = ACCOUNTS_URL,
    market: str | None = None,
    audit_after: str | None = None,
    max_retry_wait: str | None = None,
    full: bool = False,
    parallel_reads: int = 4,
    covers: bool = False,
    keep_raw: str | None = None,
) -> Any:
    """Playlists of Spotify, for `pipeline.run`.

    Every argument is also read from dlt's configuration, section `sources.spotify`.

    Args:
        playlists: ids, URIs or links, a list or separated by commas; none for all playlists of the signed-in user.
        credentials: `client_id`, `client_secret` and, for a user's own playlists, `refresh_token`.
        profile: the account to read as, of those that signed in on this machine; none for that of the credentials.
        api_url: root of the Web API.
        accounts_url: root of the accounts service.
        market: two-letter country to ask for.
        audit_after: how old a complete read may be, such as `7 days` (the default).
        max_retry_wait: how long Spotify may ask to wait before the run stops instead, such as `300 s` (the default).
        full: read everything, whatever the snapshots say.
        parallel_reads: how many pages to ask for at the same time.
        covers: keep the pictures of covers, too.
        keep_raw: folder for every answer as it was received, to be read again without the API; none to keep none.

    Raises:
        ConfigurationError: an argument is wrong, or the current folder's settings would lead secrets elsewhere.
        SignInError: credentials are missing.
    """
    run = _run(
        playlists,
        configured_roots(credentials, api_url, accounts_url),
        credentials,
        profile,
        keep_raw,
        market=market,
        audit_after=audit_after,
        max_retry_wait=max_retry_wait,
        full=full,
        parallel_reads=parallel_reads,
        covers=covers,
    )
    return playlists_of(run)


@with_config(sections=("sources", "spotify"))
def start_run(
    playlists: Any = None,
    *,
    credentials: SpotifyCredentials = dlt.secrets.value,
    profile: str | None = None,
    api_url: str = API_URL,
    accounts_url: str = ACCOUNTS_URL,
    market: str | None = None,
    audit_after: str | None = None,
    max_retry_wait: str | None = None,
    full: bool = False,
    parallel_reads: int = 4,
    covers: bool = False,
    keep_raw: str | None = None,
) -> Run:
    """A run with its client. Arguments, configuration and errors are those of `spotify_playlists`."""
    return _run(
        playlists,
        configured_roots(credentials, api_url, accounts_url),
        credentials,
        profile,
        keep_raw,
        market=market,
        audit_after=audit_after,
        max_retry_wait=max_retry_wait,
        full=full,
        parallel_reads=parallel_reads,
        covers=covers,
    )


def _run(
    playlists: Any,
    roots: Roots,
    credentials: SpotifyCredentials,
    profile: str | None,
    keep_raw: str | None,
    **more: Any,
) -> Run:
    references = [playlist_id(reference) for reference in _named(playlists)]
    api_url, accounts_url = addresses(roots, credentials, profile)
    settings = read_settings(api_url=api_url, accounts_url=accounts_url, **more)
    raw = RawFile(local_path(keep_raw, name="keep_raw")) if keep_raw else None
    http = http_stack(settings.max_retry_wait, parallel=settings.parallel_reads, archive=raw, api_url=settings.api_url)
    tokens = tokens_for(credentials, profile, settings.accounts_url, http, utc_now)
    client = Client(settings.api_url, tokens, http, settings.market, settings.parallel_reads)
    run = Run(client, settings, references, steady_clock(utc_now()))
    if raw is not None:
        raw.header = partial(header_of, run)
    return run


def _named(playlists: Sequence[str] | str | None) -> list[str]:
    """Playlists as people write them: a list, also as JSON in an environment variable, or separated by commas."""
    if isinstance(playlists, str):
        if playlists.lstrip().startswith("["):
            try:
                return msgspec.json.decode(playlists, type=list[str])
            except msgspec.DecodeError as error:
                msg = f"playlists is no list in JSON ({error}): write ids, URIs or links, separated by commas."
                raise ConfigurationError(msg) from None
        return playlists.replace(",", " ").split()
    if not isinstance(playlists, list | tuple | set | frozenset | None) or not all(
        isinstance(each, str) for each in playlists or ()
    ):
        msg = f"playlists = {playlists!r} is no list of ids, URIs or links: write them as texts."
        raise ConfigurationError(msg)
    return list(playlists or ())


@with_config(sections=("sources", "spotify"))
def read_settings(
    *,
    api_url: str = API_URL,
    accounts_url: str = ACCOUNTS_URL,
    market: str | None = None,
    audit_after: str | None = None,
    max_retry_wait: str | None = None,
    full: bool = False,
    parallel_reads: int = 4,
    covers: bool = False,
) -> Settings:
    """Settings from arguments and configuration, checked.

    Raises:
        ConfigurationError: one is wrong.
    """
    wait = duration("300 s" if max_retry_wait is None else max_retry_wait, unit="s", name="max_retry_wait")
    if not 1 <= parallel_reads <= MOST_READS:
        msg = f"parallel_reads = {parallel_reads} must be at least 1, and at most {MOST_READS}."
        raise ConfigurationError(msg)
    return Settings(
        api_url=service_url(api_url, name="api_url"),
        accounts_url=service_url(accounts_url, name="accounts_url"),
        market=country(market),
        audit_after=duration("7 days" if audit_after is None else audit_after, unit="day", name="audit_after"),
        max_retry_wait=wait.total_seconds(),
        full=full,
        parallel_reads=parallel_reads,
        covers=covers,
    )


@dlt.resource(name="playlists")
def playlists_of(run: Run, budget: LoadBudget | None = None) -> Iterator[Any]:
    """All tables, as Arrow, from one reading of the API.

    Args:
        run: the sync, which goes on where its last load ended.
        budget: how much one load may hold; none for all that is left.
    """
    check_options()
    pipeline, package = dlt.current.pipeline(), dlt.current.load_package_state()
    check_alone(pipeline, package["load_id"])
    dropped = forgotten(package)
    mends = not run.is_reading and mend_tables(pipeline, full=run.settings.full or bool(dropped))
    with open_stored(pipeline) as stored:
        # Load ids are of the system's clock.
        stored.check_clock(utc_now())
        stored.tables -= dropped
        # After a refresh dlt makes no table of which it gets nothing, not even an empty one, and views need them all.
        hinted = Hinted(pipeline, () if mends or dropped else stored.whole_tables, package["load_id"])
        for batch in run.batches(stored, budget.started(run) if budget else None):
            yield from hinted.items(batch.table, stored.changed(batch))
        yield from hinted.empty_tables()
    # What Arrow keeps for itself would stand beside what the load needs.
    pa.default_memory_pool().release_unused()


@dlt.resource(name="runs")
def failed_run(record: RunRecord) -> Iterator[Any]:
    """The row of a run that ended before it had anything else to write."""
    rows = Rows()
    rows.add("runs", record)
    pipeline = dlt.current.pipeline()
    with open_stored(pipeline) as stored:
        hinted = Hinted(pipeline, stored.tables, dlt.current.load_package_state()["load_id"])
        for batch in rows.flush(everything=True):
            yield from hinted.items(batch.table, batch.rows)
