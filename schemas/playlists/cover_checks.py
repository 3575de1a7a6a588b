"""When a playlist's cover was last fetched, and from where: what has the same address is not fetched again."""

from schemas.spec import TEXT, TIME, Column, Table, key

TABLE = Table(
    name="cover_checks",
    description="The last time that a playlist's cover was fetched, or could not be.",
    key=("playlist_id",),
    kind="dimension",
    columns=(
        key("playlist_id", TEXT, "The playlist.", "playlist_id", references="playlists.playlist_id"),
        Column("checked_at", TIME, "When.", "checked_at", nullable=False),
        Column("url", TEXT, "Address that it was asked for at; null where there is no cover.", "url"),
        Column("cover_sha256", TEXT, "What came, or came before.", "cover_sha256", references="covers.sha256"),
        Column("thumbnail_sha256", TEXT, "The same of the narrowest.", "thumbnail_sha256", references="covers.sha256"),
        Column("message", TEXT, "Why nothing came; the next sync tries again.", "message"),
    ),
)
