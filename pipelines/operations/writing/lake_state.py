"""Reads the stored state of a playlist, for commands that write it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pipelines.destinations.lake import Lake
from pipelines.operations.query import query
from sources.errors import ConfigurationError
from sources.spotify.writes.request_plan import Limits
from sources.spotify.writes.steps import Entry, chunks

NAMED = 500
"""Number of URIs whose names are looked up by one statement."""


def current(lake: Lake, playlist_id: str) -> list[Entry]:
    """The entries of a playlist as last read, in order."""
    sql = "SELECT item_uri, added_at FROM playlist_items WHERE playlist_id = {} ORDER BY position"
    return entries(rows(lake, sql, playlist_id))


def snapshot_id(lake: Lake, playlist_id: str) -> str | None:
    """The `snapshot_id` that was last read."""
    found = rows(lake, "SELECT snapshot_id FROM playlists WHERE playlist_id = {}", playlist_id)
    return found[0][0] if found else None


def as_of(lake: Lake, playlist_id: str, moment: datetime) -> list[Entry]:
    """The entries of a playlist as of a time, in order.

    Raises:
        ConfigurationError: no sync had seen it by then, or it was not in the library.
    """
    at = moment.astimezone(UTC).isoformat(sep=" ")
    sql = "SELECT item_uri, added_at FROM items_at({}) WHERE playlist_id = {} ORDER BY place"
    found = entries(rows(lake, sql, at, playlist_id))
    sql = "SELECT item_count FROM playlist_snapshots WHERE playlist_id = {} AND observed_at <= {} ORDER BY observed_at"
    counts = rows(lake, sql, playlist_id, at)
    if counts and counts[-1][0] == len(found):
        return found
    if counts:
        msg = f"Playlist {playlist_id} was not in the library at {at}: name an earlier time with --as-of."
        raise ConfigurationError(msg)
    first = rows(lake, "SELECT min(observed_at) FROM playlist_snapshots WHERE playlist_id = {}", playlist_id)[0][0]
    since = f"it was first read at {told(first)}" if first else "it was never read"
    msg = f"The contents of playlist {playlist_id} at {at} are not known: {since}."
    raise ConfigurationError(msg)


def named(lake: Lake, name: str) -> str:
    """The id of the only playlist with a name, including past names.

    Raises:
        ConfigurationError: there is none, or more than one.
    """
    sql = (
        "SELECT DISTINCT playlist_id FROM playlist_descriptions WHERE name = {} "
        "UNION SELECT playlist_id FROM playlists WHERE name = {} ORDER BY 1"
    )
    found = [row[0] for row in rows(lake, sql, name, name)]
    if len(found) == 1:
        return str(found[0])
    if found:
        msg = f"Several playlists are, or were, called {name!r}: name one by its id, {' or '.join(found)}."
    else:
        msg = f"{name!r} is neither an id, a URI or a link of a playlist nor the name of one in {lake.location}."
    raise ConfigurationError(msg)


def name_of(lake: Lake, playlist_id: str, moment: datetime | None = None) -> str | None:
    """The name of a playlist, now or as of a time."""
    if moment is not None:
        at = moment.astimezone(UTC).isoformat(sep=" ")
        sql = (
            "SELECT name FROM playlist_descriptions WHERE playlist_id = {} AND observed_at <= {} AND name IS NOT NULL "
            "ORDER BY observed_at DESC LIMIT 1"
        )
        if found := rows(lake, sql, playlist_id, at):
            return str(found[0][0])
    found = rows(lake, "SELECT name FROM playlists WHERE playlist_id = {}", playlist_id)
    return found[0][0] if found else None


def titles(lake: Lake, uris: Iterable[str | None]) -> dict[str | None, str]:
    """Names of items by their URIs, with the first artist's, as far as the lake knows them."""
    known: dict[str | None, str] = {}
    if not lake.exists():
        return known
    for some in chunks(dict.fromkeys(uri for uri in uris if uri is not None), NAMED):
        listed = ", ".join(literal(uri) for uri in some)
        # Texts in quotes, of which none ends before its end.
        sql = (
            "SELECT tracks.track_uri, tracks.name, artist_name FROM tracks LEFT JOIN track_artists "
            "ON track_artists.track_uri = tracks.track_uri AND track_artists.position = 0 "
            "WHERE tracks.track_uri IN ({0}) UNION ALL SELECT 'spotify:episode:' || episode_id, name, NULL "
            "FROM episodes WHERE 'spotify:episode:' || episode_id IN ({0})"
        )
        for uri, name, artist in query(lake, sql.format(listed)).rows:
            known[uri] = " · ".join(filter(None, (name, artist))) or uri
    return known


def limits(lake: Lake, there: Iterable[Entry]) -> Limits:
    """What is known of items before Spotify refuses one: what it has taken down is not removed to be added again.

    Nobody can tell whether it would take such an item again.
    """
    if not lake.exists():
        return Limits()
    gone: set[str] = set()
    for some in chunks(dict.fromkeys(entry.uri for entry in there if entry.uri is not None), NAMED):
        listed = ", ".join(literal(uri) for uri in some)
        sql = (
            "SELECT track_uri FROM tracks WHERE taken_down_at IS NOT NULL AND track_uri IN ({0}) UNION ALL "
            "SELECT 'spotify:episode:' || episode_id FROM episodes WHERE taken_down_at IS NOT NULL "
            "AND 'spotify:episode:' || episode_id IN ({0})"
        )
        gone |= {row[0] for row in query(lake, sql.format(listed)).rows}
    return Limits(doubtful=frozenset(gone))


def rows(lake: Lake, sql: str, *values: str) -> list[tuple[Any, ...]]:
    """The rows of a statement in which `{}` stand for texts."""
    return query(lake, sql.format(*map(literal, values))).rows


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def entries(found: Sequence[tuple[Any, ...]]) -> list[Entry]:
    """Entries from URIs and times."""
    return [Entry(uri, None if at is None else _second(at)) for uri, at in found]


def _second(at: datetime) -> int:
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def told(at: datetime) -> str:
    """A time, for people."""
    return f"{at.astimezone(UTC) if at.tzinfo else at:%Y-%m-%d %H:%M:%S} UTC"
