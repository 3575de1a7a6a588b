"""Artists of the tracks and albums that were seen."""

from typing import Any

from schemas.spec import DESCRIBED, INT, TEXT, Column, From, Table, key, path_if_full


def popularity(artist: Any) -> int | None:
    """The popularity, or null where it is not believed: apps in development mode get neither it nor followers."""
    value: int | None = getattr(artist, "popularity", None)
    return None if value == 0 and artist.followers is None else value


TABLE = Table(
    name="artists",
    description="An artist, as last seen; columns that only a look-up by id has are null before it was described.",
    key=("artist_id",),
    kind="dimension",
    names="name",
    extracted_from=(From("tracks", "artists", many=True), From("albums", "artists", many=True)),
    columns=(
        key("artist_id", TEXT, "Spotify's id of the artist.", "id"),
        Column("uri", TEXT, "Spotify URI.", "uri", update="coalesce"),
        Column("name", TEXT, "Name.", "name", update="coalesce"),
        Column("href", TEXT, "Address in the Web API.", "href", update="coalesce"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "external_urls.spotify", update="coalesce"),
        Column("popularity", INT, "0 to 100; not sent to apps in development mode.", popularity, update="coalesce"),
        Column(
            "followers_total",
            INT,
            "Number of followers; not sent to apps in development mode.",
            path_if_full("followers.total"),
            update="coalesce",
        ),
        DESCRIBED,
    ),
)
