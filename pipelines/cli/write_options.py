"""What commands that write to Spotify share: their options, the question before, and what they say."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipelines.cli.output import say
from sources.errors import ConfigurationError

if TYPE_CHECKING:
    from pipelines.operations.writing import Written

_Command = TypeVar("_Command", bound=Callable[..., Any])


def write_options(command: _Command) -> _Command:
    """Whether to write, and whether to ask before."""
    for option in (
        click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong."),
        click.option("--yes", "-y", is_flag=True, help="Ask nobody: for programs."),
        click.option("--dry-run", is_flag=True, help="Only say what would be added, removed and moved."),
    ):
        command = option(command)
    return command


def check_can_ask(*, yes: bool, dry_run: bool) -> None:
    """Sees that somebody can answer, before anything is asked of Spotify.

    Raises:
        ConfigurationError: nobody can, and nothing says that nobody has to.
    """
    if not (yes or dry_run or sys.stdin.isatty()):
        msg = "Nobody can be asked here: say --yes to write, or --dry-run to see what would be written."
        raise ConfigurationError(msg)


def asking(*, yes: bool, quiet: bool) -> "Callable[[Written], bool]":
    """What shows what will be done, and asks for it at a terminal."""

    def confirm(written: "Written") -> bool:
        if not (yes and quiet):
            tell_plan(written)
        return yes or click.confirm("Write this to Spotify?", default=False, err=True)

    return confirm


def _counted(requests: int) -> str:
    return "1 request" if requests == 1 else f"{requests:,} requests"


def tell_plan(written: "Written") -> None:
    """Says what is changed, and what cannot be."""
    for line in (*written.lines, *written.left):
        say(line)


def tell_end(written: "Written", *, quiet: bool) -> None:
    """Says how it ended. What cannot be done is said in any case."""
    if written.is_dry:
        tell_plan(written)
    else:
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
        say("Nothing to write: it is as it is wanted.")
    else:
        where = f" to https://open.spotify.com/playlist/{id_}" if (id_ := written.record.playlist_id) else ""
        say(f"Written{where}: {_counted(written.changes)}.")
