"""Shows: podcasts."""

from schemas.catalogue.markets import json_text
from schemas.spec import DESCRIBED, FLAG, INT, TEXT, Column, From, Table, key

TABLE = Table(
    name="shows",
    description="A show, as last seen.",
    key=("show_id",),
    kind="dimension",
    names="name",
    extracted_from=(From("episodes", "show"),),
    columns=(
        key("show_id", TEXT, "Spotify's id of the show.", "id"),
        Column("uri", TEXT, "Spotify URI.", "uri", update="coalesce"),
        Column("name", TEXT, "Name.", "name", update="coalesce"),
        Column("publisher", TEXT, "Publisher; not sent to apps in development mode.", "publisher", update="coalesce"),
        Column("description", TEXT, "Description without markup.", "description", update="coalesce"),
        Column("html_description", TEXT, "Description with HTML.", "html_description", update="coalesce"),
        Column("explicit", FLAG, "Whether it has explicit content.", "explicit", update="coalesce"),
        Column("languages", TEXT, "Languages as JSON text.", json_text("languages"), update="coalesce", blank=("[]",)),
        Column("media_type", TEXT, "audio or mixed.", "media_type", update="coalesce"),
        Column("total_episodes", INT, "Number of its episodes.", "total_episodes", update="coalesce"),
        Column(
            "is_externally_hosted",
            FLAG,
            "Whether it is hosted outside Spotify.",
            "is_externally_hosted",
            update="coalesce",
        ),
        Column(
            "available_markets",
            TEXT,
            "Countries where it plays, as JSON text; not sent to apps in development mode.",
            json_text("available_markets"),
            update="value",
        ),
        Column("href", TEXT, "Address in the Web API.", "href", update="coalesce"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "external_urls.spotify", update="coalesce"),
        DESCRIBED,
    ),
)
