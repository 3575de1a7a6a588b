"""What shape the data takes: one table a file, one view a file, and these two lists of them."""

from importlib import resources
from typing import Literal

from schemas import (
    album_artists,
    album_images,
    albums,
    artists,
    cover_checks,
    covers,
    episode_images,
    episodes,
    playlist_addition_authors,
    playlist_additions,
    playlist_covers,
    playlist_descriptions,
    playlist_images,
    playlist_listings,
    playlist_reads,
    playlist_snapshots,
    playlists,
    runs,
    show_copyrights,
    show_images,
    shows,
    track_artists,
    tracks,
    unknown_items,
    users,
)
from schemas.table import Table

TABLES: tuple[Table, ...] = (
    playlists.TABLE,
    playlist_images.TABLE,
    playlist_snapshots.TABLE,
    playlist_additions.TABLE,
    playlist_addition_authors.TABLE,
    runs.TABLE,
    playlist_reads.TABLE,
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
    artists.TABLE,
    episodes.TABLE,
    episode_images.TABLE,
    shows.TABLE,
    show_images.TABLE,
    show_copyrights.TABLE,
    unknown_items.TABLE,
    users.TABLE,
)

VIEWS: tuple[str, ...] = (
    "playlist_items",
    "playlist_item_history",
    "playlist_changes",
    "playlist_description_changes",
    "playlist_cover_history",
)

Dialect = Literal["duckdb", "postgres"]
"""Databases that the views are written for; their lists of keys, of which nothing is shared, leave no other way."""


def view_sql(name: str, dialect: Dialect = "duckdb") -> str:
    """The SELECT statement of a view, over tables of the same schema."""
    folder = resources.files("schemas").joinpath("views")
    if dialect != "duckdb":
        folder = folder.joinpath(dialect)
    return folder.joinpath(f"{name}.sql").read_text(encoding="utf-8")
