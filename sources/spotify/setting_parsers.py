"""Parses the texts of settings: durations, times, paths, addresses and countries."""

import os
import re
from datetime import datetime, timedelta, tzinfo
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sources.errors import ConfigurationError

_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), timedelta(seconds=1)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks"), timedelta(weeks=1)),
}
_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]*)", re.IGNORECASE)


def duration(text: str | float | timedelta, *, unit: str, name: str) -> timedelta:
    """A length of time from a setting: `7 days`, `12h`, `90 s`, or a bare number of the given unit.

    Raises:
        ConfigurationError: the value is not a length of time.
    """
    if isinstance(text, timedelta):
        return text
    match = _DURATION.fullmatch(str(text).strip())
    length = _UNITS.get((match["unit"] or unit).lower()) if match else None
    try:
        if match is not None and length is not None:
            return float(match["number"]) * length
    except OverflowError:
        pass
    msg = f"{name} = {text!r} is not a length of time: write it like '7 days', '12 h' or '300 s'."
    raise ConfigurationError(msg)


def moment(text: str | None, *, name: str, zone: tzinfo) -> datetime | None:
    """A time from a setting, in ISO 8601; a date means its first moment.

    Args:
        text: the setting, if there is one.
        name: which, for the message.
        zone: the time zone of a time that names none.

    Raises:
        ConfigurationError: the value is not a valid time.
    """
    if not text:
        return None
    try:
        read = datetime.fromisoformat(str(text).strip())
    except ValueError:
        msg = f"{name} = {text!r} is not a valid time: write it like 2026-11-22, or 2026-11-22T10:00:00Z."
        raise ConfigurationError(msg) from None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def local_path(text: str | Path, *, name: str) -> Path:
    """A file or folder, however it was given: `~` and `~user` are homes also where no shell has seen them.

    Variables, as in `$HOME`, are left to shells: a dollar sign may be part of a name.

    Raises:
        ConfigurationError: the value does not name a file or folder.
    """
    given = str(text)
    if given.startswith("file:"):
        parts = urlsplit(given)
        if parts.netloc not in ("", "localhost") or not parts.path:
            msg = f"{name} = {given!r} names no file of this machine: write its path."
            raise ConfigurationError(msg)
        given = url2pathname(parts.path)
    if not given.strip() or "\0" in given:
        msg = f"{name} = {given!r} names no file or folder: write its path, or leave it out."
        raise ConfigurationError(msg)
    # As a text: a path forgets the ./ that keeps a tilde what it is.
    found = Path(os.path.expanduser(given))  # noqa: PTH111
    if given.startswith("~") and found == Path(given):
        msg = f"{name} = {given!r}: there is no such user on this machine: write the complete path, or ./ before it."
        raise ConfigurationError(msg)
    return found.absolute() if str(found).startswith("~") else found


def service_url(url: str, *, name: str) -> str:
    """A root address without the slash at its end; tokens go there, so it must be https, or this machine.

    Raises:
        ConfigurationError: the address is neither https nor on this machine, or holds more than a root address.
    """
    if "@" in url:
        msg = f"{name} contains a user name or password: leave them out, credentials have their own settings."
        raise ConfigurationError(msg)
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    # A name that no DNS could know, or a sign that libraries pass over, must not be asked for.
    whole = is_host(host) and url.strip().isprintable() and " " not in url.strip()
    if not (whole and safe) or parts.query or parts.fragment:
        msg = (
            f"{name} = {url!r} must be an https address, or http on 127.0.0.1, without ? and #: tokens are sent there."
        )
        raise ConfigurationError(msg)
    return url.strip().rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_host(name: str) -> bool:
    """Whether a text may be the name or the number of a host."""
    try:
        return bool(name.encode("idna")) and ".." not in name and not name.startswith(".")
    except UnicodeError:
        return False


def country(code: str | None) -> str | None:
    """A country as the API takes it, two letters (ISO 3166-1 alpha-2), or null.

    Raises:
        ConfigurationError: the value is not a two-letter country.
    """
    if not code:
        return None
    if not re.fullmatch("[A-Za-z]{2}", code):
        msg = f"market = {code!r} is not a valid country: give its two letters, such as DE."
        raise ConfigurationError(msg)
    return code.upper()
