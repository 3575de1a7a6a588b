"""Webhooks: posts news and failures of a sync to Slack, Mattermost, ntfy, or any service that accepts a POST."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests

from pipelines.destinations.lake import Lake
from pipelines.sync.service import Report
from sources.errors import ConfigurationError, PlaylakeError
from sources.safe_text import printable
from sources.spotify.auth.bearer_auth import NoAuth
from sources.spotify.http.body_limits import timed, within
from sources.spotify.http.network_errors import reason
from sources.spotify.http.requests_transport import TIMEOUT
from sources.spotify.setting_parsers import service_url

LONGEST = 60.0
"""Timeout of a webhook in seconds, from the connection to the answer's headers."""

MARKUP = str.maketrans({"<": "\u2039", ">": "\u203a", "@": "\uff20"})
"""Signs with which a name could call people or hide where a link leads, where Slack and its like show it."""


@dataclass(slots=True)
class Outcome:
    """The outcome of a sync.

    Attributes:
        report: what it gave, if it ended by itself.
    """

    report: Report | None = None


@contextmanager
def report_failure(url: str | None, lake: Lake, warn: Callable[[str], None]) -> Iterator[Outcome]:
    """Posts JSON to an address if the sync inside does not end with exit code 0.

    The JSON has `text`, which Slack and its like show, and `exit_code`, `outcome`, `message`, `resume_at` and
    `destination`. That the service cannot be reached changes nothing.

    Args:
        url: where to, https or this machine; its path may be a secret and is never shown. None to post nothing.
        lake: which tables were meant.
        warn: called with a sentence if the service does not take it.

    Raises:
        ConfigurationError: the address is not valid.
    """
    if url is None:
        yield Outcome()
        return
    host = checked_host(url, "--failure-webhook")
    outcome = Outcome()
    message_of = partial(_message, lake)
    message: dict[str, object] | None = None
    try:
        yield outcome
        run = outcome.report.run if outcome.report is not None else None
        if run is not None and run.exit_code != 0:
            message = message_of(run.exit_code, run.outcome, run.message or "", run.resume_at)
    except PlaylakeError as error:
        message = message_of(error.exit_code, error.outcome, str(error), getattr(error, "resume_at", None))
        raise
    except Exception as error:
        message = message_of(1, "failed", f"unexpected {type(error).__name__}", None)
        raise
    finally:
        problem = _post(url, message) if message is not None else None
        if problem is not None:
            warn(f"The failure webhook at {host} did not accept the message ({problem}).")


def checked_host(url: str, option: str) -> str:
    """The host of an address, which may be shown; its path may be a secret.

    Raises:
        ConfigurationError: the address is not valid.
    """
    try:
        return urlsplit(service_url(url.partition("?")[0], name=option)).netloc
    except ConfigurationError:
        msg = f"{option} must be an https address, or http on 127.0.0.1, without a user name."
        raise ConfigurationError(msg) from None


def send_news(url: str, reports: Sequence[Report], warn: Callable[[str], None]) -> None:
    """Posts JSON to an address if playlists left the library or were emptied, however the syncs ended.

    The JSON has `text`, which Slack and its like show, `news`, a list of what happened to which playlist, and
    `destination`.

    Args:
        url: where to, as `report_failure` takes it.
        reports: the reports of the syncs.
        warn: called with a sentence if the service does not take it.
    """
    news = [each for report in reports for each in report.news]
    if not news:
        return
    place = reports[-1].lake.location
    message: dict[str, object] = {
        "text": f"playlake sync into {place}:\n" + "\n".join(f"{each.name}: {each.message}" for each in news),
        "news": msgspec.to_builtins(news),
        "destination": place,
    }
    problem = _post(url, message)
    if problem is not None:
        warn(f"The webhook at {checked_host(url, '--webhook')} did not accept the message ({problem}).")


def _message(lake: Lake, exit_code: int, outcome: str, message: str, resume_at: datetime | None) -> dict[str, object]:
    place = lake.location or lake.destination
    return {
        "text": f"playlake sync into {place} ended {outcome} (exit code {exit_code}): {message}",
        "exit_code": exit_code,
        "outcome": outcome,
        "message": message,
        "resume_at": resume_at.isoformat() if resume_at else None,
        "destination": place,
    }


def _post(url: str, message: dict[str, object]) -> str | None:
    """What went wrong, if anything did. Of the answer only its status counts, so no more of it is read."""
    body = _printable(message)
    body["text"] = body["text"].translate(MARKUP)
    try:
        with (
            within(LONGEST, time.monotonic),
            timed(requests.Session()) as session,
            session.post(url, json=body, auth=NoAuth(), timeout=TIMEOUT, allow_redirects=False, stream=True) as answer,
        ):
            return None if 200 <= answer.status_code < 300 else f"HTTP {answer.status_code}"
    except (OSError, ValueError) as error:
        return reason(error)


def _printable(value: Any) -> Any:
    """JSON with all its texts as they can be shown."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _printable(inner) for name, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list) else value
