"""Who wrote audiobooks, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="audiobook_authors",
    description="An author of an audiobook, in order.",
    key=("audiobook_id", "position"),
    kind="child",
    names="name",
    extracted_from=(From("audiobooks", "authors", by_position=True),),
    columns=(
        key("audiobook_id", TEXT, "Spotify's id of the audiobook.", "owner.id", references="audiobooks.audiobook_id"),
        key("position", INT, "Position in the list, from 0.", "position"),
        Column("name", TEXT, "Name; they have no ids.", "value.name"),
        REMOVED,
    ),
)
