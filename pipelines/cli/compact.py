"""`playlake compact`."""

import click

from pipelines.cli.options import lake_options
from pipelines.cli.output import say
from pipelines.destinations.lake import Lake
from sources.spotify.setting_parsers import duration


@click.command("compact")
@lake_options
@click.option(
    "--orphans-older-than",
    default="1 h",
    show_default=True,
    help="Delete files of loads that were interrupted this long ago.",
)
@click.option(
    "--restore-records",
    is_flag=True,
    help="Only restore lost records of loads, without compacting; also for databases.",
)
def compact_command(
    destination: str, path: str | None, dataset: str, orphans_older_than: str, *, restore_records: bool
) -> None:
    """Merge the small files of a Parquet lake or a DuckLake.

    \b
    playlake compact --destination parquet --path ./lake
    """
    age = duration(orphans_older_than, unit="h", name="--orphans-older-than")
    lake = Lake(destination, path, dataset)
    if restore_records:
        count = lake.restore_records()
        say("1 record of a load was restored." if count == 1 else f"{count} records of loads were restored.")
        return
    with lake.report_damage():
        done = lake.compact(age)
    say(
        f"Merged {done.files_before} files ({done.bytes_before / 1e6:.1f} MB) "
        f"into {done.files_after} ({done.bytes_after / 1e6:.1f} MB)."
    )
