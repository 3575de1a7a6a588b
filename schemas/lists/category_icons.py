"""Icons of categories, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="category_icons",
    description="An icon of a category, widest first.",
    key=("category_id", "position"),
    kind="child",
    names="url",
    extracted_from=(From("categories", "icons", by_position=True),),
    columns=(
        key(
            "category_id",
            TEXT,
            "Spotify's id of the category.",
            "owner.id",
            references="categories.category_id",
        ),
        key("position", INT, "Position in the list of icons, from 0.", "position"),
        Column("url", TEXT, "Address of the picture.", "value.url"),
        Column("height", INT, "Pixels; null where Spotify does not say.", "value.height"),
        Column("width", INT, "Pixels; null where Spotify does not say.", "value.width"),
        REMOVED,
    ),
)
