"""Shared by the commands that write to Spotify: options, confirmation, and output."""

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from pipelines.cli.options import address_options, given_settings, lake_options, profile_option
from pipelines.cli.output import say
from pipelines.cli.terminal import progress_bars, set_up_log
from pipelines.destinations.lake import Lake
from sources.errors import ConfigurationError
from sources.spotify.config import SourceSettings

if TYPE_CHECKING:
    from pipelines.operations.writing import Written


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """The values of the shared options.

    Attributes:
        lake: where the tables are.
        settings: those of the source that options gave.
        dry_run: whether to report the changes without writing.
        yes: whether to skip the confirmation.
        quiet: whether to say nothing unless something is wrong.
        verbose: whether to say more.
    """

    lake: Lake
    settings: SourceSettings
    dry_run: bool
    yes: bool
    quiet: bool
    verbose: bool

    def run(self, operation: "Callable[..., Written]") -> None:
        """Runs `push` or `restore` with these options, says what came of it, and exits.

        Args:
            operation: takes `lake`, `dry_run`, `confirm`, `progress` and the settings of the source by name.
        """
        check_can_ask(yes=self.yes, dry_run=self.dry_run)
        set_up_log(verbose=self.verbose)
        with progress_bars(quiet=self.quiet or not self.yes) as bar:
            done = operation(
                lake=self.lake,
                dry_run=self.dry_run,
                confirm=asking(yes=self.yes, quiet=self.quiet),
                progress=bar("Requests"),
                **self.settings,
            )
        tell_end(done, quiet=self.quiet)
        sys.exit(done.exit_code)


def write_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options of all that write to Spotify; it gets them as one argument, `options`."""

    @functools.wraps(command)
    def collected(
        *,
        destination: str,
        path: str | None,
        dataset: str,
        profile: str | None,
        api_url: str | None,
        accounts_url: str | None,
        dry_run: bool,
        yes: bool,
        quiet: bool,
        verbose: bool,
        **own: Any,
    ) -> None:
        settings = given_settings(profile=profile or None, api_url=api_url, accounts_url=accounts_url)
        lake = Lake(destination, path, dataset)
        command(options=WriteOptions(lake, settings, dry_run, yes, quiet, verbose), **own)

    # The last is the first that the help shows.
    for option in (
        click.option("--verbose", "-v", is_flag=True, help="Print more, and show tracebacks."),
        click.option("--quiet", "-q", is_flag=True, help="Print nothing unless something is wrong."),
        click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation."),
        click.option("--dry-run", is_flag=True, help="Only print what would be added, removed and moved."),
        address_options,
        profile_option,
        lake_options,
    ):
        collected = option(collected)
    return collected


def check_can_ask(*, yes: bool, dry_run: bool) -> None:
    """Checks that a confirmation is possible, before any request is sent.

    Raises:
        ConfigurationError: there is no terminal, and neither --yes nor --dry-run.
    """
    if not (yes or dry_run or sys.stdin.isatty()):
        msg = "There is no terminal to confirm on: add --yes to write, or --dry-run to see what would be written."
        raise ConfigurationError(msg)


def asking(*, yes: bool, quiet: bool) -> "Callable[[Written], bool]":
    """A function that shows the planned changes, and asks for confirmation on the terminal."""

    def confirm(written: "Written") -> bool:
        if not (yes and quiet):
            tell_plan(written)
        return yes or click.confirm("Write this to Spotify?", default=False, err=True)

    return confirm


def _counted(requests: int) -> str:
    return "1 request" if requests == 1 else f"{requests:,} requests"


def tell_plan(written: "Written") -> None:
    """Prints the changes, and those that cannot be made."""
    for line in (*written.lines, *written.left):
        say(line)


def tell_end(written: "Written", *, quiet: bool) -> None:
    """Prints the result. Changes that cannot be made are printed in any case."""
    if written.is_dry:
        tell_plan(written)
    elif not written.declined:
        for line in written.left:
            say(line, err=True)
    if quiet:
        return
    if written.is_dry:
        would = f"Nothing was written: it would take {_counted(written.changes)}."
        say(would if written.changes else "Nothing to write.")
    elif written.declined:
        say("Nothing was written.")
    elif not written.changes:
        say("Nothing to write: there is no difference.")
    else:
        where = f" to https://open.spotify.com/playlist/{id_}" if (id_ := written.record.playlist_id) else ""
        say(f"Written{where}: {_counted(written.changes)}.")
