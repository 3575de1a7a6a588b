"""The functions of the source show every setting as an argument."""

import inspect
from collections.abc import Callable
from typing import Any

import dlt
import pytest

from sources.errors import ConfigurationError
from sources.spotify import read_settings, spotify_playlists, start_run
from sources.spotify.config import SETTINGS

SHOWING: tuple[Callable[..., Any], ...] = (spotify_playlists, start_run)


@pytest.mark.parametrize("function", SHOWING)
def test_every_setting_is_an_argument(function: Callable[..., Any]) -> None:
    """Names, defaults and order are the declared ones; only `playlists` may be given by its place."""
    parameters = inspect.signature(function).parameters
    defaults = {name: setting.default for name, setting in SETTINGS.items()} | {"credentials": dlt.secrets.value}
    assert {name: found.default for name, found in parameters.items()} == defaults
    assert list(parameters) == list(SETTINGS)
    first, *others = parameters.values()
    assert first.kind == first.POSITIONAL_OR_KEYWORD
    assert {other.kind for other in others} == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("function", SHOWING)
def test_every_setting_is_reported(function: Callable[..., Any]) -> None:
    """The text that `help` shows has a line for each."""
    lines = (inspect.getdoc(function) or "").splitlines()
    assert all(any(line.strip().startswith(f"{name}: ") for line in lines) for name in SETTINGS)


@pytest.mark.parametrize("function", [*SHOWING, read_settings])
def test_a_wrong_name_is_refused(function: Callable[..., Any]) -> None:
    """A slip in an argument's name is an error in the configuration, with the right name."""
    with pytest.raises(ConfigurationError, match="has no setting marekt: did you mean market"):
        function(marekt="DE")
