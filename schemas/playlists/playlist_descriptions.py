"""Descriptions of playlists over time: what they were called, whose they were, and how many followed."""

from schemas.spec import FLAG, INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="playlist_descriptions",
    description="A description of a playlist that a sync found to differ from the one before; followers alone count "
    "once a day.",
    key=("playlist_id", "observed_at"),
    kind="fact",
    columns=(
        key("playlist_id", TEXT, "The playlist.", "playlist_id", references="playlists.playlist_id"),
        key("observed_at", TIME, "When the sync began that found it.", "observed_at"),
        Column("name", TEXT, "Name. In every column, what Spotify does not send stays as it was.", "name"),
        Column("description", TEXT, "Description as sent.", "description"),
        Column("owner_id", TEXT, "User who owns it.", "owner_id", references="users.user_id"),
        Column("public", FLAG, "Whether it is on the owner's profile.", "public"),
        Column("collaborative", FLAG, "Whether others may edit it.", "collaborative"),
        Column("followers_total", INT, "Followers; only known for playlists that were read.", "followers_total"),
        Column("items_total", INT, "Entries that Spotify counts, null ones too.", "items_total"),
        Column("in_library", FLAG, "Whether it is in the list of any user, as in playlists.", "in_library"),
    ),
)
