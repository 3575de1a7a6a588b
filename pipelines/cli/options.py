"""The options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from sources.errors import ConfigurationError
from sources.spotify.setting_parsers import local_path
from sources.spotify.settings import PROFILE

if TYPE_CHECKING:
    from sources.spotify.config import SourceSettings

_Command = TypeVar("_Command", bound=Callable[..., Any])


class LocalPath(click.Path):
    """A file or folder, read like every other path of playlake's; the arguments are click's own."""

    def __init__(self, **given: bool) -> None:
        super().__init__(path_type=Path, **given)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The given path, with `~` expanded."""
        if self.allow_dash and value == "-":
            return Path(value)
        try:
            return super().convert(local_path(value, name=param.opts[0] if param else "path"), param, ctx)
        except ConfigurationError as error:
            self.fail(str(error), param, ctx)


def setting_option(name: str, **more: Any) -> Callable[[_Command], _Command]:
    """The option for a setting of the source, as it is declared.

    Args:
        name: the setting.
        **more: further arguments of `click.option`.
    """
    # The declaration needs dlt, which commands that only read tables do not import.
    from sources.spotify.config import SETTINGS

    setting = SETTINGS[name]
    usual = f"  [default: {setting.unset.strip('`')}]" if setting.unset.startswith("`") else ""
    text = f"{setting.description[0].upper()}{setting.description[1:]}.{usual}"
    return click.option(f"--{name.replace('_', '-')}", is_flag=setting.type is bool, help=text, **more)


profile_option = click.option("--profile", help=f"{PROFILE[0].upper()}{PROFILE[1:]}.  [default: default]")
"""Which account; `default` is used unless the configuration has credentials of a user."""


guard_option = click.option(
    "--guard-formulas", is_flag=True, help="In CSV put ' before text that a spreadsheet would take for a formula."
)


def address_options(command: _Command) -> _Command:
    """The options that say where tokens are sent; they override the settings of the current folder."""
    for name in ("accounts_url", "api_url"):
        command = setting_option(name, metavar="URL")(command)
    return command


def given_settings(**options: Any) -> "SourceSettings":
    """The settings that were given as options; the others come from the configuration."""
    given = {name: value for name, value in options.items() if value is not None and value is not False}
    return cast("SourceSettings", given)


def given_addresses(api_url: str | None, accounts_url: str | None) -> dict[str, Any]:
    """The same for `--api-url` and `--accounts-url`."""
    return {**given_settings(api_url=api_url, accounts_url=accounts_url)}


def lake_options(command: _Command) -> _Command:
    """The options that say where the tables are."""
    for option in (
        click.option(
            "--dataset", default="spotify", show_default=True, help="Schema in the database, or folder below the path."
        ),
        click.option("--path", help="File, folder or bucket URL.  [default: playlake.duckdb, or lake for Parquet]"),
        click.option(
            "--destination",
            default="duckdb",
            show_default=True,
            help="duckdb, parquet, or any destination that dlt supports.",
        ),
    ):
        command = option(command)
    return command
