"""Items of a kind that has no table of its own."""

from schemas.spec import TEXT, TIME, Column, From, Table, key, seen_at

TABLE = Table(
    name="unknown_items",
    description="An item that is neither a track nor an episode, such as an audiobook's chapter, as last seen.",
    key=("item_uri",),
    kind="dimension",
    extracted_from=(From("entries", "as_unknown"),),
    columns=(
        key("item_uri", TEXT, "Spotify URI; a chapter's is spotify:episode:…, so it does not show the type.", "uri"),
        Column("item_type", TEXT, "The API's word for its kind; null where it says none.", "type", update="coalesce"),
        Column("name", TEXT, "Name.", "name", update="coalesce"),
        Column("body", TEXT, "All that the API says of it, as JSON text.", "body", update="coalesce"),
        Column("first_seen_at", TIME, "When a sync first saw it.", seen_at, update="insert_only"),
    ),
)
