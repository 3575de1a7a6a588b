"""The demonstration: a generated world, synced, changed and synced again."""

from collections.abc import Callable
from pathlib import Path
from random import Random

from rich.console import Console
from rich.text import Text

from pipelines.destinations.lake import Lake
from pipelines.operations.changes import changes_told
from pipelines.operations.query import query, rich_table
from pipelines.sync.service import Report, sync
from sources.errors import DestinationError
from sources.safe_text import printable
from sources.spotify.setting_parsers import local_path
from sources.spotify_sandbox import Sandbox, evolve, generate

SEED = 2026
CHANGES = 40
DEFAULT_PATH = "playlake-demo.duckdb"

QUERIES: tuple[tuple[str, str], ...] = (
    (
        "What was added last?",
        """
SELECT playlist, place, title, artists, strftime(added_at, '%Y-%m-%d') AS added
FROM items
ORDER BY added_at DESC, playlist, place
LIMIT 5
""",
    ),
    (
        "What changed between the two syncs?",
        """
SELECT playlist, change, count(*) AS items, max(title) AS one_of_them
FROM item_changes
GROUP BY playlist_id, playlist, change
ORDER BY items DESC, playlist, change
LIMIT 8
""",
    ),
    (
        "What was taken off a playlist, and how long had it been there?",
        """
SELECT playlist, first_place AS place, title, artists, strftime(added_at, '%Y-%m-%d') AS added
FROM item_history
WHERE listed_until IS NOT NULL
ORDER BY added_at, playlist, place
LIMIT 5
""",
    ),
)


def demo(path: str | None, console: Console, progress: Callable[[str], Callable[[int, int], None]]) -> Report:
    """Runs the demonstration and prints what it did.

    Args:
        path: the DuckDB file; by default `playlake-demo.duckdb`, which is made anew.
        console: where to print.
        progress: gives, for a title, what is called with playlists done and of all.

    Raises:
        DestinationError: the file named is there already, or cannot be made.
    """
    lake = Lake("duckdb", str(_new_file(path)), "spotify")
    world = generate(seed=SEED)
    with Sandbox(world, regime="development") as api:
        credentials = {
            "client_id": api.client_id,
            "client_secret": api.client_secret,
            "refresh_token": api.refresh_token,
        }
        console.print(f"A sandbox that answers like Spotify's Web API listens on {api.api_url}", markup=False)

        def synced(title: str) -> Report:
            return sync(
                lake=lake,
                progress=progress(title),
                credentials=credentials,
                api_url=api.api_url,
                accounts_url=api.accounts_url,
            )

        first = synced("First sync")
        _print_run(console, "First sync", first)
        changes = evolve(world, Random(SEED), CHANGES)  # noqa: S311 (the same every time)
        console.print(f"Then {len(changes)} things were changed: items added, removed and moved, playlists renamed …")
        second = synced("Second sync")
        _print_run(console, "Second sync", second)
    _print_answers(console, lake)
    return second


def _new_file(path: str | None) -> Path:
    file = Path(DEFAULT_PATH) if path is None else local_path(path, name="--path")
    if path is None:
        file.unlink(missing_ok=True)
    elif file.exists():
        msg = f"{file} is there already: the demonstration wants a new file, name another with --path."
        raise DestinationError(msg)
    return file


def _print_run(console: Console, title: str, report: Report) -> None:
    run = report.run
    withheld = sum(read.withheld for read in report.reads)
    console.print(
        f"[bold]{title}[/]: {run.playlists} playlists: {run.read} read, {run.unchanged} unchanged, "
        f"{withheld} that this app may not read; {run.requests} requests; "
        f"[green]+{run.new_items:,}[/] and [red]-{run.removed_items:,}[/] items"
    )
    for line in changes_told(report):
        console.print(printable(line), markup=False, highlight=False)


def _print_answers(console: Console, lake: Lake) -> None:
    for question, sql in QUERIES:
        console.print(f"\n[bold]{question}[/]")
        console.print(sql.strip(), style="dim", markup=False)
        console.print()
        with console.capture() as capture:
            console.print(rich_table(query(lake, sql)))
        for line in capture.get().splitlines():
            console.print(Text.from_ansi(line.rstrip()))
    path = Path(lake.location).absolute()
    console.print(f"\nThe database is {path}", markup=False, soft_wrap=True)
    console.print(f'Ask it more: playlake query --path {lake.location} "SELECT …"', markup=False, soft_wrap=True)
