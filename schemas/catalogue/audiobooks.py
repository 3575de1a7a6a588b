"""Audiobooks."""

from schemas.catalogue.markets import json_text
from schemas.spec import DESCRIBED, FLAG, INT, TEXT, Column, Table, key

TABLE = Table(
    name="audiobooks",
    description="An audiobook, as last seen.",
    key=("audiobook_id",),
    kind="dimension",
    names="name",
    columns=(
        key("audiobook_id", TEXT, "Spotify's id of the audiobook.", "id"),
        Column("uri", TEXT, "Spotify URI, which is that of a show.", "uri", update="coalesce"),
        Column("name", TEXT, "Title.", "name", update="coalesce"),
        Column("publisher", TEXT, "Publisher; not sent to apps in development mode.", "publisher", update="coalesce"),
        Column("description", TEXT, "Description without markup.", "description", update="coalesce"),
        Column("html_description", TEXT, "Description with HTML.", "html_description", update="coalesce"),
        Column("edition", TEXT, "Edition, such as Unabridged.", "edition", update="coalesce"),
        Column("explicit", FLAG, "Whether it has explicit content.", "explicit", update="coalesce"),
        Column("languages", TEXT, "Languages as JSON text.", json_text("languages"), update="coalesce", blank=("[]",)),
        Column("media_type", TEXT, "audio.", "media_type", update="coalesce"),
        Column("total_chapters", INT, "Number of its chapters.", "total_chapters", update="coalesce", blank=(0,)),
        Column(
            "available_markets",
            TEXT,
            "Countries where it is sold, as JSON text; not sent to apps in development mode.",
            json_text("available_markets"),
            update="value",
        ),
        Column("href", TEXT, "Address in the Web API.", "href", update="coalesce"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "external_urls.spotify", update="coalesce"),
        DESCRIBED,
    ),
)
