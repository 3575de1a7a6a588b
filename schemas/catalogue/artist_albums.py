"""Discographies: which albums Spotify lists for an artist."""

from schemas.spec import TEXT, TIME, Column, Table, key

TABLE = Table(
    name="artist_albums",
    description="An album that was seen in the list of an artist's albums; never changed, never deleted.",
    key=("artist_id", "album_id"),
    kind="fact",
    columns=(
        key("artist_id", TEXT, "Spotify's id of the artist.", "artist_id", references="artists.artist_id"),
        key("album_id", TEXT, "Spotify's id of the album.", "album_id", references="albums.album_id"),
        Column(
            "album_group",
            TEXT,
            "album, single, compilation or appears_on; not sent to apps in development mode.",
            "album_group",
        ),
        Column("first_seen_at", TIME, "When a sync first saw it there.", "first_seen_at", nullable=False),
    ),
)
