"""Chapters of audiobooks."""

from schemas.catalogue.dates import released_on
from schemas.catalogue.markets import json_text
from schemas.spec import DATE, FLAG, INT, TEXT, Column, Table, key

TABLE = Table(
    name="chapters",
    description="A chapter of an audiobook, as last seen in the book's list.",
    key=("chapter_id",),
    kind="dimension",
    names="name",
    columns=(
        key("chapter_id", TEXT, "Spotify's id of the chapter.", "id"),
        Column("uri", TEXT, "Spotify URI, which is that of an episode.", "uri", update="coalesce"),
        Column("name", TEXT, "Title.", "name", update="coalesce"),
        Column(
            "audiobook_id",
            TEXT,
            "Audiobook that it belongs to.",
            "audiobook.id",
            references="audiobooks.audiobook_id",
            update="coalesce",
        ),
        Column("chapter_number", INT, "Place in the book, as Spotify counts.", "chapter_number", update="coalesce"),
        Column("description", TEXT, "Description without markup.", "description", update="coalesce"),
        Column("html_description", TEXT, "Description with HTML.", "html_description", update="coalesce"),
        Column("duration_ms", INT, "Length in milliseconds.", "duration_ms", update="coalesce", blank=(0,)),
        Column("explicit", FLAG, "Whether it has explicit content.", "explicit", update="coalesce"),
        Column(
            "release_date",
            TEXT,
            "Release date as sent: 1981, 1981-12 or 1981-12-15.",
            "release_date",
            update="coalesce",
            blank=("0000",),
        ),
        Column(
            "release_date_precision",
            TEXT,
            "year, month or day.",
            "release_date_precision",
            update="coalesce",
            follows="release_date",
        ),
        Column("released_on", DATE, "The first day that release_date can mean.", released_on, update="coalesce"),
        Column("languages", TEXT, "Languages as JSON text.", json_text("languages"), update="coalesce", blank=("[]",)),
        Column("is_playable", FLAG, "Whether it plays in the market asked for.", "is_playable", update="value"),
        Column(
            "available_markets",
            TEXT,
            "Countries where it plays, as JSON text; not sent to apps in development mode.",
            json_text("available_markets"),
            update="value",
        ),
        Column("audio_preview_url", TEXT, "Preview.", "audio_preview_url", update="coalesce"),
        Column(
            "fully_played", FLAG, "Whether the user has heard it all.", "resume_point.fully_played", update="coalesce"
        ),
        Column(
            "resume_position_ms",
            INT,
            "Where the user stopped, in milliseconds.",
            "resume_point.resume_position_ms",
            update="coalesce",
        ),
        Column("restriction_reason", TEXT, "Why it does not play: market, product or explicit.", "restrictions.reason"),
        Column("href", TEXT, "Address in the Web API.", "href", update="coalesce"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "external_urls.spotify", update="coalesce"),
    ),
)
