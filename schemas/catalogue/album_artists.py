"""Who made albums, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="album_artists",
    description="An artist of an album, in the order of the credits.",
    key=("album_id", "position"),
    kind="child",
    names="artist_name",
    extracted_from=(From("albums", "artists", by_position=True),),
    columns=(
        key("album_id", TEXT, "Spotify's id of the album.", "owner.id", references="albums.album_id"),
        key("position", INT, "Position in the credits, from 0.", "position"),
        Column("artist_id", TEXT, "The artist; null for local files.", "value.id", references="artists.artist_id"),
        Column(
            "artist_name",
            TEXT,
            "Name as credited; the only one that local files have.",
            "value.name",
            update="coalesce",
            follows="artist_id",
        ),
        REMOVED,
    ),
)
