"""The options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


profile_option = click.option("--profile", help="The account, of those that signed in here.  [default: default]")
"""Which account; `default` is used unless the configuration has credentials of a user."""


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
            help="duckdb, parquet, or any destination that dlt knows.",
        ),
    ):
        command = option(command)
    return command
