"""The columns of Exportify's files, which many tools read, in their order and with their names.

They are those of https://github.com/watsonbox/exportify as of April 2026 with nothing besides ticked: 17 of the track,
and two of the entry.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pipelines.operations.export.contents import Contents, Entry

Value = str | int | bool | datetime | None

COLUMNS: dict[str, Callable[[Entry], Value]] = {
    "Track URI": lambda entry: entry.item_uri,
    "Track Name": lambda entry: entry.title,
    "Artist URI(s)": lambda entry: _uris("artist", entry.artist_ids),
    "Artist Name(s)": lambda entry: entry.artists,
    "Album URI": lambda entry: entry.album_uri,
    "Album Name": lambda entry: entry.album,
    "Album Artist URI(s)": lambda entry: _uris("artist", entry.album_artist_ids),
    "Album Artist Name(s)": lambda entry: entry.album_artists,
    "Album Release Date": lambda entry: entry.release_date,
    "Album Image URL": lambda entry: entry.image_url,
    "Disc Number": lambda entry: entry.disc_number,
    "Track Number": lambda entry: entry.track_number,
    "Track Duration (ms)": lambda entry: entry.duration_ms,
    "Track Preview URL": lambda entry: entry.preview_url,
    "Explicit": lambda entry: entry.explicit,
    "Popularity": lambda entry: entry.popularity,
    "ISRC": lambda entry: entry.isrc,
    "Added By": lambda entry: _uris("user", [entry.added_by_id] if entry.added_by_id else None),
    "Added At": lambda entry: entry.added_at,
}

WHERE = ("Playlist Name", "Playlist URI", "Place")
"""What a file for several playlists has behind them."""


def header(*, joined: bool) -> list[str]:
    """The names of the columns of a file, which may be one for all."""
    return [*COLUMNS, *(WHERE if joined else ())]


def rows(lists: Sequence[Contents], *, joined: bool) -> list[list[Value]]:
    """The values of each entry, in order."""
    return [
        [value(entry) for value in COLUMNS.values()] + ([one.name, one.uri, entry.place] if joined else [])
        for one in lists
        for entry in one.entries
    ]


def as_sent(value: Value) -> Any:
    """A value as the Web API writes it, in text: 2026-11-01T18:30:00Z, true."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
    return value


def _uris(kind: str, ids: Sequence[str] | None) -> str | None:
    return ", ".join(f"spotify:{kind}:{one}" for one in ids) if ids else None
