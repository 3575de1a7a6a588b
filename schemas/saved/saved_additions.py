"""Additions to a user's library: each time something was saved."""

from schemas.spec import INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="saved_additions",
    description="A time a user saved something, or followed an artist; never changed, never deleted.",
    key=("user_id", "collection", "item_key"),
    kind="fact",
    columns=(
        key("user_id", TEXT, "Whose library.", "user_id"),
        key(
            "collection",
            TEXT,
            "tracks, albums, episodes, shows, audiobooks, or artists whom the user follows.",
            "collection",
        ),
        key(
            "item_key",
            INT,
            "Hash of what identifies an addition in its collection: item_uri, added_at in whole seconds and "
            "a counter for otherwise identical ones.",
            "item_key",
        ),
        Column(
            "added_at",
            TIME,
            "When it was saved, as Spotify says; audiobooks and artists have no such time.",
            "added_at",
        ),
        Column("item_uri", TEXT, "URI of the item as it was saved; null if it was hidden from the start.", "item_uri"),
        Column("item_type", TEXT, "track, album, episode, show, audiobook or artist.", "item_type", nullable=False),
        Column("item_id", TEXT, "Spotify's id of the item; of a track the one that plays.", "item_id"),
        Column("first_observed_at", TIME, "When a sync first read it.", "observed_at", nullable=False),
    ),
)
