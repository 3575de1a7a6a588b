"""Checks the lake for lost tables, columns and views, duplicate rows and dangling references."""

from collections.abc import Iterator

import duckdb

from pipelines.destinations.lake import Lake
from pipelines.operations.doctor.finding import Finding
from schemas import TABLES
from schemas.spec import Table
from sources.stored.dlt_adapter import sql_client_of
from sources.stored.load_tables import LOADS
from sources.stored.losses import columns_of, describe_losses, losses
from sources.stored.table_repair import ASIDE

BACK = "playlake sync --full reads again all that Spotify still has."

_STATES = f"""
WITH completed AS (SELECT load_id FROM {LOADS} WHERE status = 0),
states AS (
    SELECT
        playlist_id,
        item_keys::BIGINT[] AS item_keys,
        row_number() OVER (PARTITION BY playlist_id ORDER BY observed_at DESC) = 1 AS is_newest
    FROM playlist_snapshots
    WHERE _dlt_load_id IN (FROM completed)
),
listed AS (
    SELECT playlist_id, item_key, bool_or(is_newest) AS is_now
    FROM (SELECT playlist_id, is_newest, unnest(item_keys) AS item_key FROM states)
    GROUP BY ALL
),
additions AS (
    SELECT DISTINCT ON (playlist_id, item_key) *
    FROM playlist_additions
    WHERE _dlt_load_id IN (FROM completed)
),
now AS (
    SELECT additions.*, 'spotify:track:' || track_id AS played_uri
    FROM listed JOIN additions USING (playlist_id, item_key)
    WHERE is_now
),
tracks_now AS (
    SELECT DISTINCT tracks.*
    FROM tracks JOIN now ON track_uri IN (item_uri, played_uri)
)
"""  # noqa: S608 (names are our own)

_COUNTED = {
    "items on playlists have no addition": "SELECT count(*) FROM listed ANTI JOIN additions "
    "USING (playlist_id, item_key) WHERE is_now",
    "additions have no track": "SELECT count(*) FROM now WHERE item_type = 'track' "
    "AND item_uri NOT IN (SELECT track_uri FROM tracks) "
    "AND coalesce(played_uri NOT IN (SELECT track_uri FROM tracks), true)",
    "additions have no episode": "SELECT count(*) FROM now ANTI JOIN episodes USING (episode_id) "
    "WHERE now.episode_id IS NOT NULL",
    "tracks have no album": "SELECT count(*) FROM tracks_now ANTI JOIN albums USING (album_id) "
    "WHERE tracks_now.album_id IS NOT NULL",
    "tracks have no artists": "SELECT count(*) FROM tracks_now ANTI JOIN track_artists USING (track_uri) "
    "WHERE tracks_now.track_id IS NOT NULL",
}
"""Of what is on playlists now: a reading of everything brings it back."""

_PAST = {
    "items of earlier snapshots have no addition": "SELECT count(*) FROM listed ANTI JOIN additions "
    "USING (playlist_id, item_key) WHERE NOT is_now",
    "readings have no snapshot": "SELECT coalesce(sum(greatest(reads.changes - coalesce(found.states, 0), 0)), 0)"
    " FROM (SELECT playlist_id, count(*) AS changes FROM playlist_reads WHERE outcome = 'read' "
    "AND new_items + removed_items > 0 AND _dlt_load_id IN (FROM completed) GROUP BY ALL) AS reads "
    "LEFT JOIN (SELECT playlist_id, count(*) AS states FROM states GROUP BY ALL) AS found USING (playlist_id)",
}
"""Of what only this lake knew."""


def losses_findings(lake: Lake) -> Iterator[Finding]:
    """Lost tables, columns and views, and rows that others refer to."""
    if not lake.exists():
        return
    with lake.open(only=()):
        # What cannot be read at all is said there.
        pass
    with lake.settings(), lake.pipeline().destination_client() as client:
        lake.backend.check_records(client)
        found = losses(client)
        is_aside = sql_client_of(client) is not None and bool(columns_of(client, ASIDE))
    if found:
        yield Finding("tables", "problem", f"{describe_losses(found)} {BACK}", 2)
        return
    if is_aside:
        message = f"{ASIDE} holds additions that lost a column: playlake sync --full moves them back."
        yield Finding("tables", "problem", message, 2)
    with lake.settings(), lake.pipeline().destination_client() as client:
        views = lake.backend.missing_views(client)
    if views:
        yield Finding(
            "tables", "problem", f"The views {', '.join(views)} are missing: the next sync creates them again.", 2
        )
    with lake.open() as connection:
        yield from _check_rows(connection)


def _check_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    now, past = _counted(connection, _COUNTED), _counted(connection, _PAST)
    if now:
        yield Finding("tables", "problem", f"{now}: something was lost. {BACK}", 2)
    doubles = {table.name: _number(connection, _doubles(table)) for table in TABLES if table.kind != "fact"}
    if any(doubles.values()):
        shown = ", ".join(f"{number} of {name}" for name, number in doubles.items() if number)
        message = f"Some rows are stored more than once ({shown}): playlake sync --full deletes the duplicates."
        yield Finding("tables", "problem", message, 2)
    elsewhere = _dangling(connection)
    if past or elsewhere:
        message = (
            f"{'; '.join(filter(None, (past, elsewhere)))}: something was lost that only this lake may have known."
        )
        yield Finding("tables", "note", f"{message} {BACK}")
    if not (now or past or elsewhere or any(doubles.values())):
        yield Finding("tables", "well", "No table, column or referenced row is missing.")


def _doubles(table: Table) -> str:
    return f"SELECT count(*) - count(DISTINCT ({', '.join(table.key)})) FROM {table.name}"  # noqa: S608 (names are our own)


def _counted(connection: duckdb.DuckDBPyConnection, queries: dict[str, str]) -> str:
    """What is lacking of each kind, with numbers."""
    numbers = {words: _number(connection, f"{_STATES} {sql}") for words, sql in queries.items()}
    return "; ".join(f"{number} {words}" for words, number in numbers.items() if number)


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    [(number,)] = connection.execute(sql).fetchall()
    return int(number)


def _dangling(connection: duckdb.DuckDBPyConnection) -> str:
    """Rows that point to a row that is not there, wherever a column is declared to point."""
    found = []
    for table in TABLES:
        for column in table.columns:
            if not column.references or table.name == "playlist_reads":
                # A playlist that could never be read has no row.
                continue
            other, _, key = column.references.partition(".")
            number = _number(
                connection,
                f"SELECT count(*) FROM {table.name} WHERE {column.name} IS NOT NULL "  # noqa: S608 (names are our own)
                f"AND {column.name} NOT IN (SELECT {key} FROM {other})",
            )
            if number:
                found.append(f"{number} rows of {table.name} name {other} that are not there")
    return "; ".join(found)
