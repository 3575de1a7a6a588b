"""Which profile a sync uses, if any; does not import the sign-in, for commands that only show the account."""

from typing import Protocol

from sources.spotify.auth.profiles import DEFAULT, Profile, Profiles, profile_folder


class AppAndUser(Protocol):
    """What is configured of an app and its user: `SpotifyCredentials`, or nothing."""

    @property
    def client_id(self) -> str | None:
        """The app."""

    @property
    def refresh_token(self) -> str | None:
        """The user's consent."""


def chosen_profile(credentials: AppAndUser, profile: str | None) -> tuple[str, Profile] | None:
    """The profile that a sync would use, with its name; null if it would use the configured credentials.

    The usual profile steps in where the configuration names no user and no other app.

    Raises:
        SignInError: there is no profile of the name that was asked for.
        ConfigurationError: the profile's file is damaged.
    """
    profiles = Profiles(profile_folder())
    if profile:
        return profile, profiles.get(profile)
    if credentials.refresh_token:
        return None
    usual = profiles.find(DEFAULT)
    if usual is None or credentials.client_id not in (None, "", usual.client_id):
        return None
    return DEFAULT, usual
