"""Images of artists, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="artist_images",
    description="An image of an artist that was described, widest first.",
    key=("artist_id", "position"),
    kind="child",
    names="url",
    extracted_from=(From("artists", "images", by_position=True, full=True),),
    columns=(
        key("artist_id", TEXT, "Spotify's id of the artist.", "owner.id", references="artists.artist_id"),
        key("position", INT, "Position in the list of images, from 0.", "position"),
        Column("url", TEXT, "Address of the picture.", "value.url"),
        Column("height", INT, "Pixels; null where Spotify does not say.", "value.height"),
        Column("width", INT, "Pixels; null where Spotify does not say.", "value.width"),
        REMOVED,
    ),
)
