"""Artists of the tracks and albums that were seen."""

from schemas.spec import TEXT, Column, From, Table, key

TABLE = Table(
    name="artists",
    sentence="An artist of a track or an album, as last seen.",
    key=("artist_id",),
    kind="dimension",
    names="name",
    found=(From("tracks", "artists", many=True), From("albums", "artists", many=True)),
    columns=(
        key("artist_id", TEXT, "Spotify's id of the artist.", "id"),
        Column("uri", TEXT, "Spotify URI.", "uri", update="keep"),
        Column("name", TEXT, "Name.", "name", update="keep"),
        Column("href", TEXT, "Address in the Web API.", "href", update="keep"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "external_urls.spotify", update="keep"),
    ),
)
