"""Additions: each time an item was put on a playlist."""

from schemas.spec import FLAG, INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="playlist_additions",
    description="A time an item was put on a playlist; never changed, never deleted.",
    key=("playlist_id", "item_key"),
    kind="fact",
    columns=(
        key("playlist_id", TEXT, "The playlist.", "playlist_id", references="playlists.playlist_id"),
        key(
            "item_key",
            INT,
            "Hash of what identifies an addition on its playlist: item_uri, added_at in whole seconds and "
            "a counter for otherwise identical ones.",
            "item_key",
        ),
        Column("added_at", TIME, "When it was added, as Spotify says: null or 1970 on old lists.", "added_at"),
        Column(
            "added_by_id",
            TEXT,
            "User who added it, as first read; the views show the newest of playlist_addition_authors.",
            "added_by_id",
            references="users.user_id",
        ),
        Column(
            "item_uri",
            TEXT,
            "URI of the item as it was added: that of linked_from if Spotify now plays another track for it.",
            "item_uri",
        ),
        Column(
            "item_type",
            TEXT,
            "The API's word: track, episode, chapter, …; null where it says none, or the item is gone.",
            "item_type",
        ),
        Column("track_id", TEXT, "Spotify's id of the track that plays; null for local files.", "track_id"),
        Column("episode_id", TEXT, "Spotify's id of the episode.", "episode_id", references="episodes.episode_id"),
        Column("is_local", FLAG, "Whether it is a file on somebody's device.", "is_local"),
        Column("primary_color", TEXT, "Colour of the entry; mostly null.", "primary_color"),
        Column("video_thumbnail_url", TEXT, "Picture of a video entry; mostly null.", "video_thumbnail_url"),
        Column("first_observed_at", TIME, "When a sync first read it.", "observed_at", nullable=False),
    ),
)
