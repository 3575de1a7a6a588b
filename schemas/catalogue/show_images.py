"""Images of shows, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="show_images",
    description="An image of a show, widest first.",
    key=("show_id", "position"),
    kind="child",
    names="url",
    extracted_from=(From("shows", "images", by_position=True),),
    columns=(
        key("show_id", TEXT, "Spotify's id of the show.", "owner.id", references="shows.show_id"),
        key("position", INT, "Position in the list of images, from 0.", "position"),
        Column("url", TEXT, "Address of the picture.", "value.url"),
        Column("height", INT, "Pixels; null where Spotify does not say.", "value.height"),
        Column("width", INT, "Pixels; null where Spotify does not say.", "value.width"),
        REMOVED,
    ),
)
