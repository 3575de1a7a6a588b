"""The details of a playlist: name, description, visibility, collaborative, and cover."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from pipelines.destinations.lake import Lake
from pipelines.operations.writing import lake_state
from sources.errors import ConfigurationError
from sources.spotify.api.changes import COVER, DETAILS
from sources.spotify.api.client import Client
from sources.spotify.models.playlists import Playlist

LARGEST = 256 * 1024
"""Bytes of a cover in base64: https://developer.spotify.com/documentation/web-api/reference/upload-custom-playlist-cover."""

JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class Details:
    """Details of a playlist, with the cover if it was stored.

    Attributes:
        values: the values to send, by the API's field names.
        cover: the stored image.
    """

    values: dict[str, Any]
    cover: bytes | None

    @property
    def requests(self) -> int:
        """Number of requests that send them."""
        return bool(self.values) + self._takes_cover

    @property
    def _takes_cover(self) -> bool:
        return self.cover is not None and self.cover.startswith(JPEG) and len(b64encode(self.cover)) <= LARGEST

    def differing(self, playlist: Playlist) -> "Details":
        """The details that differ from the current ones, and always the cover, since images cannot be compared."""
        described = playlist.description
        now = {
            "name": playlist.name,
            "description": None if described is None else unescape(described),
            "public": playlist.public,
            "collaborative": playlist.collaborative,
        }
        values = {name: value for name, value in self.values.items() if value != now[name]}
        if "collaborative" in values and "public" in self.values:
            # Whether it may be so depends on the other, which is sent with it.
            values["public"] = self.values["public"]
        return Details(values, self.cover)

    def lines(self) -> list[str]:
        """The restored details, one line each, for people."""
        told = [f"{name} {value!r}" for name, value in self.values.items()] + (
            ["the cover"] if self._takes_cover else []
        )
        return [f"Details: {', '.join(told)}."] if told else []

    def left(self) -> list[str]:
        """The details that cannot be restored, one sentence each."""
        if self.cover is None or self._takes_cover:
            return []
        return ["Not restored: the cover, since Spotify accepts only JPEG of less than 256 KiB in base64."]

    def put_back(self, client: Client, playlist_id: str) -> Iterator[None]:
        """Sends them, and yields after each request; idempotent."""
        if self.values:
            client.change(DETAILS, playlist_id, self.values)
            yield
        if self.cover is not None and self._takes_cover:
            client.change(COVER, playlist_id, b64encode(self.cover), content_type="image/jpeg")
            yield


def details_as_of(lake: Lake, playlist_id: str, moment: datetime) -> Details:
    """The details of a playlist as of a time.

    Raises:
        ConfigurationError: no sync had read them by then.
    """
    at = moment.astimezone(UTC).isoformat(sep=" ")
    sql = (
        "SELECT name, description, public, collaborative FROM playlist_descriptions WHERE playlist_id = {} "
        "AND observed_at <= {} ORDER BY observed_at DESC LIMIT 1"
    )
    found = lake_state.rows(lake, sql, playlist_id, at)
    if not found:
        msg = f"The details of playlist {playlist_id} at {at} are not known: leave out --details."
        raise ConfigurationError(msg)
    name, description, public, collaborative = found[0]
    # It comes with HTML entities, and is written without. To be edited by others a playlist must not be public.
    values = {
        "name": name,
        "description": None if description is None else unescape(description),
        "public": False if collaborative else public,
        "collaborative": collaborative,
    }
    return Details({key: value for key, value in values.items() if value is not None}, _cover(lake, playlist_id, at))


def _cover(lake: Lake, playlist_id: str, at: str) -> bytes | None:
    """The stored cover of a playlist as of a time."""
    sql = (
        "SELECT data FROM playlist_cover_history AS shown JOIN covers ON covers.sha256 = shown.cover_sha256 "
        "WHERE playlist_id = {} AND shown_from <= {} ORDER BY shown_from DESC LIMIT 1"
    )
    found = lake_state.rows(lake, sql, playlist_id, at)
    return bytes(found[0][0]) if found and found[0][0] is not None else None
