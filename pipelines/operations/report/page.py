"""The report as one self-contained HTML file: data, style, script and covers are inside, rendered with a template."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.destinations.lake import Lake
from pipelines.destinations.private_files import write_private
from pipelines.operations.lake_options import lake_options
from pipelines.operations.report import formatting
from pipelines.operations.report.chart import bar_chart
from pipelines.operations.report.findings import Findings, find
from pipelines.operations.report.periods import periods
from pipelines.operations.report.script_bundle import script as bundled
from sources.errors import DestinationError
from sources.overwriting import HTML_REPORT, check_overwriting
from sources.safe_text import printable

PACKAGE = __name__.rpartition(".")[0]
"""The folder of the template, its style and its script."""

MOST_OF_COVERS = 900_000
"""Maximum characters of covers, those of the largest playlists first: a page for a thousand stays below 2 MB."""
LEAST_OF_COVERS = 200_000
"""Characters that covers may take in any case, however large the history is."""
MOST = 1_700_000
"""Characters that history and covers may take together where they can: 2 MB less what the rest of a page needs."""

PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp"}

STALE_AFTER = timedelta(hours=26)
"""The age of the last good sync after which the page says so: more than a day, for daily syncs."""


def write_report(lake: Lake, file: Path, now: datetime) -> None:
    """Writes the report as one HTML file, which loads nothing from other hosts.

    Args:
        lake: where the tables are.
        file: what to write; an earlier report that is there is replaced.
        now: the time of the report.

    Raises:
        ConfigurationError: there is nothing there yet, or the file is something else than a report.
        DestinationError: the file cannot be written.
        TryLaterError: another process has the database open for writing.
    """
    check_overwriting(file, "--output", HTML_REPORT)
    text = page(find(lake), now, lake_options(lake))
    try:
        write_private(file, text.encode())
    except OSError as error:
        msg = f"{file} cannot be written ({error.strerror}): name another file with --output."
        raise DestinationError(msg) from None


def page(findings: Findings, now: datetime, options: str = "") -> str:
    """The page as HTML.

    Args:
        findings: what it shows.
        now: the time that it gives as its own.
        options: those that name the lake, for the commands on it.
    """
    style, script = _part("page.css"), bundled()
    overview, last = findings.overview, findings.runs[0] if findings.runs else None
    return (
        _environment()
        .get_template("page.html")
        .render(
            findings=findings,
            overview=overview,
            last=last,
            is_stale=overview.good_sync_at is None or now - overview.good_sync_at > STALE_AFTER,
            covers=_addresses(findings, min(MOST_OF_COVERS, max(MOST - len(findings.archive), LEAST_OF_COVERS))),
            flow=bar_chart(*periods(findings.flow)),
            growth=bar_chart(*periods(findings.growth)),
            now=now,
            utc=UTC,
            options=options,
            version=version("playlake"),
            style=Markup(style),  # noqa: S704 (our own files)
            script=Markup(script),  # noqa: S704
            policy=_policy(style, script),
        )
    )


def _addresses(findings: Findings, most: int) -> dict[str, str]:
    """The covers as data URLs, by playlist, in at most so many characters."""
    kept = {cover.playlist_id: cover for cover in findings.covers if cover.content_type in PICTURES}
    found: dict[str, str] = {}
    left = most
    for playlist in findings.playlists:
        cover = kept.get(playlist.playlist_id)
        if cover is None:
            continue
        address = f"data:{cover.content_type};base64,{b64encode(cover.data).decode()}"
        left -= len(address)
        if left < 0:
            break
        found[playlist.playlist_id] = address
    return found


def _environment() -> Environment:
    """The template environment: every value is escaped, except markup that formatting.py made."""
    made = Environment(
        loader=PackageLoader(PACKAGE, ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("number", "counted", "signed", "day", "minute", "ago", "hours", "link", "span", "days", "place"):
        made.filters[name] = getattr(formatting, name)
    return made


def _printable(value: Any) -> Any:
    """Text as it can be shown: names and messages reach the page through here, with isolated directions."""
    return type(value)(printable(value, directions=True)) if isinstance(value, str) else value


def _policy(style: str, script: str) -> str:
    """The content security policy: only this script and this style, and no requests."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _part(name: str) -> str:
    return resources.files(PACKAGE).joinpath(name).read_text(encoding="utf-8")
