"""Images of playlists, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="playlist_images",
    description="An image of a playlist, widest first.",
    key=("playlist_id", "position"),
    kind="child",
    extracted_from=(From("playlists", "playlist.images", by_position=True),),
    columns=(
        key(
            "playlist_id",
            TEXT,
            "Spotify's id of the playlist.",
            "owner.playlist.id",
            references="playlists.playlist_id",
        ),
        key("position", INT, "Position in the list of images, from 0.", "position"),
        Column("url", TEXT, "Address of the picture. URLs of playlist images expire within a day.", "value.url"),
        Column("height", INT, "Pixels; null where Spotify does not say.", "value.height"),
        Column("width", INT, "Pixels; null where Spotify does not say.", "value.width"),
        REMOVED,
    ),
)
