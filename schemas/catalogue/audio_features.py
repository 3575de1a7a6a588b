"""Audio features of tracks."""

from schemas.spec import DESCRIBED, FLOAT, INT, TEXT, Column, Table, key


def _number(name: str, description: str) -> Column:
    return Column(name, FLOAT, description, name, update="coalesce")


TABLE = Table(
    name="audio_features",
    description="What Spotify computed of a track's sound; only for apps that used it before 27 November 2024.",
    key=("track_id",),
    kind="dimension",
    columns=(
        key("track_id", TEXT, "Spotify's id of the track.", "id"),
        _number("danceability", "How well it suits dancing, 0 to 1."),
        _number("energy", "Intensity, 0 to 1."),
        Column("key", INT, "Pitch class of the key, 0 for C; -1 where none was found.", "key", update="coalesce"),
        _number("loudness", "Average loudness in decibels."),
        Column("mode", INT, "1 for major, 0 for minor.", "mode", update="coalesce"),
        _number("speechiness", "How much of it is spoken, 0 to 1."),
        _number("acousticness", "Confidence that it is acoustic, 0 to 1."),
        _number("instrumentalness", "Confidence that nobody sings, 0 to 1."),
        _number("liveness", "Confidence that an audience was there, 0 to 1."),
        _number("valence", "How cheerful it sounds, 0 to 1."),
        _number("tempo", "Beats per minute."),
        Column("duration_ms", INT, "Length in milliseconds.", "duration_ms", update="coalesce"),
        Column("time_signature", INT, "Beats in a bar.", "time_signature", update="coalesce"),
        DESCRIBED,
    ),
)
