"""Reads playlists with their items from a lake, as of a time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

import duckdb
import msgspec

from pipelines.operations.query import run_sql
from sources.errors import ConfigurationError

PACKAGE = __name__.rpartition(".")[0]
"""Where `queries/` is."""
ROWS = 2_048
"""Rows that are fetched at once, which is what DuckDB hands on."""


class Item(msgspec.Struct, kw_only=True):
    """An item on a list, with its metadata; unknown values are null.

    Attributes:
        list_id: the list that it is on.
        place: from 1.
        item_uri: null if Spotify did not send it.
        item_type: the API's word.
        title: this and the next two are as in the view `items`.
        duration_ms: length in milliseconds.
        release_date: as Spotify sends it: 1981, 1981-12 or 1981-12-15.
        artist_ids: and `album_artist_ids`, Spotify's ids in the order of the credits.
    """

    list_id: str
    place: int
    item_uri: str | None
    item_type: str | None
    title: str | None
    artists: str | None
    album: str | None
    duration_ms: int | None
    isrc: str | None
    added_at: datetime | None
    added_by_id: str | None
    artist_ids: list[str] | None
    album_uri: str | None
    album_artists: str | None
    album_artist_ids: list[str] | None
    release_date: str | None
    image_url: str | None
    disc_number: int | None
    track_number: int | None
    preview_url: str | None
    explicit: bool | None
    popularity: int | None


class Playlist(msgspec.Struct, kw_only=True):
    """A playlist, as it was described at the time.

    Attributes:
        owner: the display name, or the id.
        is_listed: whether it was in a library by then, or synced by its id; false if it only occurred in a search.
        is_there: whether it had not left the library by then.
        is_read: whether its contents had been read by then.
        last_there_at: a time just before it left, in ISO 8601; null if it never did.
    """

    playlist_id: str
    name: str
    description: str | None
    owner: str | None
    is_listed: bool
    is_there: bool
    is_read: bool
    last_there_at: str | None


class Contents(msgspec.Struct):
    """A list of items to export.

    Attributes:
        list_id: the playlist's id.
        uri: Spotify's URI of the list; null if it has none.
        name: what it was called.
        items: in order.
    """

    list_id: str
    uri: str | None
    name: str
    description: str | None
    owner: str | None
    items: list[Item]


def set_moment(connection: duckdb.DuckDBPyConnection, as_of: datetime | None) -> None:
    """Sets the time that all queries refer to; null for now."""
    moment = "infinity" if as_of is None else as_of.astimezone(UTC).isoformat()
    run_sql(connection, "SET TimeZone = 'UTC'")
    run_sql(connection, f"SET VARIABLE moment = '{moment}'::TIMESTAMPTZ")


def playlists_of(connection: duckdb.DuckDBPyConnection) -> list[Playlist]:
    """All playlists in the lake, ordered by name."""
    return rows_of(connection, query_text("playlists"), Playlist)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates temporary tables of metadata; call it once, before items are read."""
    run_sql(connection, query_text("prepare"))


def contents(
    connection: duckdb.DuckDBPyConnection, chosen: Sequence[Playlist], as_of: datetime | None
) -> list[Contents]:
    """The contents of some playlists, as in the view `items` or the function `items_at`."""
    view = "items" if as_of is None else "items_at(getvariable('moment'))"
    sql = query_text("items").replace("/* items */", view)
    found = items_of(connection, sql, [playlist.playlist_id for playlist in chosen])
    return [
        Contents(
            one.playlist_id,
            f"spotify:playlist:{one.playlist_id}",
            one.name,
            one.description,
            one.owner,
            found.get(one.playlist_id, []),
        )
        for one in chosen
    ]


def items_of(connection: duckdb.DuckDBPyConnection, sql: str, list_ids: Sequence[str]) -> dict[str, list[Item]]:
    """The items of some lists, in order, by the lists' ids."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE wanted AS SELECT unnest($1::VARCHAR[]) AS list_id", [list(list_ids)]
    )
    found: dict[str, list[Item]] = {}
    for item in _each(connection, sql):
        found.setdefault(item.list_id, []).append(item)
    return found


def _each(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[Item]:
    """The rows of a query. A text that many items have, such as an album's name, is kept once."""
    kept = dict[str, str]()
    try:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        while found := cursor.fetchmany(ROWS):
            for row in found:
                values: list[Any] = [
                    kept.setdefault(value, value) if isinstance(value, str) else value for value in row
                ]
                yield Item(**dict(zip(names, values, strict=True)))
    except duckdb.Error as error:
        msg = f"The items cannot be read: {str(error).strip()}"
        # Whoever has opened the lake looks whether a damaged file is the cause.
        raise ConfigurationError(msg) from error


def query_text(name: str) -> str:
    """The SQL of a file in `queries/`."""
    return resources.files(PACKAGE).joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, kind: Any) -> list[Any]:
    """The rows of a query, as objects whose attributes are the columns."""
    result = run_sql(connection, sql)
    return [kind(**dict(zip(result.columns, row, strict=True))) for row in result.rows]


def moment_of(given: datetime | date | str) -> datetime:
    """Parses a time as `items_at` does: a date means 00:00, and a time without a zone is in UTC.

    Raises:
        ConfigurationError: the text is not a time.
    """
    text = given if isinstance(given, str) else given.isoformat()
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        msg = (
            f"--as-of {text} is not a time: write a date (2026-11-01), a time in UTC (2026-11-01T18:30) or a time with "
            "its offset (2026-11-01T18:30+01:00)."
        )
        raise ConfigurationError(msg) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
