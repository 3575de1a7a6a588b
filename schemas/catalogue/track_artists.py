"""Who made tracks, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="track_artists",
    description="An artist of a track, in the order of the credits.",
    key=("track_uri", "position"),
    kind="child",
    names="artist_name",
    extracted_from=(From("tracks", "artists", by_position=True),),
    columns=(
        key("track_uri", TEXT, "Spotify URI of the track.", "owner.uri", references="tracks.track_uri"),
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
