"""Several users share a lake: what is a user's own says whose it is."""

from schemas import TABLES

OF_NOBODY = {
    # What a playlist held is the same, whoever reads it; who did is in `playlist_reads`.
    "playlist_snapshots",
    "playlist_additions",
    "playlist_addition_authors",
    "playlist_descriptions",
    "playlist_covers",
    "covers",
    # The catalogue's.
    "artist_albums",
    "catalogue_reads",
    "popularity_history",
}
"""Facts that are not about a user."""


def test_every_personal_fact_says_whose_it_is() -> None:
    """All facts but those of playlists and of the catalogue have a user_id."""
    facts = {table.name: {column.name for column in table.columns} for table in TABLES if table.kind == "fact"}
    assert {name for name, columns in facts.items() if "user_id" not in columns} == OF_NOBODY
