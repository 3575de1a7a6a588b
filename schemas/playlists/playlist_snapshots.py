"""States of playlists: which items, in which order."""

from schemas.spec import INT, KEYS, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="playlist_snapshots",
    description="A state of a playlist that was read completely: its items, in order.",
    key=("playlist_id", "snapshot_id", "observed_at"),
    kind="fact",
    columns=(
        key("playlist_id", TEXT, "The playlist.", "playlist_id", references="playlists.playlist_id"),
        key("snapshot_id", TEXT, "Spotify's id of this version; compare for equality only.", "snapshot_id"),
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
