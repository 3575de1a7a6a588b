"""The figures in `docs/scale.md` are what its own assumptions come to, and its program does what it says."""

from collections.abc import Iterator
from math import ceil
from pathlib import Path

import duckdb
import pytest
from markdown_it import MarkdownIt

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

TEXT = (Path(__file__).parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")
PLAYLISTS, CHANGES_A_DAY, AUDITED_EVERY, UNCHANGED = 20, 2, 7, 3
SECONDS_A_SYNC, READS_A_SYNC, MOST_TASKS = 8, 650, 1_024
GB_OF = 0.763 / 9.87e6
A_DAY = {"hourly": 24, "daily": 1}
WRITES_A_SYNC = {"hourly": 6, "daily": 9}


def _rows() -> Iterator[str]:
    """The rows of all tables that are computed."""
    for accounts in (1_000, 100_000):
        for synced, times in A_DAY.items():
            syncs = accounts * times
            requests = accounts * (times * UNCHANGED + CHANGES_A_DAY + PLAYLISTS / AUDITED_EVERY)
            second = requests / 86_400
            yield (f"| {accounts:,} | {synced} | {syncs:,} | {requests:,.0f} | {second:.1f} | {second * 30:,.0f} |")
            each = ceil(accounts / MOST_TASKS)
            slots = syncs * SECONDS_A_SYNC / 86_400
            yield f"| {accounts:,} | {synced} | {slots:.1f} | {ceil(accounts / each):,} | {each} |"
    for additions in (10**7, 10**9, 10**10):
        yield f"| {additions:,} | {additions * GB_OF:.1f} | {additions * GB_OF * 0.023:.2f} |"
    for accounts, synced in ((1_000, "hourly"), (100_000, "hourly"), (100_000, "daily")):
        syncs = accounts * A_DAY[synced] * 30
        writes, reads = syncs * WRITES_A_SYNC[synced] / 1_000 * 0.005, syncs * READS_A_SYNC / 1_000 * 0.0004
        yield f"| {accounts:,} | {synced} | {writes:.2f} | {reads:.2f} |"


def test_the_tables_are_computed() -> None:
    """Each row that follows from the assumptions stands there."""
    lines = TEXT.splitlines()
    assert [row for row in _rows() if row not in lines] == []


def test_the_program_writes_every_row_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files hold each row of the view once, also of a lake with fewer playlists than slices."""
    monkeypatch.chdir(tmp_path)
    (program,) = (token.content for token in MarkdownIt().parse(TEXT) if token.info.strip() == "python")
    with Sandbox(generate(seed=1, playlists=8, items=60)) as api:
        assert sync(lake=Lake("parquet", "lake"), **settings(api)).exit_code == 0
    exec(compile(program, "scale.md", "exec"), {})  # noqa: S102 (this is what the test is about)
    assert len(list(tmp_path.glob("items_*.parquet"))) == 20
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        written = connection.execute("SELECT * FROM 'items_*.parquet' ORDER BY ALL").fetchall()
    assert written == select(Lake("parquet", "lake"), "SELECT * FROM playlist_items ORDER BY ALL")
    assert len(written) > 50


@pytest.mark.long
def test_a_sync_in_which_nothing_changed_sends_what_the_page_says() -> None:
    """The number that requests are computed with is counted."""
    with Sandbox(generate(seed=1, playlists=PLAYLISTS, items=100)) as api:
        lake = Lake("parquet", "scale")
        assert sync(lake=lake, **settings(api)).exit_code == 0
        assert sync(lake=lake, **settings(api)).run.requests == UNCHANGED
