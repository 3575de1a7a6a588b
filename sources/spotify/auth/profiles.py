"""Profiles: sign-ins stored on this machine, one file per account, readable by its owner only."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import msgspec
from msgspec import Struct
from platformdirs import user_data_path

from sources.errors import ConfigurationError, SignInError
from sources.private_file import PrivateFile
from sources.spotify.auth.consent import end_of_consent
from sources.spotify.auth.keyring_store import recall, remember
from sources.spotify.auth.refresh_tokens import storing_successor

if TYPE_CHECKING:
    from sources.spotify.models.answers import User

DEFAULT = "default"


class Profile(Struct, omit_defaults=True):
    """One account's consent.

    Attributes:
        client_id: the app that was agreed to.
        accounts_url: the accounts service; the token is sent nowhere else.
        authorised_at: when.
        scope: what the app may do, separated by spaces.
        refresh_token: the refresh token; null if the system's keyring holds it.
        in_keyring: whether it does.
        user_id: the id of the account's user.
        display_name: the account's display name.
        refused_at: since when Spotify does not accept the token, if it does not.
        api_url: the Web API that its access tokens go to; null for Spotify's.
    """

    client_id: str
    accounts_url: str
    authorised_at: datetime
    scope: str = ""
    refresh_token: str | None = None
    in_keyring: bool = False
    user_id: str | None = None
    display_name: str | None = None
    refused_at: datetime | None = None
    api_url: str | None = None

    def __repr__(self) -> str:
        """Without the token."""
        return f"Profile(client_id={self.client_id!r}, user_id={self.user_id!r})"

    @property
    def ends_at(self) -> datetime:
        """When the consent expires, however often it is used."""
        return end_of_consent(self.authorised_at)


def profile_folder() -> Path:
    """The folder for a user's profiles on this system."""
    return user_data_path("playlake") / "profiles"


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles of this user of the machine.

    Attributes:
        folder: where; made when it is needed.
    """

    folder: Path

    def names(self) -> list[str]:
        """The names of all, in order."""
        return sorted(file.stem for file in self.folder.glob("*.json"))

    def find(self, name: str) -> Profile | None:
        """A profile, if there is one of this name.

        Raises:
            ConfigurationError: the name is not valid, or the profile's file is damaged.
        """
        file = self.file(name)
        try:
            content = file.read()
        except OSError as error:
            msg = f"The profile {name!r} cannot be read from {file.path} ({error.strerror}): fix its permissions."
            raise ConfigurationError(msg) from None
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=Profile)
        except (msgspec.DecodeError, UnicodeDecodeError):
            msg = f"{file.path} is damaged: delete it, then run {login_command(name)}."
            raise ConfigurationError(msg) from None

    def get(self, name: str) -> Profile:
        """The profile of a name, which must exist.

        Raises:
            SignInError: there is no such profile; the message names the existing ones.
            ConfigurationError: the name is not valid, or the profile's file is damaged.
        """
        profile = self.find(name)
        if profile is None:
            near = get_close_matches(name, self.names(), n=1)
            others = f"did you mean {near[0]}?" if near else f"signed in here: {', '.join(self.names()) or 'nobody'}."
            msg = f"There is no profile {name!r}: run {login_command(name)}; {others}"
            raise SignInError(msg)
        return profile

    def save(self, name: str, profile: Profile, refresh_token: str) -> None:
        """Stores a new sign-in in place of the old.

        Raises:
            SignInError: the token cannot be stored there.
            TryLaterError: another process has been using the old token for minutes.
        """
        with storing_successor(self.file(name), "name another folder with XDG_DATA_HOME"):
            self.write(name, profile, refresh_token)

    def name(self, name: str, user: "User") -> Profile:
        """Notes whose account a profile is, and gives it. Its token may be another by now than at the sign-in.

        Raises:
            SignInError: the token cannot be stored there, or is no longer there.
            TryLaterError: another process has been using the token for minutes.
        """
        file = self.file(name)
        with storing_successor(file, "name another folder with XDG_DATA_HOME"):
            profile = self.get(name)
            profile.user_id, profile.display_name = user.id, user.display_name
            file.write(msgspec.json.encode(profile))
        return profile

    def write(self, name: str, profile: Profile, refresh_token: str) -> None:
        """Stores a profile, within a turn of its file. What the keyring does not take is kept in the file."""
        profile.in_keyring = profile.in_keyring and remember(name, refresh_token)
        profile.refresh_token = None if profile.in_keyring else refresh_token
        self.file(name).write(msgspec.json.encode(profile))

    def file(self, name: str) -> PrivateFile:
        """Where a profile is.

        Raises:
            ConfigurationError: the name cannot be one.
        """
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
            msg = f"profile = {name!r} is not a valid name for a profile: use letters, digits, '.', '_' and '-'."
            raise ConfigurationError(msg)
        return PrivateFile(self.folder / f"{name}.json")


def login_command(name: str) -> str:
    """The command that signs in to a profile."""
    return "playlake login" if name == DEFAULT else f"playlake login --profile {name}"


@dataclass(frozen=True, slots=True)
class ProfileTokens:
    """The refresh token of a profile.

    Attributes:
        profiles: where it is kept.
        name: the name of the profile.
    """

    profiles: Profiles
    name: str
    is_single_use: ClassVar[bool] = True

    @property
    def authorised_at(self) -> datetime | None:
        """When the user agreed."""
        return self.profiles.get(self.name).authorised_at

    @property
    def scope(self) -> str | None:
        """The granted scopes, if the response named them."""
        return self.profiles.get(self.name).scope or None

    @property
    def remedy(self) -> str:
        """What to do when it has expired."""
        return f"run {login_command(self.name)}"

    @contextmanager
    def turn(self) -> Iterator[str]:
        """The token to use now, as it is stored at this moment; only one process at a time has it.

        Raises:
            SignInError: there is no token, or the next one could not be stored.
            ConfigurationError: the file is damaged.
            TryLaterError: another process has been using the token for minutes.
        """
        with storing_successor(self.profiles.file(self.name), "name another folder with XDG_DATA_HOME"):
            profile = self.profiles.get(self.name)
            token = recall(self.name) if profile.in_keyring else profile.refresh_token
            if not token:
                where = "the system's keyring" if profile.in_keyring else "its file"
                msg = f"The token of profile {self.name!r} is no longer in {where}: {self.remedy}."
                raise SignInError(msg)
            yield token

    def keep(self, successor: str) -> None:
        """Stores the next token atomically."""
        self.profiles.write(self.name, self.profiles.get(self.name), successor)

    def accepted(self) -> None:
        """Clears the record of an earlier refusal."""
        self._note(None)

    def refused(self, now: datetime) -> datetime | None:
        """Records since when the token is refused. It is kept: in an outage valid tokens are refused, too."""
        since = self.profiles.get(self.name).refused_at
        self._note(since or now.astimezone(UTC))
        return since

    def _note(self, refused_at: datetime | None) -> None:
        profile = self.profiles.get(self.name)
        if profile.refused_at != refused_at:
            profile.refused_at = refused_at
            self.profiles.file(self.name).write(msgspec.json.encode(profile))
