"""The settings of the source: one declaration, `SpotifyConfiguration`, and the texts in which people write values.

Arguments of functions, options of commands, the table of settings in the documents and the head of a recording are
made from it, or compared with it by tests.
"""

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta, tzinfo
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import urlsplit
from urllib.request import url2pathname

from dlt.common.configuration import configspec
from dlt.common.configuration.specs import BaseConfiguration, CredentialsConfiguration
from dlt.common.typing import TSecretStrValue

from sources.errors import ConfigurationError

SECTIONS = ("sources", "spotify")
"""Where dlt's configuration holds the settings."""

API_URL = "https://api.spotify.com/v1"
ACCOUNTS_URL = "https://accounts.spotify.com"

MOST_READS = 100
"""Pages at the same time: each has a thread, and Spotify refuses far fewer."""

_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), timedelta(seconds=1)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks"), timedelta(weeks=1)),
}
_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]*)", re.IGNORECASE)


@configspec
class SpotifyCredentials(CredentialsConfiguration):
    """An app's id and secret and, to read as a user, the refresh token of that user's consent and its date."""

    client_id: str | None = None
    client_secret: TSecretStrValue | None = None
    refresh_token: TSecretStrValue | None = None
    authorised_at: str | None = None

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"SpotifyCredentials(client_id={self.client_id!r})"

    __str__ = __repr__


def _setting(
    default: Any, description: str, *, unset: str = "", configurable: bool = True, recorded: bool = False
) -> Any:
    """A field of the declaration; the arguments are the attributes of a `Setting`."""
    told = {"description": description, "unset": unset, "configurable": configurable, "recorded": recorded}
    return field(default=default, metadata=told)


@configspec
class SpotifyConfiguration(BaseConfiguration):
    """Every setting of the source."""

    playlists: Any | None = _setting(
        None, "ids, URIs or links of the playlists to sync", unset="all of the user's", recorded=True
    )
    resources: Any | None = _setting(
        None,
        "what to sync: `playlists`, `saved_items`; `account` stands for all of the user's own, `all` for everything",
        unset="`playlists`",
        recorded=True,
    )
    credentials: SpotifyCredentials = _setting(None, "`client_id`, `client_secret`, `refresh_token`, `authorised_at`")
    profile: str | None = _setting(None, "the account, of those that signed in here", unset="`default`")
    api_url: str = _setting(API_URL, "root of the Web API, if it is not Spotify's", recorded=True)
    accounts_url: str = _setting(ACCOUNTS_URL, "root of the accounts service, if it is not Spotify's")
    market: str | None = _setting(
        None,
        "two-letter country to ask for; a signed-in user's own country goes before it",
        unset="none",
        recorded=True,
    )
    audit_after: str | None = _setting(
        "7 days",
        "a playlist is read again after this time at the latest, even if it seems unchanged; each has its own turn in "
        "that period, so that no sync reads all",
        recorded=True,
    )
    max_retry_wait: str | None = _setting(
        "300 s", "how long Spotify may ask to wait before a sync stops instead", recorded=True
    )
    full: bool = _setting(False, "read everything, even what seems unchanged", configurable=False, recorded=True)
    parallel_reads: int = _setting(4, "how many pages are asked for at the same time")
    covers: bool = _setting(False, "keep the pictures of covers, too")
    keep_raw: str | None = _setting(None, "keep every answer of Spotify in this folder, compressed", unset="none")


class SourceSettings(TypedDict, total=False):
    """The types of `SpotifyConfiguration`, for arguments by name; `playlists` is the one that has a place, too."""

    resources: Any | None
    credentials: SpotifyCredentials | Mapping[str, Any]
    profile: str | None
    api_url: str
    accounts_url: str
    market: str | None
    audit_after: str | None
    max_retry_wait: str | None
    full: bool
    parallel_reads: int
    covers: bool
    keep_raw: str | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What is declared of a setting.

    Attributes:
        name: in the configuration and as an argument.
        type: as dlt reads it.
        default: the value where none is given.
        description: what it says, as in a sentence after its name.
        unset: what no value means; in backticks if it is like a value.
        configurable: whether a sync reads it from the configuration, too.
        recorded: whether the head of a recording holds it: what is to be read, and not how it is asked for.
    """

    name: str
    type: Any
    default: Any
    description: str
    unset: str
    configurable: bool
    recorded: bool


def _declared() -> dict[str, Setting]:
    types = SpotifyConfiguration.get_resolvable_fields()
    declared = {found.name: found for found in fields(SpotifyConfiguration) if found.name in types}
    return {name: Setting(name, types[name], found.default, **found.metadata) for name, found in declared.items()}


SETTINGS = _declared()
"""Every setting by its name."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that say how to read, checked and as values to work with; their meaning is declared above.

    Attributes:
        api_url: without a slash at its end.
        accounts_url: the same.
        market: in capitals.
        max_retry_wait: in seconds.
    """

    api_url: str = API_URL
    accounts_url: str = ACCOUNTS_URL
    market: str | None = None
    audit_after: timedelta = timedelta(days=7)
    max_retry_wait: float = 300.0
    full: bool = False
    parallel_reads: int = 4
    covers: bool = False


def checked(configuration: SpotifyConfiguration) -> Settings:
    """The settings that say how to read.

    Raises:
        ConfigurationError: one is wrong.
    """
    if not 1 <= configuration.parallel_reads <= MOST_READS:
        msg = f"parallel_reads = {configuration.parallel_reads} must be at least 1, and at most {MOST_READS}."
        raise ConfigurationError(msg)
    return Settings(
        api_url=service_url(configuration.api_url, name="api_url"),
        accounts_url=service_url(configuration.accounts_url, name="accounts_url"),
        market=country(configuration.market),
        audit_after=_length(configuration, "audit_after", unit="day"),
        max_retry_wait=_length(configuration, "max_retry_wait", unit="s").total_seconds(),
        full=configuration.full,
        parallel_reads=configuration.parallel_reads,
        covers=configuration.covers,
    )


def _length(configuration: SpotifyConfiguration, name: str, *, unit: str) -> timedelta:
    given = configuration[name]
    return duration(SETTINGS[name].default if given is None else given, unit=unit, name=name)


def check_names(function: str, given: Collection[str], others: Collection[str] = ()) -> None:
    """Refuses arguments that are no settings.

    Args:
        function: what they were given to.
        given: the names.
        others: further arguments of the function.

    Raises:
        ConfigurationError: one is no setting, with the one that was probably meant.
    """
    names = {*SETTINGS, *others}
    for name in given:
        if name not in names:
            msg = f"{function} has no setting {name}: {nearest(name, names)}"
            raise ConfigurationError(msg)


def nearest(name: str, names: Collection[str]) -> str:
    """Which name was probably meant by a wrong one, or all there are."""
    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(names))}."


def duration(text: str | float | timedelta, *, unit: str, name: str) -> timedelta:
    """A length of time from a setting: `7 days`, `12h`, `90 s`, or a bare number of the given unit.

    Raises:
        ConfigurationError: it is none of these.
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
        ConfigurationError: it is no time.
    """
    if not text:
        return None
    try:
        read = datetime.fromisoformat(str(text).strip())
    except ValueError:
        msg = f"{name} = {text!r} is no time: write it like 2026-11-22, or 2026-11-22T10:00:00Z."
        raise ConfigurationError(msg) from None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def local_path(text: str | Path, *, name: str) -> Path:
    """A file or folder, however it was given: `~` and `~user` are homes also where no shell has seen them.

    Variables, as in `$HOME`, are left to shells: a dollar sign may be part of a name.

    Raises:
        ConfigurationError: it names none.
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
        msg = f"{name} = {given!r}: nobody here has that home: write the whole path, or ./ before it."
        raise ConfigurationError(msg)
    return found.absolute() if str(found).startswith("~") else found


def service_url(url: str, *, name: str) -> str:
    """A root address without the slash at its end; tokens go there, so it must be https, or this machine.

    Raises:
        ConfigurationError: it is neither, or holds more than a root address.
    """
    if "@" in url:
        msg = f"{name} holds a user name or password: leave them out, credentials have their own settings."
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
    """A country as the API takes it, two letters (ISO 3166-1 alpha-2), or none.

    Raises:
        ConfigurationError: it is none.
    """
    if not code:
        return None
    if not re.fullmatch("[A-Za-z]{2}", code):
        msg = f"market = {code!r} is no country: give its two letters, such as DE."
        raise ConfigurationError(msg)
    return code.upper()
