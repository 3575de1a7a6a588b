"""The settings of the source: one declaration, `SpotifyConfiguration`.

Arguments of functions, options of commands, the table of settings in the documents and the head of a recording are
made from it, or compared with it by tests.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from difflib import get_close_matches
from typing import Any, TypedDict

from dlt.common.configuration import configspec
from dlt.common.configuration.specs import BaseConfiguration, CredentialsConfiguration
from dlt.common.typing import TSecretStrValue

from sources.errors import ConfigurationError
from sources.spotify.list_settings import queries, search_types, seeds, user_ids
from sources.spotify.setting_parsers import country, duration, service_url
from sources.spotify.settings import ACCOUNTS_URL as ACCOUNTS_URL
from sources.spotify.settings import API_URL as API_URL
from sources.spotify.settings import PROFILE
from sources.spotify.settings import Settings as Settings

SECTIONS = ("sources", "spotify")
"""Where dlt's configuration holds the settings."""

MOST_READS = 100
"""Maximum number of concurrent requests: each has a thread, and Spotify's rate limit is far lower."""


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
    """Declares a setting; the arguments are the attributes of a `Setting`."""
    metadata = {"description": description, "unset": unset, "configurable": configurable, "recorded": recorded}
    return field(default=default, metadata=metadata)


@configspec
class SpotifyConfiguration(BaseConfiguration):
    """Every setting of the source."""

    playlists: Any | None = _setting(
        None, "ids, URIs or links of the playlists to sync", unset="all of the user's", recorded=True
    )
    resources: Any | None = _setting(
        None,
        "what to sync, such as `playlists,saved_items`; `account` is all of the user's own, `all` is everything",
        unset="`playlists`",
        recorded=True,
    )
    users: Any | None = _setting(
        None,
        "ids, URIs or links of other users whose public playlists are synced, too, if the app may read them",
        unset="nobody",
        recorded=True,
    )
    credentials: SpotifyCredentials = _setting(None, "`client_id`, `client_secret`, `refresh_token`, `authorised_at`")
    profile: str | None = _setting(None, PROFILE, unset="`default`")
    api_url: str = _setting(API_URL, "root of the Web API, if it is not Spotify's", recorded=True)
    accounts_url: str = _setting(ACCOUNTS_URL, "root of the accounts service, if it is not Spotify's")
    market: str | None = _setting(
        None,
        "two-letter country code sent with requests; Spotify prefers a signed-in user's own country",
        unset="none",
        recorded=True,
    )
    audit_after: str | None = _setting(
        "7 days",
        "a playlist is read again after this time at the latest, even if it seems unchanged; the audits are spread "
        "over that period, so that no sync reads all playlists",
        recorded=True,
    )
    max_retry_wait: str | None = _setting(
        "300 s", "the longest wait that Spotify may ask for; a sync stops if it is longer", recorded=True
    )
    describe_after: str | None = _setting(
        "30 days", "tracks, albums, artists and so on are requested again after this time", recorded=True
    )
    catalogue_requests: int = _setting(
        200, "how many requests a sync may send for the catalogue resources; the next sync continues", recorded=True
    )
    audio_analysis: bool = _setting(
        False, "with `audio_features`, also read the analysis of each track, with one request each", recorded=True
    )
    full: bool = _setting(False, "read everything, even what seems unchanged", configurable=False, recorded=True)
    parallel_reads: int = _setting(4, "how many pages are requested at the same time")
    covers: bool = _setting(False, "also store the images of covers")
    searches: Any | None = _setting(
        None,
        "search queries in Spotify's syntax, as a list or separated by `;`",
        unset="nothing",
        recorded=True,
    )
    search_types: Any | None = _setting(
        None,
        "kinds of search results to store: `track`, `artist`, `album`, `playlist`, `show`, `episode`, `audiobook`",
        unset="all",
        recorded=True,
    )
    recommendation_seeds: Any | None = _setting(
        None,
        "seeds of recommendations: up to five URIs of tracks and artists, or names of genres",
        unset="none, and no recommendations are read",
        recorded=True,
    )
    store_email: bool = _setting(False, "also store the signed-in user's e-mail address", recorded=True)
    keep_raw: str | None = _setting(None, "record every response of Spotify in this folder, compressed", unset="none")


class SourceSettings(TypedDict, total=False):
    """The types of `SpotifyConfiguration`, for keyword arguments; `playlists` is a positional argument, too."""

    resources: Any | None
    users: Any | None
    credentials: SpotifyCredentials | Mapping[str, Any]
    profile: str | None
    api_url: str
    accounts_url: str
    market: str | None
    audit_after: str | None
    max_retry_wait: str | None
    describe_after: str | None
    catalogue_requests: int
    audio_analysis: bool
    full: bool
    parallel_reads: int
    covers: bool
    searches: Any | None
    search_types: Any | None
    recommendation_seeds: Any | None
    store_email: bool
    keep_raw: str | None


@dataclass(frozen=True, slots=True)
class Setting:
    """The declaration of a setting.

    Attributes:
        name: in the configuration and as an argument.
        type: the type as which dlt reads it.
        default: the value if none is given.
        description: its meaning, as it continues a sentence after its name.
        unset: what it means if no value is set; in backticks if it equals that value.
        configurable: whether a sync also reads it from the configuration.
        recorded: whether the header of a recording contains it: settings that decide what is read, not how.
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


def checked(configuration: SpotifyConfiguration) -> Settings:
    """The validated settings.

    Raises:
        ConfigurationError: a setting is not valid.
    """
    if not 1 <= configuration.parallel_reads <= MOST_READS:
        msg = f"parallel_reads = {configuration.parallel_reads} must be at least 1, and at most {MOST_READS}."
        raise ConfigurationError(msg)
    if configuration.catalogue_requests < 0:
        msg = f"catalogue_requests = {configuration.catalogue_requests} must be 0 or more."
        raise ConfigurationError(msg)
    return Settings(
        api_url=service_url(configuration.api_url, name="api_url"),
        accounts_url=service_url(configuration.accounts_url, name="accounts_url"),
        market=country(configuration.market),
        audit_after=_length(configuration, "audit_after", unit="day"),
        max_retry_wait=_length(configuration, "max_retry_wait", unit="s").total_seconds(),
        describe_after=_length(configuration, "describe_after", unit="day"),
        catalogue_requests=configuration.catalogue_requests,
        audio_analysis=configuration.audio_analysis,
        full=configuration.full,
        parallel_reads=configuration.parallel_reads,
        covers=configuration.covers,
        users=user_ids(configuration.users),
        searches=queries(configuration.searches),
        search_types=search_types(configuration.search_types),
        recommendation_seeds=seeds(configuration.recommendation_seeds),
        store_email=configuration.store_email,
    )


def _length(configuration: SpotifyConfiguration, name: str, *, unit: str) -> timedelta:
    given = configuration[name]
    return duration(SETTINGS[name].default if given is None else given, unit=unit, name=name)


def check_setting_names(function: str, given: Collection[str], others: Collection[str] = ()) -> None:
    """Refuses arguments that are not settings.

    Args:
        function: the function that was called.
        given: the names.
        others: further arguments of the function.

    Raises:
        ConfigurationError: an argument is not a setting; the message names the one that was probably meant.
    """
    names = {*SETTINGS, *others}
    for name in given:
        if name not in names:
            msg = f"{function} has no setting {name}: {nearest(name, names)}"
            raise ConfigurationError(msg)


def nearest(name: str, names: Collection[str]) -> str:
    """A hint: the name that was probably meant by a wrong one, or all names."""
    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(names))}."
