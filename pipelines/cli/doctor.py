"""`playlake doctor`."""

import sys

import click
from rich.console import Console
from rich.text import Text

from pipelines.cli.options import address_options, given_addresses, lake_options, profile_option
from pipelines.cli.output import write
from pipelines.destinations.lake import Lake
from pipelines.operations.doctor import Finding, examine
from sources.json_text import json_text
from sources.safe_text import printable

SIGNS = {"well": ("✓", "green"), "note": ("!", "yellow"), "problem": ("✗", "bold red")}


@click.command("doctor", short_help="Diagnose setup problems.")
@lake_options
@profile_option
@address_options
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True)
def doctor_command(
    destination: str,
    path: str | None,
    dataset: str,
    profile: str | None,
    api_url: str | None,
    accounts_url: str | None,
    style: str,
) -> None:
    """Diagnose setup problems and suggest fixes. Changes nothing.

    The exit code is 0 if there is no problem, otherwise the one that a sync would have.

    \b
    playlake doctor
    playlake doctor --profile work --path ~/music.duckdb
    """
    console = Console(soft_wrap=True, highlight=False)
    findings = []
    addresses = given_addresses(api_url, accounts_url)
    for finding in examine(Lake(destination, path, dataset), profile, **addresses):
        findings.append(finding)
        if style == "table":
            console.print(_line(finding))
    if style == "json":
        write(json_text(findings), "json")
    sys.exit(next((finding.exit_code for finding in findings if finding.level == "problem"), 0))


def _line(finding: Finding) -> Text:
    sign, colour = SIGNS[finding.level]
    return Text.assemble((f"{sign} ", colour), (f"{finding.subject:17}", "bold"), printable(finding.message))
