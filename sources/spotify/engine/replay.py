"""Replays a recorded run; and the header with which a run is recorded."""

from datetime import timedelta
from pathlib import Path

from sources.spotify.api.client import Client
from sources.spotify.auth.configured_refresh_token import ConfiguredRefreshToken
from sources.spotify.auth.tokens import Tokens
from sources.spotify.config import Settings, SpotifyCredentials
from sources.spotify.engine.run import Run
from sources.spotify.http.archive import Recording
from sources.spotify.http.archive_format import Header
from sources.spotify.http.stack import replay_stack
from sources.spotify.resources.registry import selected

_NONE = "none"


def replay_run(recording: Recording) -> Run:
    """Repeats a recorded run, with its times and its id; without network and credentials.

    Args:
        recording: the kept answers.
    """
    header, http = recording.header, replay_stack(recording)
    app = SpotifyCredentials()
    app.client_id, app.client_secret = header.client_id or _NONE, _NONE
    user = ConfiguredRefreshToken(Path(_NONE), _NONE, is_single_use=False) if header.is_user else None
    # One after the other: there is no network to wait for, and the times of what is read go on and never back.
    settings = Settings(
        api_url=header.api_url,
        market=header.market,
        audit_after=timedelta(seconds=header.audit_after),
        max_retry_wait=header.max_retry_wait,
        describe_after=timedelta(seconds=header.describe_after),
        catalogue_requests=header.catalogue_requests,
        audio_analysis=header.audio_analysis,
        full=header.full,
        parallel_reads=1,
        users=tuple(header.users),
        searches=tuple(header.searches),
        search_types=tuple(header.search_types),
        recommendation_seeds=tuple(header.recommendation_seeds),
    )
    tokens = Tokens(app, _NONE, http, http.now, user)
    client = Client(header.api_url, tokens, http, header.market)
    selection = selected(header.resources)
    run = Run(client, settings, header.references, http.now, selection=selection, replayed_until=recording.last_at)
    run.record.run_id = header.run_id
    return run


def header_of(run: Run) -> Header:
    """What a run is to do, for the head of its kept answers."""
    settings, record = run.settings, run.record
    return Header(
        version=record.version,
        run_id=record.run_id,
        started_at=record.started_at,
        client_id=record.client_id,
        is_user=run.client.is_user,
        api_url=settings.api_url,
        resources=[resource.name for resource in run.selection.resources],
        references=list(run.references),
        market=settings.market,
        full=settings.full,
        audit_after=settings.audit_after.total_seconds(),
        max_retry_wait=settings.max_retry_wait,
        users=list(settings.users),
        searches=list(settings.searches),
        search_types=list(settings.search_types),
        recommendation_seeds=list(settings.recommendation_seeds),
        describe_after=settings.describe_after.total_seconds(),
        catalogue_requests=settings.catalogue_requests,
        audio_analysis=settings.audio_analysis,
        scope=run.client.tokens.scope,
    )
