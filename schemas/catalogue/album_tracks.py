"""What is on albums, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="album_tracks",
    description="A track of an album that was described, in the album's order.",
    key=("album_id", "position"),
    kind="child",
    names="track_uri",
    extracted_from=(From("albums", "listed", by_position=True, full=True),),
    columns=(
        key("album_id", TEXT, "Spotify's id of the album.", "owner.id", references="albums.album_id"),
        key("position", INT, "Position on the album, over all discs, from 0.", "position"),
        Column("track_uri", TEXT, "The track.", "value.uri", references="tracks.track_uri"),
        REMOVED,
    ),
)
