"""Images of albums, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="album_images",
    description="An image of an album, widest first.",
    key=("album_id", "position"),
    kind="child",
    names="url",
    extracted_from=(From("albums", "images", by_position=True),),
    columns=(
        key("album_id", TEXT, "Spotify's id of the album.", "owner.id", references="albums.album_id"),
        key("position", INT, "Position in the list of images, from 0.", "position"),
        Column("url", TEXT, "Address of the picture.", "value.url"),
        Column("height", INT, "Pixels; null where Spotify does not say.", "value.height"),
        Column("width", INT, "Pixels; null where Spotify does not say.", "value.width"),
        REMOVED,
    ),
)
