"""Episodes of podcasts."""

from schemas.catalogue.dates import released_on
from schemas.catalogue.markets import json_text
from schemas.spec import DATE, DESCRIBED, FLAG, INT, TAKEN_DOWN, TEXT, Column, From, Table, key

TABLE = Table(
    name="episodes",
    sentence="An episode of a show, as last seen.",
    key=("episode_id",),
    kind="dimension",
    names="name",
    found=(From("entries", "as_episode"),),
    columns=(
        key("episode_id", TEXT, "Spotify's id of the episode.", "id"),
        Column("uri", TEXT, "Spotify URI.", "uri", update="keep"),
        Column("name", TEXT, "Title.", "name", update="keep"),
        Column("show_id", TEXT, "Show that it belongs to.", "show.id", references="shows.show_id", update="keep"),
        Column("description", TEXT, "Description without markup.", "description", update="keep"),
        Column("html_description", TEXT, "Description with HTML.", "html_description", update="keep"),
        Column("duration_ms", INT, "Length in milliseconds.", "duration_ms", update="keep", blank=(0,)),
        Column("explicit", FLAG, "Whether it has explicit content.", "explicit", update="keep"),
        Column(
            "release_date",
            TEXT,
            "Release date as sent: 1981, 1981-12 or 1981-12-15.",
            "release_date",
            update="keep",
            blank=("0000",),
        ),
        Column(
            "release_date_precision",
            TEXT,
            "year, month or day.",
            "release_date_precision",
            update="keep",
            follows="release_date",
        ),
        Column("released_on", DATE, "The first day that release_date can mean.", released_on, update="keep"),
        Column("language", TEXT, "Language, the older field.", "language", update="keep"),
        Column("languages", TEXT, "Languages as JSON text.", json_text("languages"), update="keep", blank=("[]",)),
        Column("is_playable", FLAG, "Whether it plays in the market asked for.", "is_playable", update="keep"),
        Column(
            "is_externally_hosted", FLAG, "Whether it is hosted outside Spotify.", "is_externally_hosted", update="keep"
        ),
        Column(
            "available_markets",
            TEXT,
            "Countries where it plays, as JSON text; not sent to apps in development mode.",
            json_text("available_markets"),
            update="value",
        ),
        Column("audio_preview_url", TEXT, "30 second preview.", "audio_preview_url", update="keep"),
        Column("fully_played", FLAG, "Whether the user has heard it all.", "resume_point.fully_played", update="keep"),
        Column(
            "resume_position_ms",
            INT,
            "Where the user stopped, in milliseconds.",
            "resume_point.resume_position_ms",
            update="keep",
        ),
        Column("restriction_reason", TEXT, "Why it does not play: market, product or explicit.", "restrictions.reason"),
        Column("href", TEXT, "Address in the Web API.", "href", update="keep"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "external_urls.spotify", update="keep"),
        DESCRIBED,
        TAKEN_DOWN,
    ),
)
