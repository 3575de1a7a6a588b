"""The columns of Exportify's files, which many tools read, in their order and with their names.

They are those of https://github.com/watsonbox/exportify as of April 2026 with nothing besides ticked: 17 of the track,
and two of when it was added and by whom.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pipelines.operations.export.contents import Contents, Item

Value = str | int | bool | datetime | None

COLUMNS: dict[str, Callable[[Item], Value]] = {
    "Track URI": lambda item: item.item_uri,
    "Track Name": lambda item: item.title,
    "Artist URI(s)": lambda item: _uris("artist", item.artist_ids),
    "Artist Name(s)": lambda item: item.artists,
    "Album URI": lambda item: item.album_uri,
    "Album Name": lambda item: item.album,
    "Album Artist URI(s)": lambda item: _uris("artist", item.album_artist_ids),
    "Album Artist Name(s)": lambda item: item.album_artists,
    "Album Release Date": lambda item: item.release_date,
    "Album Image URL": lambda item: item.image_url,
    "Disc Number": lambda item: item.disc_number,
    "Track Number": lambda item: item.track_number,
    "Track Duration (ms)": lambda item: item.duration_ms,
    "Track Preview URL": lambda item: item.preview_url,
    "Explicit": lambda item: item.explicit,
    "Popularity": lambda item: item.popularity,
    "ISRC": lambda item: item.isrc,
    "Added By": lambda item: _uris("user", [item.added_by_id] if item.added_by_id else None),
    "Added At": lambda item: item.added_at,
}

WHERE = ("Playlist Name", "Playlist URI", "Place")
"""What a file for several playlists has behind them."""


def header(*, joined: bool) -> list[str]:
    """The names of the columns of a file, which may be one for all."""
    return [*COLUMNS, *(WHERE if joined else ())]


def rows(lists: Sequence[Contents], *, joined: bool) -> Iterator[list[Value]]:
    """The values of each item, in order."""
    for one in lists:
        for item in one.items:
            yield [value(item) for value in COLUMNS.values()] + ([one.name, one.uri, item.place] if joined else [])


def as_sent(value: Value) -> Any:
    """A value as the Web API writes it, in text: 2026-11-01T18:30:00Z, true."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
    return value


def _uris(kind: str, ids: Sequence[str] | None) -> str | None:
    return ", ".join(f"spotify:{kind}:{one}" for one in ids) if ids else None
