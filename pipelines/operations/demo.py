"""The demonstration: half a year of a simulated library, synced once a week."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from rich.console import Console

from pipelines.destinations.lake import Lake
from pipelines.destinations.sync_lock import working_folder_lock
from pipelines.operations.changes import changes_told
from pipelines.operations.demo_weeks import WEEKS, Demonstration
from pipelines.operations.query import query, rich_table
from pipelines.sync.service import Report
from sources.errors import DestinationError
from sources.safe_text import printable
from sources.spotify.setting_parsers import local_path

DEFAULT_PATH = "playlake-demo.duckdb"

QUERIES: tuple[tuple[str, str], ...] = (
    (
        "Which artists are on the most playlists?",
        """
SELECT first_artist AS artist, count(DISTINCT playlist_id) AS playlists, count(*) AS items
FROM items
WHERE first_artist_id IS NOT NULL
GROUP BY first_artist_id, artist
ORDER BY playlists DESC, items DESC, artist
LIMIT 5
""",
    ),
    (
        "What was on each playlist for longest before it was taken off?",
        """
SELECT playlist, title, first_artist AS artist, added_at::DATE AS added, listed_until::DATE AS gone
FROM item_history
WHERE listed_until IS NOT NULL AND title <> '' AND added_at > '1970-01-01'
QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY listed_until - added_at DESC, title) = 1
ORDER BY listed_until - added_at DESC, title
LIMIT 5
""",
    ),
    (
        "What was played most, and is it liked?",
        """
SELECT item_name AS title, artist_name AS artist, count(*) AS plays,
    item_uri IN (SELECT item_uri FROM saved_items WHERE collection = 'tracks') AS liked
FROM listening
GROUP BY item_uri, title, artist
ORDER BY plays DESC, title
LIMIT 5
""",
    ),
)


def demo(
    path: str | None,
    console: Console,
    progress: Callable[[int, int], None],
    until: datetime,
    *,
    weeks: int = WEEKS,
    regime: str = "development",
    ends_well: bool = False,
) -> Report:
    """Runs the demonstration and prints what it did.

    Args:
        path: the DuckDB file; by default `playlake-demo.duckdb`, which is replaced.
        console: where to print.
        progress: called with the number of finished weeks, and of all.
        until: when the last sync is.
        weeks: number of weeks.
        regime: API mode of the app that syncs.
        ends_well: whether Ctrl-C ends it when what the sync under way has read is stored.

    Returns:
        The report of the last sync, which says if it was stopped.

    Raises:
        DestinationError: the file named is there already, or cannot be made.
        TryLaterError: another demonstration is writing to it.
    """
    lake = _new_lake(path)
    shown = Demonstration(lake, until, weeks, regime)
    progress(0, weeks)
    with shown.api:
        console.print(f"A sandbox that answers like Spotify's Web API listens on {shown.api.api_url}", markup=False)
        console.print(f"It has a made-up library, which lives for {weeks} weeks and is synced after each:")
        for week, (at, report) in enumerate(shown.syncs(ends_well=ends_well)):
            _print_sync(console, at, report, is_first=not week)
            progress(week + 1, weeks)
    if report.stop_code:
        console.print(f"Stopped after {week + 1} of {weeks} weeks. What was read is in {lake.location}; the next")
        console.print("demonstration begins anew.")
        return report
    for line in changes_told(report):
        console.print(f"            {printable(line)}", markup=False, highlight=False)
    imported = shown.import_history()
    console.print(f"Then the history of listening was imported: {imported.plays:,} plays of a year and a half")
    _print_answers(console, lake)
    return report


def _new_lake(path: str | None) -> Lake:
    """A lake without a file, and without pending loads of a killed demonstration."""
    file = Path(DEFAULT_PATH) if path is None else local_path(path, name="--path")
    if path is not None and file.exists():
        msg = f"{file} is there already: the demonstration needs a new file, name another with --path."
        raise DestinationError(msg)
    lake = Lake("duckdb", str(file), "spotify")
    with working_folder_lock(lake):
        for left in (file, file.with_name(f"{file.name}.wal")):
            left.unlink(missing_ok=True)
        lake.pipeline().drop()
    return lake


def _print_sync(console: Console, at: datetime, report: Report, *, is_first: bool) -> None:
    run, withheld = report.run, sum(read.withheld for read in report.reads)
    if is_first:
        what = f"{run.playlists} playlists, {withheld} with contents hidden by Spotify"
    else:
        what = f"{len(report.changes)} of {run.playlists} playlists had changed"
    counts = f"[green]+{run.new_items:,}[/] [red]-{run.removed_items:,}[/] items"
    console.print(f"[bold]{at:%Y-%m-%d}[/]  {what}: {counts}; {run.requests} requests")
    for news in report.news:
        console.print(f"            {printable(news.name)}: {printable(news.message)}", markup=False)


def _print_answers(console: Console, lake: Lake) -> None:
    for question, sql in QUERIES:
        console.print(f"\n[bold]{question}[/]")
        console.print(sql.strip(), style="dim", markup=False)
        console.print()
        console.print(rich_table(query(lake, sql)))
    path = Path(lake.location).absolute()
    console.print(f"\nThe database is {path}", markup=False, soft_wrap=True)
    console.print(f'Ask it more: playlake query --path {lake.location} "SELECT …"', markup=False, soft_wrap=True)
