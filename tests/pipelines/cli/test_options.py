"""Options of commands that stand for settings of the source."""

import click
import pytest

from pipelines.cli import playlake
from pipelines.cli.options import given_settings
from sources.spotify.config import SETTINGS


@pytest.mark.parametrize("command", ["sync", "doctor", "login"])
def test_options_say_what_is_declared(command: str) -> None:
    """An option with the name of a setting has its kind and its description, and changes nothing unless it is given."""
    found = {
        option.name: option
        for option in playlake.commands[command].params
        if isinstance(option, click.Option) and option.name in SETTINGS
    }
    assert {"profile", "api_url", "accounts_url"} <= found.keys()
    for name, option in found.items():
        setting = SETTINGS[str(name)]
        assert option.opts == [f"--{setting.name.replace('_', '-')}"]
        assert option.is_flag == (setting.type is bool)
        assert (option.help or "").lower().startswith(f"{setting.description}.".lower())


def test_what_is_not_said_is_left_to_the_configuration() -> None:
    """Flags and values that were not given are no settings; an empty text is one."""
    assert given_settings(full=False, covers=True, api_url="", profile=None) == {"covers": True, "api_url": ""}
