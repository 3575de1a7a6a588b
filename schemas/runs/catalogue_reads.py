"""Look-ups of single objects that left no row in another table."""

from schemas.spec import INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="catalogue_reads",
    description="An object that Spotify did not describe, or a list or user that was read: it is asked again later.",
    key=("subject", "item_id", "read_at"),
    kind="fact",
    columns=(
        key("subject", TEXT, "What was asked for: albums, artist_albums and so on.", "subject"),
        key("item_id", TEXT, "Spotify's id of the object.", "item_id"),
        key("read_at", TIME, "When it was asked for.", "read_at"),
        Column(
            "outcome",
            TEXT,
            "read (a list, a user), gone (it is not there, or blanked) or elsewhere (described under another id).",
            "outcome",
            nullable=False,
        ),
        Column("items", INT, "Number of entries of a list.", "items"),
    ),
)
