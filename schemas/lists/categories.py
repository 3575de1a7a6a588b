"""Categories of browsing."""

from schemas.spec import TEXT, TIME, Column, Table, key, seen_at

TABLE = Table(
    name="categories",
    description="A category that playlists are browsed by, as last seen.",
    key=("category_id",),
    kind="dimension",
    names="name",
    columns=(
        key("category_id", TEXT, "Spotify's id of the category: a word, or like that of a playlist.", "id"),
        Column("name", TEXT, "Name, in the language of the user.", "name", update="coalesce"),
        Column("href", TEXT, "Address in the Web API.", "href", update="coalesce"),
        Column("first_seen_at", TIME, "When a sync first saw it.", seen_at, update="insert_only"),
    ),
)
