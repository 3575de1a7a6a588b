"""Tells a service that a sync failed: Slack, Mattermost, ntfy, healthchecks, or anything that takes a POST."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from pipelines.lake import Lake
from pipelines.sync import Report
from sources.errors import ConfigurationError, PlaylakeError
from sources.spotify.auth import NoAuth
from sources.spotify.settings import service_url
from sources.spotify.transport import TIMEOUT

log = logging.getLogger("playlake")


@dataclass(slots=True)
class Outcome:
    """What became of a sync.

    Attributes:
        report: what it gave, if it ended by itself.
    """

    report: Report | None = None


@contextmanager
def failure_told(url: str | None, lake: Lake) -> Iterator[Outcome]:
    """Posts JSON to an address if the sync inside does not end with exit code 0.

    The JSON has `text`, which Slack and its like show, and `exit_code`, `outcome`, `message`, `resume_at` and
    `destination`. That the service cannot be reached is logged, and changes nothing.

    Args:
        url: where to, https or this machine; its path may be a secret and is never shown. None to tell nobody.
        lake: which tables were meant.

    Raises:
        ConfigurationError: the address is none.
    """
    if url is None:
        yield Outcome()
        return
    try:
        host = urlsplit(service_url(url.partition("?")[0], name="--failure-webhook")).netloc
    except ConfigurationError:
        msg = "--failure-webhook must be an https address, or http on 127.0.0.1, without a user name."
        raise ConfigurationError(msg) from None
    outcome = Outcome()
    try:
        yield outcome
    except PlaylakeError as error:
        _post(url, host, lake, error.exit_code, error.outcome, str(error), getattr(error, "resume_at", None))
        raise
    except Exception as error:
        _post(url, host, lake, 1, "failed", f"unexpected {type(error).__name__}", None)
        raise
    run = outcome.report.run if outcome.report is not None else None
    if run is not None and run.exit_code != 0:
        _post(url, host, lake, run.exit_code, run.outcome, run.message or "", run.resume_at)


def _post(url: str, host: str, lake: Lake, exit_code: int, outcome: str, message: str, resume_at: object) -> None:
    place = lake.location or lake.destination
    body = {
        "text": f"playlake sync into {place} ended {outcome} (exit code {exit_code}): {message}",
        "exit_code": exit_code,
        "outcome": outcome,
        "message": message,
        "resume_at": str(resume_at) if resume_at else None,
        "destination": place,
    }
    try:
        answer = requests.post(url, json=body, auth=NoAuth(), timeout=TIMEOUT, allow_redirects=False)
        problem = None if answer.ok else f"HTTP {answer.status_code}"
    except requests.RequestException as error:
        problem = type(error).__name__
    if problem is not None:
        log.error("The failure webhook at %s did not take the message (%s).", host, problem)
