"""Tracks, local files too."""

from typing import Any

from schemas.catalogue.markets import json_text
from schemas.spec import DESCRIBED, FLAG, INT, TAKEN_DOWN, TEXT, Column, From, Table, key


def popularity(track: Any) -> int | None:
    """The popularity, or null where it is not believed.

    Apps in development mode get none, or always 0, and no market lists either; a 0 without a market list is
    therefore taken as not sent.
    """
    if track.popularity == 0 and not track.available_markets:
        return None
    value: int | None = track.popularity
    return value


TABLE = Table(
    name="tracks",
    description="A track, as last seen; local files are tracks without an id.",
    key=("track_uri",),
    kind="dimension",
    names="name",
    extracted_from=(From("entries", "as_track"),),
    columns=(
        key("track_uri", TEXT, "Spotify URI; spotify:local:artist:album:title:seconds for a local file.", "uri"),
        Column("track_id", TEXT, "Spotify's id; null for a local file.", "id", update="coalesce"),
        Column("name", TEXT, "Title; empty if it was taken down before it was first seen.", "name", update="coalesce"),
        Column("album_id", TEXT, "Album that it is on.", "album.id", references="albums.album_id", update="coalesce"),
        Column(
            "album_name",
            TEXT,
            "Album's name; a local file's album is only known here.",
            "album.name",
            update="coalesce",
        ),
        Column("disc_number", INT, "Disc, from 1.", "disc_number", update="coalesce", blank=(0,)),
        Column("track_number", INT, "Place on the disc, from 1.", "track_number", update="coalesce", blank=(0,)),
        Column("duration_ms", INT, "Length in milliseconds.", "duration_ms", update="coalesce", blank=(0,)),
        Column("explicit", FLAG, "Whether it has explicit lyrics.", "explicit", update="coalesce"),
        Column("is_local", FLAG, "Whether it is a file on somebody's device.", "is_local", update="coalesce"),
        Column("is_playable", FLAG, "Whether it plays in the market asked for.", "is_playable", update="value"),
        Column("isrc", TEXT, "International Standard Recording Code.", "external_ids.isrc", update="coalesce"),
        Column("ean", TEXT, "International Article Number.", "external_ids.ean", update="coalesce"),
        Column("upc", TEXT, "Universal Product Code.", "external_ids.upc", update="coalesce"),
        Column("popularity", INT, "0 to 100; not sent to apps in development mode.", popularity, update="coalesce"),
        Column("preview_url", TEXT, "30 second preview; no longer sent to new apps.", "preview_url", update="coalesce"),
        Column(
            "linked_from_uri",
            TEXT,
            "URI of the track that this one plays for.",
            "linked_from.uri",
            update="coalesce",
        ),
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
        DESCRIBED,
        TAKEN_DOWN,
    ),
)
