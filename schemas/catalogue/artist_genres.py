"""Genres of artists, in order."""

from typing import Any

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key


def _genre(part: Any) -> str | None:
    name: str | None = part.value
    return name


TABLE = Table(
    name="artist_genres",
    description="A genre of an artist that was described.",
    key=("artist_id", "position"),
    kind="child",
    names="genre",
    extracted_from=(From("artists", "genres", by_position=True, full=True),),
    columns=(
        key("artist_id", TEXT, "Spotify's id of the artist.", "owner.id", references="artists.artist_id"),
        key("position", INT, "Position in the list, from 0.", "position"),
        Column("genre", TEXT, "The genre, in Spotify's words.", _genre),
        REMOVED,
    ),
)
