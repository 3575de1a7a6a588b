"""What the API lets this account do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from msgspec import UNSET

from pipelines.doctor.finding import Finding
from sources.spotify.client import Client
from sources.spotify.endpoints import ME, ME_PLAYLISTS, PLAYLIST
from sources.spotify.transport import TIMEOUT

SKEW = 60.0
"""Seconds by which this machine's clock may differ from Spotify's."""


def check_clock(api_url: str, now: datetime) -> Iterator[Finding]:
    """Whether the API's host answers, and what time it has; asked without any token."""
    try:
        answer = requests.head(api_url, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        message = f"{api_url} could not be reached ({type(error).__name__}): check the network, proxies and api_url."
        yield Finding("network", "problem", message, 1)
        return
    yield Finding("network", "well", f"{api_url} answers.")
    try:
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError, TypeError):
        return
    skew = (now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))).total_seconds()
    if abs(skew) > SKEW:
        side = "ahead of" if skew > 0 else "behind"
        message = f"This machine's clock is {abs(skew):.0f} s {side} Spotify's: history gets wrong times; set it right."
        yield Finding("clock", "problem", message, 75)


def check_access(client: Client) -> Iterator[Finding]:
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
        "playlists", "well", f"{total} in the list of {user.display_name or user.id}; of the first {len(listed)}, "
        f"{len(own)} are their own."
    )  # fmt: skip
    if not own:
        return
    playlist = client.get(PLAYLIST, str(own[0].id), additional_types="track,episode")
    if playlist.items is not UNSET:
        rules = "Those of 2026 (development mode): only playlists that the user owns or collaborates on have contents."
    else:
        rules = "Extended quota, or an app of before 2026: all playlists that the user sees have contents."
    if playlist.contents is None:
        yield Finding("rules", "problem", f"Not even the own playlist {playlist.name!r} shows its contents.", 4)
    else:
        yield Finding("rules", "well", rules)
