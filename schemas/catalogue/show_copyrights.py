"""Copyright lines of shows, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="show_copyrights",
    description="A copyright line of a show.",
    key=("show_id", "position"),
    kind="child",
    names="text",
    extracted_from=(From("shows", "copyrights", by_position=True),),
    columns=(
        key("show_id", TEXT, "Spotify's id of the show.", "owner.id", references="shows.show_id"),
        key("position", INT, "Position in the list, from 0.", "position"),
        Column("text", TEXT, "The copyright line.", "value.text"),
        Column("type", TEXT, "C for the work, P for the recording.", "value.type"),
        REMOVED,
    ),
)
