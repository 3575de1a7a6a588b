"""The keys that an entry of an accounts file may have, and the values that each takes."""

from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import msgspec

from pipelines.accounts.account import SecretReference
from sources.errors import ConfigurationError
from sources.spotify.api.ids import playlist_id
from sources.spotify.auth.profiles import Profiles
from sources.spotify.config import SETTINGS, SpotifyConfiguration, checked
from sources.spotify.list_settings import listed
from sources.spotify.resources.registry import selected
from sources.spotify.setting_parsers import moment

LAKE = ("destination", "path", "dataset")
SECRETS = ("client_secret", "refresh_token")
CREDENTIALS = ("client_id", *SECRETS, "authorised_at")
ADDRESSES = ("api_url", "accounts_url")

SETTING_KEYS = tuple(
    name
    for name, setting in SETTINGS.items()
    if setting.configurable and name not in ("playlists", "credentials", "profile")
)
"""Settings of the source that an entry may have."""

KEYS = ("name", "schedule", *LAKE, "profile", *CREDENTIALS, "playlists", "shards", *SETTING_KEYS)
"""All keys."""

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
"""Names of accounts: also those of folders, and of tasks on screens."""

MOST_SHARDS = 1_000


def value_of(key: str, value: Any, *, is_text: bool = False) -> Any:
    """The value of a key, checked as far as it can be by itself.

    Args:
        key: one of `KEYS`.
        value: as TOML has it.
        is_text: whether everything is text, as in CSV, so that `4` is a number and `true` true.

    Returns:
        Texts, numbers and truths as they are; secrets as text or `SecretReference`; `playlists` as a tuple of ids.

    Raises:
        ConfigurationError: the value cannot be used; the message holds no secret.
    """
    if key in ("client_id", *SECRETS):
        return _secret(value)
    if key == "authorised_at":
        text = value.isoformat() if isinstance(value, date | datetime) else _typed(value, str, is_text=is_text)
        moment(text, name=key, zone=UTC)
        return text
    if key == "playlists":
        return _playlists(value)
    if key in SETTING_KEYS:
        return _setting(key, value, is_text=is_text)
    if key == "shards":
        return _typed(value, Annotated[int, msgspec.Meta(ge=1, le=MOST_SHARDS)], is_text=is_text)
    text = _typed(value, str, is_text=is_text)
    if not text.strip():
        msg = "it is empty: leave it out."
        raise ConfigurationError(msg)
    if key == "profile":
        Profiles(Path()).file(text)
    return text


def check_key(key: str) -> None:
    """Refuses a key that means nothing.

    Raises:
        ConfigurationError: it is none of `KEYS`; the message names the one that was probably meant.
    """
    if key in KEYS:
        return
    near = get_close_matches(key, KEYS, n=1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(KEYS)}."
    msg = f"there is no such key: {meant}"
    raise ConfigurationError(msg)


def _secret(value: Any) -> str | SecretReference:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, dict) and len(value) == 1:
        ((where, text),) = value.items()
        if where in ("env", "file") and isinstance(text, str) and text.strip():
            return SecretReference(**{where: text})
    msg = 'write { env = "VARIABLE" }, { file = "PATH" }, or the text itself if only you can read this file.'
    raise ConfigurationError(msg)


def _playlists(value: Any) -> tuple[str, ...]:
    references = listed(value, "playlists", "ids, URIs or links")
    if not references:
        msg = "it is empty, which would mean all: leave it out instead."
        raise ConfigurationError(msg)
    return tuple(dict.fromkeys(playlist_id(reference) for reference in references))


def _setting(key: str, value: Any, *, is_text: bool) -> Any:
    """A setting of the source, refused as a sync would refuse it."""
    declared = SETTINGS[key].type
    checked_value = value if declared is Any else _typed(value, declared, is_text=is_text)
    configuration = SpotifyConfiguration()
    configuration[key] = checked_value
    checked(configuration)
    if key == "resources":
        selected(listed(value, key, "names of resources"))
    return checked_value


def _typed(value: Any, kind: Any, *, is_text: bool) -> Any:
    try:
        return msgspec.convert(value, kind, strict=not is_text)
    except msgspec.ValidationError as error:
        msg = f"{error}."
        raise ConfigurationError(msg) from None
