"""States of lists that Spotify ranks: a user's top artists, new releases, what a search finds."""

from schemas.spec import INT, TEXT, TIME, URIS, Column, Table, key

TABLE = Table(
    name="ranked_lists",
    description="A list in Spotify's order as it was seen; written when it differs from the last.",
    key=("list", "subject", "user_id", "observed_at"),
    kind="fact",
    columns=(
        key("list", TEXT, "Which list, such as top_artists, related_artists or search:track.", "name"),
        key(
            "subject",
            TEXT,
            "What it is about: a period, an artist, a category, a query; an empty text where there is one such list.",
            "subject",
        ),
        key(
            "user_id",
            TEXT,
            "Whose list it is; an empty text where it is the same for all users. What is found or put forward depends "
            "on where a user lives: such lists have an empty text for the first user of a lake.",
            "user_id",
        ),
        key("observed_at", TIME, "When it was read.", "observed_at"),
        Column(
            "item_uris",
            URIS,
            "URI of each place, in order, null where nothing was shown; of genre_seeds the genre's name. JSON in "
            "DuckDB, a list in Parquet: item_uris::VARCHAR[] reads both.",
            "item_uris",
            nullable=False,
        ),
        Column("item_count", INT, "Number of places.", "item_count", nullable=False),
    ),
)
