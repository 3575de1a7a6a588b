"""How popular artists, albums, tracks and users were over time, as far as Spotify tells."""

from schemas.spec import INT, TEXT, TIME, Column, From, Table, key, seen_at

TABLE = Table(
    name="popularity_history",
    description="How popular an artist, an album, a track or a user was found to be; written when it differs from the "
    "last row, and once a day (UTC) at most.",
    key=("item_type", "item_id", "observed_at"),
    kind="fact",
    differs=("popularity", "followers_total"),
    extracted_from=(
        From("artists", "measured"),
        From("albums", "measured"),
        From("tracks", "measured"),
        From("users", "measured"),
    ),
    columns=(
        key("item_type", TEXT, "artist, album, track or user.", "item_type"),
        key("item_id", TEXT, "Its id, as in artists, albums, tracks and users.", "item_id"),
        key("observed_at", TIME, "When the sync began that found it.", seen_at),
        Column(
            "popularity", INT, "0 to 100. In both numbers, what Spotify does not send stays as it was.", "popularity"
        ),
        Column("followers_total", INT, "How many follow; of artists and users only.", "followers_total"),
    ),
)
