"""One validated entry of an accounts file: the account, its resources and its lake."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pipelines.destinations.lake import Lake
from sources.errors import ConfigurationError
from sources.spotify.auth.profiles import Profiles, profile_folder
from sources.spotify.config import SourceSettings, SpotifyCredentials
from sources.spotify.setting_parsers import local_path


@dataclass(frozen=True, slots=True)
class SecretReference:
    """Where a secret is. Exactly one of both is set.

    Attributes:
        env: the environment variable that holds it.
        file: the file that holds it and nothing else; blanks and line breaks around it do not count.
    """

    env: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What one sync of an accounts file does.

    Attributes:
        name: unique in the file; of a shard the entry's name and the shard's number, as in `research-2`.
        entry: the name of the entry.
        schedule: the schedule class; null if the entry is in none.
        destination: as in `--destination`.
        path: as in `--path`; null for the usual one.
        dataset: as in `--dataset`.
        profile: the sign-in on this machine to use; null if there are credentials.
        credentials: `client_id`, `client_secret`, `refresh_token` and `authorised_at`, as far as they are given; a
            secret as it is, or where it is.
        playlists: ids of the playlists to sync; none for all of the user's.
        settings: other settings of the source.
    """

    name: str
    entry: str
    schedule: str | None = None
    destination: str = "duckdb"
    path: str | None = None
    dataset: str = "spotify"
    profile: str | None = None
    credentials: Mapping[str, str | SecretReference] = field(default_factory=dict, repr=False)
    playlists: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def lake(self) -> Lake:
        """Its lake.

        Raises:
            ConfigurationError: as of `Lake`.
        """
        return Lake(self.destination, self.path, self.dataset)

    def summary(self) -> dict[str, Any]:
        """A summary of what a sync would do, without secrets."""
        resources = self.settings.get("resources") or "playlists"
        lake = self.lake()
        return {
            "name": self.name,
            "schedule": self.schedule,
            "profile": self.profile,
            "client_id": value if isinstance(value := self.credentials.get("client_id"), str) else None,
            "resources": resources if isinstance(resources, str) else ",".join(resources),
            "playlists": len(self.playlists) or None,
            "destination": lake.destination,
            "path": lake.location if self.path is not None or lake.location != lake.destination else None,
            "dataset": self.dataset,
        }

    def source_settings(self) -> SourceSettings:
        """The arguments of `sync` that lead to this account, secrets included.

        Nothing of another account steps in for what is not given: no environment variable of dlt's, no profile.

        Raises:
            ConfigurationError: an environment variable is not set, or a file cannot be read.
            SignInError: there is no such profile.
        """
        settings = cast("SourceSettings", dict(self.settings))
        if self.profile is not None:
            Profiles(profile_folder()).get(self.profile)
            settings["profile"] = self.profile
            return settings
        given = SpotifyCredentials()
        for key, value in self.credentials.items():
            given[key] = value if isinstance(value, str) else _secret(key, value)
        # What is resolved is complete: dlt looks no further.
        given.resolve()
        settings["profile"], settings["credentials"] = "", given
        return settings


def _secret(key: str, reference: SecretReference) -> str:
    """The secret to which a reference points.

    Raises:
        ConfigurationError: there is none.
    """
    if reference.env is not None:
        if not (value := os.environ.get(reference.env, "").strip()):
            msg = f"{key}: the environment variable {reference.env} is not set, or empty."
            raise ConfigurationError(msg)
        return value
    file = local_path(reference.file or "", name=key)
    if not (value := _content(key, file)):
        msg = f"{key}: the file {file} is empty."
        raise ConfigurationError(msg)
    return value


def _content(key: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        msg = f"{key}: the file {file} cannot be read ({reason})."
        raise ConfigurationError(msg) from None
