"""Images of audiobooks, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="audiobook_images",
    description="An image of an audiobook, widest first.",
    key=("audiobook_id", "position"),
    kind="child",
    names="url",
    extracted_from=(From("audiobooks", "images", by_position=True),),
    columns=(
        key("audiobook_id", TEXT, "Spotify's id of the audiobook.", "owner.id", references="audiobooks.audiobook_id"),
        key("position", INT, "Position in the list of images, from 0.", "position"),
        Column("url", TEXT, "Address of the picture.", "value.url"),
        Column("height", INT, "Pixels; null where Spotify does not say.", "value.height"),
        Column("width", INT, "Pixels; null where Spotify does not say.", "value.width"),
        REMOVED,
    ),
)
