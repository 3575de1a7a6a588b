"""The account in dlt's configuration."""

import dlt
from dlt.common.configuration.inject import with_config

from sources.spotify import SpotifyCredentials


@with_config(sections=("sources", "spotify"))
def configured_account(
    *, credentials: SpotifyCredentials = dlt.secrets.value, profile: str | None = None
) -> tuple[SpotifyCredentials, str | None]:
    """The credentials and the profile; arguments that are not given come from the configuration."""
    return credentials, profile
