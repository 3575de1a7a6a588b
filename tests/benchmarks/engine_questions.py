"""What `engines` asks: whole views, and one playlist, user or month."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from pipelines.destinations.lake import Lake

SLICE = 5_000_000
"""Additions of the playlists that DuckDB is asked for at a time, where the question is of all."""

WHOLE = {
    "all of playlist_items": "SELECT * FROM playlist_items {where}",
    "all of items": "SELECT * FROM items {where}",
    "all of playlist_item_history": "SELECT * FROM playlist_item_history {where}",
    "all of playlist_changes": "SELECT * FROM playlist_changes {where}",
    "how many items each playlist has": "SELECT playlist_id, count(*) FROM playlist_items {where} GROUP BY playlist_id",
}
NARROW = {
    "one playlist: its items": "SELECT * FROM playlist_items WHERE playlist_id = '{playlist}'",
    "one playlist: its items in words": "SELECT * FROM items WHERE playlist_id = '{playlist}'",
    "one playlist: its history": "SELECT * FROM playlist_item_history WHERE playlist_id = '{playlist}'",
    "one playlist: its changes": "SELECT * FROM playlist_changes WHERE playlist_id = '{playlist}'",
    "one user: the items of all playlists": "SELECT * FROM playlist_items WHERE {library}",
    "one user: the changes of all playlists": "SELECT * FROM playlist_changes WHERE {library}",
    "one month: what was added": (
        "SELECT * FROM playlist_additions WHERE added_at >= TIMESTAMP '{since}' AND added_at < TIMESTAMP '{until}'"
    ),
    "one month: what changed": "SELECT * FROM playlist_changes_between('{since}', '{until}')",
}
QUESTIONS = WHOLE | NARROW


class Examples(NamedTuple):
    """What the narrow questions ask for.

    Attributes:
        library: ids of a user's playlists, one of middle length first.
        since: the first day of a month.
        until: that of the next.
        bounds: ids that divide all playlists into slices of equal numbers; none for a single slice.
    """

    library: list[str]
    since: datetime
    until: datetime
    bounds: list[str]


def sql_of(question: str, engine: str, given: Examples) -> str:
    """The statements in which an engine needs least.

    DuckDB joins and sorts all keys of a question in memory, and passes only conditions on one id and on a range of ids
    to the files: so a user's playlists are asked for one by one, and all playlists slice by slice.
    """
    names = {"playlist": given.library[0], "since": f"{given.since:%Y-%m-%d}", "until": f"{given.until:%Y-%m-%d}"}
    if engine == "duckdb" and "{library}" in question:
        return " UNION ALL ".join(question.format(library=f"playlist_id = '{each}'") for each in given.library)
    if engine == "duckdb" and "{where}" in question:
        return ";\n".join(question.format(where=f"WHERE {slice_}") for slice_ in _slices(given.bounds))
    return question.format(**names, library=f"playlist_id IN {tuple(given.library)}", where="")


def _slices(bounds: list[str]) -> Iterator[str]:
    for first, after in pairwise([None, *bounds, None]):
        parts = [f"playlist_id >= '{first}'"] * (first is not None) + [f"playlist_id < '{after}'"] * (after is not None)
        yield " AND ".join(parts) or "true"


def examples_of(lake: Lake, slice_: int = SLICE) -> Examples:
    """A user in the middle of all, with the ids of their playlists, a month, and slices of about so many additions."""
    with lake.open() as connection:
        users = connection.execute("SELECT DISTINCT user_id FROM playlist_listings ORDER BY user_id").fetchall()
        (user,) = users[len(users) // 2]
        library = connection.execute(
            "SELECT playlist_id FROM playlist_listings JOIN playlists USING (playlist_id) WHERE user_id = ? "
            "ORDER BY abs(items_total - 500), playlist_id",
            [user],
        ).fetchall()
        ((since, until),) = connection.execute(
            "SELECT date_trunc('month', quantile_disc(added_at, 0.5)) AS since, since + INTERVAL 1 MONTH "
            "FROM playlist_additions TABLESAMPLE 1% (bernoulli, 1)"
        ).fetchall()
        ((additions,),) = connection.execute("SELECT count(*) FROM playlist_additions").fetchall()
        slices = 1 + additions // slice_
        parts = [number / slices for number in range(1, slices)]
        bounds = connection.execute("SELECT unnest(quantile_disc(playlist_id, ?)) FROM playlists", [parts]).fetchall()
    return Examples([playlist_id for (playlist_id,) in library], since, until, [bound for (bound,) in bounds])
