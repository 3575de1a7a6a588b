"""Checks the API: network, clock, access and API mode."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import requests
from msgspec import UNSET

from pipelines.operations.doctor.finding import Finding
from sources.errors import WrongClockError
from sources.exit_codes import PARTIAL
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import ME, ME_PLAYLISTS, PLAYLIST
from sources.spotify.auth.bearer_auth import NoAuth
from sources.spotify.http.body_limits import LONGEST, timed, within
from sources.spotify.http.network_errors import advice, asks_for_password, network_misconfiguration, reason
from sources.spotify.http.requests_transport import TIMEOUT
from sources.spotify.http.server_clock import Difference, stated

SKEW = timedelta(minutes=1)
"""By how much this machine's clock may differ from Spotify's before it is reported; a sync allows more."""


def clock_findings(api_url: str, now: datetime) -> Iterator[Finding]:
    """Whether the API's host answers, and what time it has; asked without any token."""
    try:
        with within(LONGEST, monotonic), timed(requests.Session()) as session:
            # A session also looks for passwords in a netrc file.
            answer = session.head(api_url, timeout=TIMEOUT, allow_redirects=False, auth=NoAuth())
    except OSError as error:
        # Those of `requests` are such, too.
        wrong = network_misconfiguration(error, api_url)
        message = str(wrong or f"{api_url} could not be reached ({reason(error)}): {advice(error, api_url)}.")
        yield Finding("network", "problem", message, wrong.exit_code if wrong else 1)
        return
    if answer.status_code == 407:
        wrong = asks_for_password(api_url)
        yield Finding("network", "problem", str(wrong), wrong.exit_code)
        return
    yield Finding("network", "well", f"{api_url} answers.")
    theirs = stated(answer.headers)
    if theirs is None:
        return
    difference = Difference(now, theirs.astimezone(UTC))
    if abs(difference.ahead) > SKEW:
        message = f"{difference}: history gets wrong times; correct the clock."
        yield Finding("clock", "problem", message, WrongClockError.exit_code)


def access_findings(client: Client) -> Iterator[Finding]:
    """Who the user is to the API, which playlists are theirs, and under which rules the app reads."""
    if not client.is_user:
        return
    user = client.get(ME)
    page = client.get(ME_PLAYLISTS, limit=ME_PLAYLISTS.limit, offset=0)
    listed = [playlist for playlist in page.items or () if playlist is not None and playlist.id]
    own = [playlist for playlist in listed if playlist.owner is not None and playlist.owner.id == user.id]
    total = page.total if page.total is not None else len(listed)
    if total == 0:
        yield Finding("playlists", "note", f"{user.display_name or user.id} has no playlists and follows none.")
        return
    yield Finding(
        "playlists", "well", f"{user.display_name or user.id} has {total} playlists ({len(own)} of the first "
        f"{len(listed)} are their own)."
    )  # fmt: skip
    if not own:
        return
    playlist = client.get(PLAYLIST, str(own[0].id), additional_types="track,episode")
    if playlist.items is not UNSET:
        rules = "Development mode, the rules of 2026: only the user's own and collaborative playlists have contents."
    else:
        rules = "Extended quota, or an app from before 2026: all playlists that the user can see have contents."
    if playlist.contents is None:
        yield Finding(
            "rules", "problem", f"Not even the user's own playlist {playlist.name!r} shows its contents.", PARTIAL
        )
    else:
        yield Finding("rules", "well", rules)
