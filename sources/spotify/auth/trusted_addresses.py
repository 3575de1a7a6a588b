"""Where tokens may be sent: the base URLs of Spotify's services, and which setting configured them.

The settings in the current folder may be somebody else's: a cloned repository, an unpacked archive. They may redirect
only the folder's own secrets, and not those of a profile, of the environment or of the user's own settings.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources.dlt_config import GLOBAL_ORIGIN_PREFIX, BaseConfiguration, ResolvedValueTrace, providers, traces
from sources.errors import ConfigurationError
from sources.spotify.auth.profile_choice import chosen_profile
from sources.spotify.auth.profiles import Profile
from sources.spotify.config import ACCOUNTS_URL, API_URL, SpotifyCredentials
from sources.spotify.setting_parsers import service_url

SECRETS = ("client_secret", "refresh_token")


@dataclass(frozen=True, slots=True)
class Root:
    """The base URL of a service.

    Attributes:
        name: the name of the setting.
        url: the address.
        is_configured: whether an argument, an option, the environment or a file sets it.
        file: the file that sets it, if that is one of the current folder.
    """

    name: str
    url: str
    is_configured: bool = True
    file: Path | None = None

    def refused(self, whose: str) -> ConfigurationError:
        """The error for a folder whose settings would redirect a secret."""
        option, variable = f"--{self.name.replace('_', '-')}", f"SOURCES__SPOTIFY__{self.name.upper()}"
        return ConfigurationError(
            f"{self.file} sets {self.name} = {self.url!r}, and {whose}: the settings of a folder do not say where "
            f"other secrets than its own go. If you mean it, say so with {option} or {variable}; else "
            f"remove it from {self.file}."
        )


@dataclass(frozen=True, slots=True)
class Roots:
    """The base URLs of both services, as they are configured.

    Attributes:
        api: the base URL of the Web API.
        accounts: the base URL of the accounts service.
        owns_secrets: whether all configured secrets come from the current folder.
    """

    api: Root
    accounts: Root
    owns_secrets: bool = False

    def both(self) -> tuple[Root, Root]:
        """Both base URLs."""
        return self.api, self.accounts


def configured_roots(credentials: SpotifyCredentials, api_url: str, accounts_url: str) -> Roots:
    """The base URLs that dlt has just resolved for the calling function, and where each was set.

    Args:
        credentials: the object that dlt resolved in the same call; it identifies dlt's trace of the call.
        api_url: the base URL of the Web API that dlt resolved.
        accounts_url: the base URL of the accounts service that dlt resolved.

    Raises:
        ConfigurationError: tokens may not be sent to one of the addresses.
    """

    def trace(name: str) -> ResolvedValueTrace | None:
        return _trace(name, lambda config: getattr(config, "credentials", None) is credentials)

    held = [name for name in SECRETS if credentials.get(name)]
    owned = [name for name in held if _file_of(_trace(name, lambda config: config is credentials)) is not None]
    return Roots(
        _root("api_url", api_url, API_URL, trace("api_url")),
        _root("accounts_url", accounts_url, ACCOUNTS_URL, trace("accounts_url")),
        owns_secrets=owned == held,
    )


def addresses(roots: Roots, credentials: SpotifyCredentials, profile: str | None) -> tuple[str, str]:
    """The base URLs of the Web API and of the accounts service for the account that the settings select.

    Args:
        roots: the configured base URLs.
        credentials: the configured credentials.
        profile: the profile that was asked for.

    Raises:
        SignInError: the profile does not exist.
        ConfigurationError: a file of the current folder would send secrets to another host.
    """
    chosen = chosen_profile(credentials, profile)
    if chosen is not None:
        return profile_addresses(roots, *chosen)
    for root in roots.both():
        if root.file is not None and not roots.owns_secrets and root.url not in (API_URL, ACCOUNTS_URL):
            whose = "the credentials are not the folder's"
            raise root.refused(whose)
    return roots.api.url, roots.accounts.url


def profile_addresses(roots: Roots, name: str, profile: Profile) -> tuple[str, str]:
    """The same for a profile, which is bound to the addresses of its sign-in.

    Raises:
        ConfigurationError: a file of the current folder would send its tokens to another host.
    """
    bound = profile.api_url or API_URL, profile.accounts_url
    for root, own in zip(roots.both(), bound, strict=True):
        if root.file is not None and root.url != own:
            whose = f"profile {name!r} signed in for {own}"
            raise root.refused(whose)
    api, accounts = (root.url if root.is_configured else own for root, own in zip(roots.both(), bound, strict=True))
    return api, accounts


def _root(name: str, url: str, default: str, trace: ResolvedValueTrace | None) -> Root:
    root = service_url(url, name=name)
    is_default = trace is not None and trace.value is None and root == default
    return Root(name, root, is_configured=not is_default, file=_file_of(trace))


def file_of_folder(provider_name: str, location: str) -> Path | None:
    """The settings file of the current folder in which a value was found, if it was one of these.

    Args:
        provider_name: the name of dlt's provider that found the value.
        location: the location that the provider names.
    """
    if not location:
        return None
    for provider in _providers():
        if provider.name == provider_name:
            files = [Path(place) for place in provider.present_locations]
            if location.startswith(GLOBAL_ORIGIN_PREFIX):
                return next((file for file in files[-1:] if not _is_own(file)), None)
            return files[0] if files else Path(location)
    return None


def _file_of(trace: ResolvedValueTrace | None) -> Path | None:
    """The same for a trace of dlt; null if the value was not found in a file of the current folder."""
    if trace is None or trace.value is None:
        return None
    return file_of_folder(trace.provider_name, trace.provider_location)


def _trace(name: str, is_of: Callable[[BaseConfiguration], bool]) -> ResolvedValueTrace | None:
    """The last trace that dlt kept of a value; null if the value was an argument."""
    return next((trace for trace in reversed(traces()) if trace.key == name and is_of(trace.config)), None)


def _providers() -> Iterator[Any]:
    """The providers that read files, also wrapped ones: recognised by their methods, not by their class."""
    for provider in providers():
        if hasattr(provider, "present_locations"):
            yield provider


def _is_own(file: Path) -> bool:
    """Whether only this user, or the system's, can have written a file: without a home dlt's folder is in /tmp."""
    if os.name != "posix":
        return True
    try:
        found = file.stat()
    except OSError:
        return False
    return found.st_uid in (0, os.geteuid()) and not found.st_mode & 0o002
