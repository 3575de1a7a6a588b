"""What shape the data takes: one table a file, one view a file, and these two lists of them."""

import re
from importlib import resources
from typing import Literal

from schemas.catalogue import (
    album_artists,
    album_copyrights,
    album_images,
    album_tracks,
    albums,
    artist_albums,
    artist_genres,
    artist_images,
    artists,
    audio_analyses,
    audio_features,
    audiobook_authors,
    audiobook_copyrights,
    audiobook_images,
    audiobook_narrators,
    audiobooks,
    chapters,
    episode_images,
    episodes,
    markets,
    popularity_history,
    show_copyrights,
    show_images,
    shows,
    track_artists,
    tracks,
    unknown_items,
    users,
)
from schemas.listening import plays
from schemas.lists import categories, category_icons, ranked_lists
from schemas.player import devices, player_states
from schemas.playlists import (
    cover_checks,
    covers,
    playlist_addition_authors,
    playlist_additions,
    playlist_covers,
    playlist_descriptions,
    playlist_images,
    playlist_listings,
    playlist_reads,
    playlist_snapshots,
    playlists,
)
from schemas.runs import catalogue_reads, resource_reads, runs, writes
from schemas.saved import saved_additions, saved_snapshots
from schemas.spec import Table

TABLES: tuple[Table, ...] = (
    playlists.TABLE,
    playlist_images.TABLE,
    playlist_snapshots.TABLE,
    playlist_additions.TABLE,
    playlist_addition_authors.TABLE,
    runs.TABLE,
    playlist_reads.TABLE,
    resource_reads.TABLE,
    catalogue_reads.TABLE,
    writes.TABLE,
    saved_additions.TABLE,
    saved_snapshots.TABLE,
    ranked_lists.TABLE,
    categories.TABLE,
    category_icons.TABLE,
    markets.TABLE,
    plays.TABLE,
    player_states.TABLE,
    devices.TABLE,
    playlist_descriptions.TABLE,
    playlist_listings.TABLE,
    playlist_covers.TABLE,
    covers.TABLE,
    cover_checks.TABLE,
    tracks.TABLE,
    track_artists.TABLE,
    albums.TABLE,
    album_artists.TABLE,
    album_images.TABLE,
    album_copyrights.TABLE,
    album_tracks.TABLE,
    artists.TABLE,
    artist_genres.TABLE,
    artist_images.TABLE,
    artist_albums.TABLE,
    episodes.TABLE,
    episode_images.TABLE,
    shows.TABLE,
    show_images.TABLE,
    show_copyrights.TABLE,
    audiobooks.TABLE,
    audiobook_authors.TABLE,
    audiobook_narrators.TABLE,
    audiobook_images.TABLE,
    audiobook_copyrights.TABLE,
    chapters.TABLE,
    audio_features.TABLE,
    audio_analyses.TABLE,
    unknown_items.TABLE,
    users.TABLE,
    popularity_history.TABLE,
)

VIEWS: tuple[str, ...] = (
    "playlist_items",
    "playlist_item_history",
    "playlist_changes",
    "playlist_description_changes",
    "playlist_cover_history",
    "saved_items",
    "saved_item_history",
    "saved_item_changes",
    "ranked_list_items",
    "ranked_list_changes",
    "popularity_changes",
    "play_gaps",
    "listening",
    "item_details",
    "addition_details",
    "items",
    "item_changes",
    "item_history",
    "saved",
    "saved_changes",
    "saved_history",
)
"""In the order in which they can be made: later ones are over earlier ones."""

FUNCTIONS: dict[str, str] = {
    "items_at": "items",
    "playlist_changes_between": "playlist_changes",
    "item_changes_between": "item_changes",
}
"""Tables of times, `FROM items_at('2026-11-01')`, with the view whose columns each has, in the order to make them."""

PARAMETERS: dict[str, tuple[str, ...]] = {
    "items_at": ("moment",),
    "playlist_changes_between": ("since", "until"),
    "item_changes_between": ("since", "until"),
}
"""The times that each function is given."""

TIMES: dict[str, str] = {"duckdb": "", "postgres": "TIMESTAMPTZ", "spark": "TIMESTAMP"}
"""What each dialect calls the type of a function's times; macros of DuckDB's are given values of any type."""

Dialect = Literal["duckdb", "postgres", "spark"]
"""What the views are written for; their lists of keys, of which nothing is shared, leave no other way."""


def example(function: str) -> str:
    """A function of FUNCTIONS as it stands in a query."""
    times = ("'2026-11-01'", "'2026-12-01'")
    return f"{function}({', '.join(times[: len(PARAMETERS[function])])})"


def view_sql(name: str, dialect: Dialect = "duckdb") -> str:
    """The SELECT statement of a view, over tables of the same schema."""
    folder = resources.files(__name__).joinpath("views")
    if dialect != "duckdb":
        folder = folder.joinpath(dialect)
    return folder.joinpath(f"{name}.sql").read_text(encoding="utf-8")


def function_sql(name: str, dialect: Dialect = "duckdb", schema: str | None = None) -> str:
    """The statement that makes a function of times over tables and views of the same schema.

    Args:
        name: of FUNCTIONS.
        dialect: the database.
        schema: for DuckDB, whose macros look names up where they are called from, the schema of tables and views.
    """
    select = view_sql(name, dialect)
    typed = ", ".join(f"{parameter} {TIMES[dialect]}".rstrip() for parameter in PARAMETERS[name])
    if dialect == "postgres":
        return (
            f"CREATE OR REPLACE FUNCTION {name}({typed}) RETURNS SETOF {FUNCTIONS[name]}\n"
            f"LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$\n{select}$$"
        )
    if dialect == "spark":
        return f"CREATE OR REPLACE TEMPORARY FUNCTION {name}({typed}) RETURNS TABLE RETURN\n{select}"
    if schema is not None:
        known = "|".join(["_dlt_loads", *VIEWS, *FUNCTIONS, *(table.name for table in TABLES)])
        quoted = schema.replace('"', '""')
        select = re.sub(rf"\b(FROM|JOIN) ({known})\b", rf'\1 "{quoted}".\2', select)
    return f"CREATE OR REPLACE MACRO {name}({typed}) AS TABLE\n{select}"
