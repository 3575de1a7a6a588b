"""Diagnoses setup problems and says how to fix them. Changes nothing."""

import platform
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import Any

import dlt
from dlt.common.configuration.exceptions import ConfigurationException
from dlt.common.configuration.inject import with_config

from pipelines.destinations.configuration_errors import configuration_error_of
from pipelines.destinations.lake import Lake
from pipelines.operations.doctor.account import account_findings, consent_findings
from pipelines.operations.doctor.api import access_findings, clock_findings
from pipelines.operations.doctor.finding import Finding
from pipelines.operations.doctor.lake import fields_findings, loads_findings, place_findings, runs_findings
from pipelines.operations.doctor.losses import losses_findings
from pipelines.operations.doctor.resources import resources_findings
from pipelines.operations.doctor.settings import credentials_findings, files_findings, names_findings
from sources.errors import PlaylakeError
from sources.spotify import SpotifyCredentials, read_settings
from sources.spotify.api.client import Client
from sources.spotify.auth.account import tokens_for
from sources.spotify.auth.trusted_addresses import addresses, configured_roots
from sources.spotify.config import ACCOUNTS_URL, API_URL
from sources.spotify.http.stack import http_stack
from sources.spotify.http.transport import utc_now

__all__ = ["Finding", "examine"]


def examine(
    lake: Lake, profile: str | None = None, now: Callable[[], datetime] = utc_now, **places: str
) -> Iterator[Finding]:
    """All findings, as they are made: first what is configured, then what the network says, then the tables.

    Args:
        lake: where the tables are, or will be.
        profile: the account, as for a sync.
        now: the clock.
        **places: `api_url` and `accounts_url`, where they are not to be those of the configuration.
    """
    packages = [f"{name} {version(name)}" for name in ("playlake", "dlt", "duckdb", "pyarrow")]
    yield Finding("versions", "well", ", ".join([*packages, f"Python {platform.python_version()}"]))
    yield from _tried("settings", files_findings)
    yield from _tried("settings", names_findings)
    chosen: dict[str, Any] = places | ({"profile": profile} if profile else {})
    yield from _tried("settings", lambda: _examine_api(now, **chosen))
    try:
        yield from place_findings(lake)
    except (PlaylakeError, ConfigurationException) as error:
        # The other checks ask it, too: each would wait as long for the same answer.
        yield _problem("destination", error)
        return
    yield from _tried("tables", lambda: losses_findings(lake))
    yield from _tried("times", lambda: loads_findings(lake, now()))
    yield from _tried("syncs", lambda: runs_findings(lake, now()))
    yield from _tried("new fields", lambda: fields_findings(lake))


@with_config(sections=("sources", "spotify"))
def _examine_api(
    now: Callable[[], datetime],
    *,
    credentials: SpotifyCredentials = dlt.secrets.value,
    profile: str | None = None,
    api_url: str = API_URL,
    accounts_url: str = ACCOUNTS_URL,
) -> Iterator[Finding]:
    """What needs the settings; each step only where the one before it went well."""
    roots = configured_roots(credentials, api_url, accounts_url)
    settings = read_settings(api_url=roots.api.url, accounts_url=roots.accounts.url)
    yield from credentials_findings(credentials)
    account = list(_tried("account", lambda: account_findings(credentials, profile)))
    yield from account
    if not any(finding.level == "problem" for finding in account):
        # Nothing is asked of a host that a folder's settings name for secrets that are not its own.
        api_url, accounts_url = addresses(roots, credentials, profile)
        settings = replace(settings, api_url=api_url, accounts_url=accounts_url)
    network = list(clock_findings(settings.api_url, now()))
    yield from network
    http = http_stack(settings.max_retry_wait)
    if any(finding.level == "problem" for finding in (*network[:1], *account)):
        return
    tokens = tokens_for(credentials, profile, settings.accounts_url, http, now)
    consent = list(_tried("consent", lambda: consent_findings(tokens, now())))
    yield from consent
    if any(finding.level == "problem" for finding in consent):
        return
    client = Client(settings.api_url, tokens, http, settings.market)
    yield from _tried("access", lambda: access_findings(client))
    if client.is_user:
        yield from _tried("resources", lambda: resources_findings(client))


def _tried(subject: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check; an error that a sync would end with is one of them."""
    try:
        yield from check()
    except (PlaylakeError, ConfigurationException) as error:
        yield _problem(subject, error)


def _problem(subject: str, error: PlaylakeError | ConfigurationException) -> Finding:
    if isinstance(error, ConfigurationException):
        error = configuration_error_of(error)
    return Finding(subject, "problem", str(error), error.exit_code)
