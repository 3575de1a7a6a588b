"""Listings: which playlists came into a user's list, and which left it."""

from schemas.spec import TEXT, TIME, Column, Table, key

TABLE = Table(
    name="playlist_listings",
    description="A change of whether a playlist is in a user's list; a list that shows the same writes nothing.",
    key=("user_id", "playlist_id", "observed_at"),
    kind="fact",
    columns=(
        key("user_id", TEXT, "The user whose list it is.", "user_id"),
        key("playlist_id", TEXT, "The playlist.", "playlist_id", references="playlists.playlist_id"),
        key("observed_at", TIME, "When the sync began that found it.", "observed_at"),
        Column(
            "state",
            TEXT,
            "listed; missing (a complete list lacked it, which may be a slip); left (a second one in a row lacked it, "
            "or the playlist itself is gone).",
            "state",
            nullable=False,
        ),
    ),
)
