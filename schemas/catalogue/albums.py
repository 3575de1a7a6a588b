"""Albums: of tracks, in discographies, saved."""

from typing import Any

from schemas.catalogue.dates import released_on
from schemas.catalogue.markets import json_text
from schemas.spec import DATE, DESCRIBED, INT, TAKEN_DOWN, TEXT, Column, From, Table, key, path_if_full


def popularity(album: Any) -> int | None:
    """The popularity, or null where it is not believed: apps in development mode get neither it nor a label."""
    value: int | None = getattr(album, "popularity", None)
    return None if value == 0 and not album.label else value


TABLE = Table(
    name="albums",
    description="An album, as last seen; columns that only a look-up by id has are null before it was described.",
    key=("album_id",),
    kind="dimension",
    names="name",
    extracted_from=(From("tracks", "album"),),
    columns=(
        key("album_id", TEXT, "Spotify's id of the album.", "id"),
        Column("uri", TEXT, "Spotify URI.", "uri", update="coalesce"),
        Column("name", TEXT, "Title; empty if it was taken down before it was first seen.", "name", update="coalesce"),
        Column("album_type", TEXT, "album, single or compilation.", "album_type", update="coalesce"),
        Column("total_tracks", INT, "Number of its tracks.", "total_tracks", update="coalesce", blank=(0,)),
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
        Column("restriction_reason", TEXT, "Why it does not play: market, product or explicit.", "restrictions.reason"),
        Column(
            "available_markets",
            TEXT,
            "Countries where it plays, as JSON text; not sent to apps in development mode.",
            json_text("available_markets"),
            update="value",
        ),
        Column("href", TEXT, "Address in the Web API.", "href", update="coalesce"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "external_urls.spotify", update="coalesce"),
        Column(
            "label",
            TEXT,
            "Label; not sent to apps in development mode, where `album_copyrights` names it.",
            path_if_full("label"),
            update="coalesce",
        ),
        Column("popularity", INT, "0 to 100; not sent to apps in development mode.", popularity, update="coalesce"),
        Column("upc", TEXT, "Universal Product Code.", path_if_full("external_ids.upc"), update="coalesce"),
        Column("ean", TEXT, "International Article Number.", path_if_full("external_ids.ean"), update="coalesce"),
        DESCRIBED,
        TAKEN_DOWN,
    ),
)
