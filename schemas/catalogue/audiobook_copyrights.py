"""Copyright lines of audiobooks, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="audiobook_copyrights",
    description="A copyright line of an audiobook.",
    key=("audiobook_id", "position"),
    kind="child",
    names="text",
    extracted_from=(From("audiobooks", "copyrights", by_position=True),),
    columns=(
        key("audiobook_id", TEXT, "Spotify's id of the audiobook.", "owner.id", references="audiobooks.audiobook_id"),
        key("position", INT, "Position in the list, from 0.", "position"),
        Column("text", TEXT, "The copyright line.", "value.text"),
        Column("type", TEXT, "C for the work, P for the recording.", "value.type"),
        REMOVED,
    ),
)
