"""Checks the settings: where they come from, unknown names, placeholder values."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from pipelines.destinations.configuration_errors import broken_files
from pipelines.operations.doctor.finding import Finding
from sources.dlt_config import providers
from sources.errors import ConfigurationError
from sources.spotify.auth.app_credentials import CLIENT_ID
from sources.spotify.config import SETTINGS, SpotifyCredentials, nearest

PREFIX = "SOURCES__SPOTIFY__"
PLACEHOLDER = re.compile(r"…|\.\.\.|client_?id|client_?secret|refresh_?token|your|<.*>|x{4,}", re.IGNORECASE)


def files_findings() -> Iterator[Finding]:
    """Which files dlt reads here, and whether others can read the secrets."""
    yield from (Finding("settings", "problem", str(wrong), wrong.exit_code) for wrong in broken_files())
    files = [Path(place) for provider in providers() for place in getattr(provider, "present_locations", ())]
    variables = sum(name.startswith(PREFIX) for name in os.environ)
    places = [str(file) for file in files] + ([f"{variables} environment variables"] if variables else [])
    told = f"Read from {', '.join(places)}." if places else "No file or variable sets any: all have their defaults."
    yield Finding("settings", "well", told)
    for file in files:
        if (
            file.name == "secrets.toml"
            and file.exists()
            and os.name == "posix"
            and stat.S_IMODE(file.stat().st_mode) & 0o077
        ):
            yield Finding("settings", "note", f"{file} can be read by others on this machine: chmod 600 {file}")


def names_findings() -> Iterator[Finding]:
    """Settings that nothing reads, with what was probably meant."""
    known = {setting.name for setting in SETTINGS.values() if setting.configurable}
    for name, place in _given():
        parent, _, last = name.rpartition(".")
        names = set(SpotifyCredentials().keys()) if parent == "credentials" else known
        if last in names:
            continue
        yield Finding("settings", "problem", f"{place} sets {name}, which nothing reads: {nearest(last, names)}", 2)


def credentials_findings(credentials: SpotifyCredentials) -> Iterator[Finding]:
    """Values that cannot be right; none is shown but the app's id, which is no secret."""
    for name in ("client_id", "client_secret", "refresh_token"):
        value = str(credentials.get(name) or "")
        if value and PLACEHOLDER.fullmatch(value.strip()):
            message = f"credentials.{name} still holds a placeholder: put the real one there."
            yield Finding("credentials", "problem", message, 2)
        elif value != value.strip() or any(sign in value for sign in "\"'“”‘’"):
            message = f"credentials.{name} holds spaces or quotation marks around it: remove them."
            yield Finding("credentials", "problem", message, 2)
        elif name == "client_id" and value and not CLIENT_ID.fullmatch(value):
            message = (
                f"credentials.client_id = {value!r} is not 32 digits and letters a to f: copy it from the dashboard."
            )
            yield Finding("credentials", "note", message)
    if credentials.client_id and credentials.client_id == credentials.client_secret:
        yield Finding("credentials", "problem", "client_id and client_secret are the same: copy both again.", 2)


def _given() -> Iterator[tuple[str, str]]:
    """Each setting of the section, with dots in its name, and where it is."""
    for name in sorted(os.environ):
        if name.startswith(PREFIX):
            yield name.removeprefix(PREFIX).lower().replace("__", "."), name
    for provider in providers():
        document = getattr(provider, "_config_doc", None) or {}
        section = (document.get("sources") or {}).get("spotify") or {}
        if not isinstance(section, dict):
            msg = "[sources.spotify] must be a section: write its settings below it, one a line."
            raise ConfigurationError(msg)
        for name, value in section.items():
            if isinstance(value, dict):
                yield from ((f"{name}.{inner}", provider.name) for inner in value)
            else:
                yield name, provider.name
