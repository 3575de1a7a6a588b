"""The data of the report: one query per file in `queries/`, and one class for its rows here."""

from datetime import date, datetime

import duckdb
import msgspec

from pipelines.destinations.lake import Lake
from pipelines.operations.query import run_sql
from pipelines.operations.report.account import Account, find_account
from pipelines.operations.report.archive import archive, prepare
from pipelines.operations.report.asking import rows
from pipelines.operations.report.moments import Moment
from pipelines.operations.report.queries import query_text


class Overview(msgspec.Struct):
    """The figures of the whole lake; durations in milliseconds."""

    playlists: int
    withheld: int
    gone: int
    read_at: datetime | None
    items: int
    distinct_items: int
    undated: int
    duration_ms: int
    artists: int
    first_sync_at: datetime | None
    good_sync_at: datetime | None


class Day(msgspec.Struct):
    """How many items were added and removed on a day, in UTC."""

    day: date
    added: int
    removed: int


class Change(msgspec.Struct):
    """What one sync found changed on one playlist, with the first added and removed titles."""

    observed_at: datetime
    playlist_id: str
    playlist: str | None
    added: int
    removed: int
    moved: int
    came: list[str]
    went: list[str]


class Item(msgspec.Struct):
    """An item on a playlist, with its artists or its show."""

    item_uri: str
    title: str | None
    makers: str | None
    playlist_id: str
    playlist: str | None
    added_at: datetime


class Artist(msgspec.Struct):
    """An artist, with the entries and the playlists that credit them; `key` is the id, or the name if there is none."""

    key: str
    artist: str
    items: int
    playlists: int


class Pair(msgspec.Struct):
    """Two playlists, the items on both, and how many different ones the smaller has."""

    smaller_id: str
    smaller: str | None
    larger_id: str
    larger: str | None
    shared: int
    of_items: int


class Playlist(msgspec.Struct):
    """A playlist; added and removed since the first sync. Items are unknown where Spotify does not say."""

    playlist_id: str
    name: str | None
    owner: str | None
    external_url: str | None
    access: str | None
    items: int | None
    newest_at: datetime | None
    added: int
    removed: int
    last_read_at: datetime | None
    problem: str | None


class Cover(msgspec.Struct):
    """A playlist's cover, small enough to embed in a page."""

    playlist_id: str
    content_type: str
    data: bytes


class Loss(msgspec.Struct):
    """A playlist that left the library or was emptied, with the number of items it had."""

    playlist_id: str
    playlist: str | None
    event: str
    items: int | None
    found_at: datetime | None


class Problem(msgspec.Struct):
    """A playlist that could not be read when it was last tried."""

    playlist_id: str
    playlist: str | None
    outcome: str
    message: str | None
    tried_at: datetime | None


class SyncRun(msgspec.Struct):
    """A sync; null where a value was not reported."""

    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    exit_code: int | None
    playlists: int | None
    read: int | None
    failed: int | None
    requests: int | None
    new_items: int | None
    removed_items: int | None
    message: str | None


class Findings(msgspec.Struct):
    """All data of the report, in the order of the page; `archive` is what its script searches."""

    overview: Overview
    moments: list[Moment]
    flow: list[Day]
    latest: list[Change]
    growth: list[Day]
    newest: list[Item]
    oldest: list[Item]
    artists: list[Artist]
    overlap: list[Pair]
    playlists: list[Playlist]
    covers: list[Cover]
    losses: list[Loss]
    problems: list[Problem]
    runs: list[SyncRun]
    account: Account
    archive: str


def find(lake: Lake) -> Findings:
    """Runs all queries in one connection, and so on one state of the lake.

    Raises:
        ConfigurationError: there is nothing there yet.
        TryLaterError: another process has the file open for writing.
    """
    with lake.open() as connection:
        run_sql(connection, query_text("prepare"))
        prepare(connection)
        (overview,) = rows(connection, "overview", Overview)
        return Findings(
            overview=overview,
            moments=rows(connection, "moments", Moment),
            flow=rows(connection, "flow", Day),
            latest=rows(connection, "latest", Change),
            growth=rows(connection, "growth", Day),
            newest=rows(connection, "newest", Item),
            oldest=rows(connection, "oldest", Item),
            artists=rows(connection, "artists", Artist),
            overlap=rows(connection, "overlap", Pair),
            playlists=rows(connection, "playlists", Playlist),
            covers=rows(connection, "covers", Cover) if _keeps_covers(connection) else [],
            losses=rows(connection, "losses", Loss),
            problems=rows(connection, "problems", Problem),
            runs=rows(connection, "runs", SyncRun),
            account=find_account(connection),
            archive=archive(connection),
        )


def _keeps_covers(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a lake knows of covers; one that was last synced by an earlier version does not."""
    sql = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'playlist_cover_history'"
    return bool(run_sql(connection, sql).rows[0][0])
