"""States of users' libraries: what was saved, in which order."""

from schemas.spec import INT, KEYS, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="saved_snapshots",
    description="A state of a collection of a user's library: what was saved, in order.",
    key=("user_id", "collection", "observed_at"),
    kind="fact",
    columns=(
        key("user_id", TEXT, "Whose library.", "user_id"),
        key(
            "collection",
            TEXT,
            "tracks, albums, episodes, shows, audiobooks, or artists whom the user follows.",
            "collection",
        ),
        key("observed_at", TIME, "When it was read.", "observed_at"),
        Column(
            "item_keys",
            KEYS,
            "item_key of each entry, in order; JSON in DuckDB, a list in Parquet: item_keys::BIGINT[] reads both.",
            "item_keys",
            nullable=False,
        ),
        Column("item_count", INT, "Number of entries.", "item_count", nullable=False),
        Column(
            "moved_keys",
            KEYS,
            "The fewest item_keys that must have been moved to get from the previous state's order to this one.",
            "moved_keys",
        ),
    ),
)
