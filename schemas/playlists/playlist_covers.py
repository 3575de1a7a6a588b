"""Which cover a playlist had, from when on."""

from schemas.spec import TEXT, TIME, Column, Table, key

TABLE = Table(
    name="playlist_covers",
    description="A cover found on a playlist that was not its cover before.",
    key=("playlist_id", "observed_at"),
    kind="fact",
    columns=(
        key("playlist_id", TEXT, "The playlist.", "playlist_id", references="playlists.playlist_id"),
        key("observed_at", TIME, "When it was fetched.", "observed_at"),
        Column(
            "cover_sha256",
            TEXT,
            "The widest picture that Spotify offers; null where there is none any more.",
            "cover_sha256",
            references="covers.sha256",
        ),
        Column(
            "thumbnail_sha256",
            TEXT,
            "The narrowest; of covers in one size the same as cover_sha256.",
            "thumbnail_sha256",
            references="covers.sha256",
        ),
    ),
)
