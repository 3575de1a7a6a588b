"""The `sync` that `playlake sync` calls: all playlists of the user, all tables, the views too."""

from pathlib import Path

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync


def load(_place: Path, _url: str, work: Path) -> int:
    """Every setting has its default but the addresses and credentials, which are in the environment."""
    report = sync(lake=Lake(path=str(work / "playlake.duckdb")))
    assert report.exit_code == 0, report.run.message
    return report.run.new_items
