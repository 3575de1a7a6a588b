"""Who made additions, where Spotify said so later, or says something else now."""

from schemas.spec import INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="playlist_addition_authors",
    description="Another user, or the first, whom Spotify named for an addition that was stored already.",
    key=("playlist_id", "item_key", "observed_at"),
    kind="fact",
    columns=(
        key("playlist_id", TEXT, "The playlist.", "playlist_id", references="playlists.playlist_id"),
        key("item_key", INT, "The addition, as in playlist_additions.", "item_key"),
        key("observed_at", TIME, "When a sync first read it so; the newest counts.", "observed_at"),
        Column("added_by_id", TEXT, "User who added it.", "added_by_id", nullable=False, references="users.user_id"),
    ),
)
