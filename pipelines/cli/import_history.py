"""`playlake import`."""

from pathlib import Path

import click

from pipelines.cli.options import LocalPath, lake_options, profile_option
from pipelines.cli.output import say
from pipelines.cli.terminal import set_up_log
from pipelines.destinations.lake import Lake
from pipelines.operations.import_history import import_history


@click.command("import", short_help="Store the listening history that Spotify sends you.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=LocalPath())
@lake_options
@click.option("--user", metavar="ID", help="User id of the plays, if the files do not contain it.")
@profile_option
@click.option("--quiet", "-q", is_flag=True, help="Print nothing unless something is wrong.")
@click.option("--verbose", "-v", is_flag=True, help="Print more, and show tracebacks.")
def import_command(
    files: tuple[Path, ...],
    destination: str,
    path: str | None,
    dataset: str,
    user: str | None,
    profile: str | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Import the listening history that Spotify sends you: the zip files, or the JSON files in them.

    Request it at https://www.spotify.com/account/privacy. The extended streaming history has every play since the
    account was created; the account data has those of the last year. A play is stored once, even if it is in several
    files or already in the lake. IP addresses and user agents are not stored.

    \b
    playlake import my_spotify_data.zip
    playlake import Streaming_History_Audio_*.json --user my-user-id
    """
    set_up_log(verbose=verbose)
    done = import_history(files, Lake(destination, path, dataset), user=user, profile=profile)
    for note in done.notes:
        say(note, err=True)
    if not quiet:
        whose = f" of {', '.join(done.by_user)}" if done.by_user else ""
        say(
            f"{len(done.files)} {'file' if len(done.files) == 1 else 'files'}: {done.plays:,} plays, {done.new:,} new"
            f"{whose} -> {Lake(destination, path, dataset).location}"
        )
