"""Audio analyses of tracks."""

from schemas.spec import TEXT, Column, Table, key

TABLE = Table(
    name="audio_analyses",
    description="Spotify's analysis of a track's sound, whole; only read if the setting audio_analysis says so.",
    key=("track_id",),
    kind="dimension",
    columns=(
        key("track_id", TEXT, "Spotify's id of the track.", "track_id"),
        Column(
            "analysis", TEXT, "All of it as JSON text: bars, beats, sections and so on.", "analysis", update="coalesce"
        ),
    ),
)
