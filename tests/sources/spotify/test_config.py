"""The declaration of settings, and the texts in which people write them."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints

import pytest

from sources.errors import ConfigurationError
from sources.spotify import read_settings
from sources.spotify.config import (
    SETTINGS,
    Settings,
    SourceSettings,
    SpotifyConfiguration,
    SpotifyCredentials,
    check_setting_names,
    checked,
)
from sources.spotify.resources.audit import next_audit
from sources.spotify.setting_parsers import duration, service_url


def test_arguments_have_the_declared_types() -> None:
    """All settings but the one that has a place are arguments by name, with the types that dlt reads."""
    types: dict[str, Any] = get_type_hints(SourceSettings)
    assert list(types) == [name for name in SETTINGS if name != "playlists"]
    types["credentials"] = SpotifyCredentials
    assert types == {name: SETTINGS[name].type for name in types}


def test_every_setting_is_described() -> None:
    """Each has a description without a full stop, and says what no value means."""
    for setting in SETTINGS.values():
        assert setting.description
        assert not setting.description.endswith(".")
        assert (setting.default is not None) != bool(setting.unset) or setting.name == "credentials"


def test_defaults_are_the_declared_ones() -> None:
    """Checked settings are some of the declared ones, and without values those of an empty configuration."""
    assert {found.name for found in fields(Settings)} <= SETTINGS.keys()
    assert checked(SpotifyConfiguration()) == Settings()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("marekt", "sync has no setting marekt: did you mean market?"),
        ("parallel_read", "did you mean parallel_reads?"),
        ("report", "did you mean report_to?"),
        ("zzz", "there are accounts_url, api_url, "),
    ],
)
def test_a_wrong_name(given: str, said: str) -> None:
    """What is no setting is named, with what was probably meant, or all there are."""
    with pytest.raises(ConfigurationError) as refused:
        check_setting_names("sync", ["market", given], ["report_to"])
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "unit", "length"),
    [
        ("7 days", "s", timedelta(days=7)),
        ("1 day", "s", timedelta(days=1)),
        ("2d", "s", timedelta(days=2)),
        ("12 h", "day", timedelta(hours=12)),
        ("1 HOUR", "day", timedelta(hours=1)),
        ("90 s", "day", timedelta(seconds=90)),
        ("90s", "day", timedelta(seconds=90)),
        ("90 seconds", "day", timedelta(seconds=90)),
        ("5m", "day", timedelta(minutes=5)),
        ("5 mins", "day", timedelta(minutes=5)),
        ("2 weeks", "s", timedelta(weeks=2)),
        (" 1.5 h ", "s", timedelta(minutes=90)),
        ("7", "day", timedelta(days=7)),
        (7, "day", timedelta(days=7)),
        (0.5, "day", timedelta(hours=12)),
        ("0", "s", timedelta(0)),
        (timedelta(minutes=3), "day", timedelta(minutes=3)),
    ],
)
def test_lengths_of_time(text: str | float | timedelta, unit: str, length: timedelta) -> None:
    """A number with a unit means that unit, a bare one the setting's own."""
    assert duration(text, unit=unit, name="audit_after") == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "days",
        "-1 day",
        "1,5 h",
        "500 ms",
        "5 months",
        "1 ss",
        "nan",
        "inf",
        "1e3",
        "9" * 400 + " d",
        "7 days 3 h",
    ],
)
def test_other_texts_are_refused_with_advice(text: str) -> None:
    """A length that is none names the setting and shows how to write one."""
    with pytest.raises(ConfigurationError, match=r"audit_after = .* write it like '7 days', '12 h' or '300 s'"):
        duration(text, unit="day", name="audit_after")


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://api.spotify.com/v1", "https://api.spotify.com/v1"),
        (" https://api.spotify.com/v1/ ", "https://api.spotify.com/v1"),
        ("HTTPS://proxy.example:8443/spotify//", "HTTPS://proxy.example:8443/spotify"),
        ("http://127.0.0.1:8642/v1", "http://127.0.0.1:8642/v1"),
        ("http://[::1]:8642/v1", "http://[::1]:8642/v1"),
        ("http://localhost:8642", "http://localhost:8642"),
    ],
)
def test_addresses(url: str, root: str) -> None:
    """Roots of services, without a slash at their end; plain http on this machine only."""
    assert service_url(url, name="api_url") == root


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.spotify.com/v1",
        "ftp://api.spotify.com",
        "http://api.spotify.com/v1",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://0.0.0.0:1/",
        "https://",
        "https:///v1",
        "http://[::1",
        "https://api.spotify.com:99999/",
        "https://api.spotify.com:port/",
        "https://api.spotify.com/v1?x=1",
        "https://api.spotify.com/v1#x",
        "file:///etc/passwd",
        "https://a..example/v1",
        "https://.example/v1",
        f"https://{'x' * 64}.example/v1",
        "https://api spotify.com/v1",
        "https://api.spotify.com/v 1",
        "https://api.\nspotify.com/v1",
        "https://api.spotify.com/v1\u202e",
    ],
)
def test_unsafe_addresses_are_refused(url: str) -> None:
    """Tokens go over https, or stay on this machine; a typing mistake is named, not asked for."""
    with pytest.raises(ConfigurationError, match=r"api_url = .* must be an https address"):
        service_url(url, name="api_url")


@pytest.mark.parametrize("url", ["https://me:PASSWORD@api.example/", "https://me:PASSWORD@api.example:99999/"])
def test_passwords_in_addresses_are_refused_unseen(url: str) -> None:
    """A password in an address would end in every message that names it."""
    with pytest.raises(ConfigurationError, match=r"user name or password") as caught:
        service_url(url, name="api_url")
    assert "PASSWORD" not in str(caught.value)


@pytest.mark.parametrize("number", [0, -3, 101, 10**9])
def test_reads_at_the_same_time(number: int) -> None:
    """As many threads as a machine has are no setting, but a slip."""
    with pytest.raises(ConfigurationError, match="must be at least 1, and at most 100"):
        read_settings(parallel_reads=number)


def test_an_audit_that_never_comes() -> None:
    """A period that ends after all dates asks for no audit, and for nothing else either."""
    now = datetime(2026, 11, 26, tzinfo=UTC)
    assert next_audit("37i9dQZF1DXcBWIGoYBM5M", now, timedelta.max) > now
