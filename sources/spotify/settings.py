"""The settings of a sync, as one value, and the texts in which people write them."""

import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from sources.errors import ConfigurationError

API_URL = "https://api.spotify.com/v1"
ACCOUNTS_URL = "https://accounts.spotify.com"

_UNITS = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "d": 86400,
    "day": 86400,
}
_DURATION = re.compile(r"\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]*?)s?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a sync needs to know besides credentials.

    Attributes:
        api_url: root of the Web API, without a slash at its end.
        accounts_url: root of the accounts service.
        market: two-letter country to ask for, or none for the user's own.
        audit_after: how old a complete read may be before a playlist is read although its
            snapshot has not moved.
        max_retry_wait: seconds that the API may ask to wait before the run stops instead.
        full: read everything, whatever the snapshots say.
    """

    api_url: str = API_URL
    accounts_url: str = ACCOUNTS_URL
    market: str | None = None
    audit_after: timedelta = timedelta(days=7)
    max_retry_wait: float = 300.0
    full: bool = False


def duration(text: str | float | timedelta, *, unit: str, name: str) -> timedelta:
    """A length of time from a setting: `7 days`, `12h`, `90 s`, or a bare number of the given unit.

    Raises:
        ConfigurationError: it is none of these.
    """
    if isinstance(text, timedelta):
        return text
    match = _DURATION.fullmatch(str(text))
    seconds = _UNITS.get((match["unit"] or unit).lower() or "s") if match else None
    if match is None or seconds is None:
        msg = f"{name} = {text!r} is not a length of time: write it like '7 days', '12 h' or '300 s'."
        raise ConfigurationError(msg)
    return timedelta(seconds=float(match["number"]) * seconds)


def service_url(url: str, *, name: str) -> str:
    """A root address without the slash at its end; tokens go there, so it must be https, or this machine.

    Raises:
        ConfigurationError: it is neither.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url.rstrip("/")
    if parts.scheme == "http" and parts.hostname and _is_loopback(parts.hostname):
        return url.rstrip("/")
    msg = f"{name} = {url!r} must be an https address, or http on 127.0.0.1: tokens are sent there."
    raise ConfigurationError(msg)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
