"""Copyright lines of albums, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="album_copyrights",
    description="A copyright line of an album that was described.",
    key=("album_id", "position"),
    kind="child",
    names="text",
    extracted_from=(From("albums", "copyrights", by_position=True, full=True),),
    columns=(
        key("album_id", TEXT, "Spotify's id of the album.", "owner.id", references="albums.album_id"),
        key("position", INT, "Position in the list, from 0.", "position"),
        Column("text", TEXT, "The copyright line.", "value.text"),
        Column("type", TEXT, "C for the work, P for the recording.", "value.type"),
        REMOVED,
    ),
)
