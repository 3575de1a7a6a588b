"""The history that the page carries, for its script to search and to replay: every stay of every item, in columns.

The meaning of each column is in `app/archive.js`, which unpacks them.
"""

import re
from html import unescape
from typing import Any

import duckdb

from pipelines.operations.query import run_sql
from pipelines.operations.report.columns import dictionary, packed, steps
from pipelines.operations.report.queries import query_text
from sources.errors import DestinationError
from sources.safe_text import printable

VIEWS = ("addition_details", "playlist_description_changes", "playlist_item_history")
"""Views that a database lacks if it was last synced by an earlier version."""

MINUTE = 60_000_000
"""Microseconds. States are ordered by their exact times; the page shows days, and needs no more than minutes."""

Columns = dict[str, list[Any]]
"""The answer to a query by the names of its columns."""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary tables for this and `moments.sql`, after those of `prepare.sql`.

    Raises:
        DestinationError: an earlier version made the views, and has not all of them.
    """
    listed = ", ".join(f"'{name}'" for name in VIEWS)
    sql = f"SELECT count(DISTINCT table_name) FROM information_schema.tables WHERE table_name IN ({listed})"  # noqa: S608
    if run_sql(connection, sql).rows[0][0] < len(VIEWS):
        msg = "This lake has the views of an earlier version of playlake, without item_history: run playlake sync once."
        raise DestinationError(msg)
    run_sql(connection, query_text("archive/prepare"))


def archive(connection: duckdb.DuckDBPyConnection) -> str:
    """The packed columns, in an order that is the same whichever destination they come from."""
    playlists, stays = _answer(connection, "playlists"), _answer(connection, "stays")
    moves, descriptions = _answer(connection, "moves"), _answer(connection, "descriptions")
    order = {id_: place for place, id_ in enumerate(playlists["id"])}
    times = sorted(
        {
            time
            for column in (
                stays["listed_from"],
                stays["listed_until"],
                moves["moved_at"],
                playlists["began_at"],
            )
            for time in column
            if time is not None
        }
    )
    at: dict[int | None, int | None] = {None: None} | {time: place for place, time in enumerate(times)}
    people, added_by = dictionary([_shown(name) for name in stays["added_by"]])
    return packed(
        {
            "times": steps(time // MINUTE for time in times),
            "people": people,
            "artists": _artists(connection),
            "items": _items(connection),
            "playlists": playlists
            | {name: [_shown(text) for text in playlists[name]] for name in ("name", "owner")}
            | {"description": [_shown(_without_markup(text)) for text in playlists["description"]]}
            | {"began_at": [at[time] for time in playlists["began_at"]]},
            "stays": {
                "playlist": steps(order[id_] for id_ in stays["playlist_id"]),
                "item": stays["item"],
                "added": steps(stays["added"]),
                "by": added_by,
                "from": steps(at[time] for time in stays["listed_from"]),
                "until": [-1 if time is None else at[time] for time in stays["listed_until"]],
                "position": steps(stays["position"]),
            },
            "moves": {
                "stay": steps(moves["stay"]),
                "time": [at[time] for time in moves["moved_at"]],
                "position": moves["position"],
            },
            "descriptions": {
                "playlist": [order.get(id_) for id_ in descriptions["playlist_id"]],
                "changed_at": steps(descriptions["changed_at"]),
                "field": descriptions["field"],
                "before": [_shown(_without_markup(text)) for text in descriptions["before"]],
                "after": [_shown(_without_markup(text)) for text in descriptions["after"]],
            },
            "returned": _answer(connection, "returned")["stay"],
            "absent": _answer(connection, "absent")["item"],
        }
    )


def _items(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    found = _answer(connection, "items")
    # An item without artists of its own, such as an episode, has the text of the view: the name of its show.
    makers = ["" if own else _shown(text) for own, text in zip(found["credits"], found["artists"], strict=True)]
    albums, album = dictionary([_shown(name) for name in found["album"]])
    shows, show = dictionary(makers)
    return {
        "uri": [uri if uri is None else uri.removeprefix("spotify:track:") for uri in found["item_uri"]],
        "title": [_shown(title) for title in found["title"]],
        "seconds": found["seconds"],
        "released_on": found["released_on"],
        "albums": albums,
        "album": album,
        "shows": shows,
        "show": show,
        "credits": found["credits"],
        "artist": _answer(connection, "credits")["artist"],
    }


def _artists(connection: duckdb.DuckDBPyConnection) -> Columns:
    found = _answer(connection, "artists")
    return found | {name: [_shown(text) for text in found[name]] for name in ("name", "also")}


def _answer(connection: duckdb.DuckDBPyConnection, name: str) -> Columns:
    result = run_sql(connection, query_text(f"archive/{name}"))
    columns = zip(*result.rows, strict=True) if result.rows else ([] for _ in result.columns)
    return {name: list(column) for name, column in zip(result.columns, columns, strict=True)}


def _without_markup(text: str | None) -> str:
    """The text of a description, without its HTML links and entities."""
    return unescape(re.sub(r"</?a\b[^>]*>", "", text or ""))


def _shown(text: str | None) -> str:
    """Text for the page, on one line."""
    return printable(text or "", directions=True).replace("\n", " ").replace("\t", " ")
