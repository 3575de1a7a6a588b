"""What a playlist was called, how it was described, who saw it, and its cover."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from pipelines.destinations.lake import Lake
from pipelines.operations.writing import lake_state
from pipelines.operations.writing.command import Written
from sources.errors import ConfigurationError
from sources.spotify.api.changes import COVER, DETAILS
from sources.spotify.api.client import Client

LARGEST = 256 * 1024
"""Bytes of a cover in base64: https://developer.spotify.com/documentation/web-api/reference/upload-custom-playlist-cover."""

JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class Details:
    """A description of a playlist, and a picture where one was kept.

    Attributes:
        values: what is sent, by the API's names.
        cover: the picture as it was kept.
    """

    values: dict[str, Any]
    cover: bytes | None

    def show(self, done: Written) -> None:
        """Says what comes back besides the items."""
        told = [f"{name} {value!r}" for name, value in self.values.items()] + (["the cover"] if self.cover else [])
        done.lines.append(f"Details: {', '.join(told)}.")

    def put_back(self, client: Client, playlist_id: str, done: Written) -> None:
        """Sends them; to send the same once more changes nothing."""
        client.change(DETAILS, playlist_id, self.values)
        done.changes += 1
        if self.cover is None:
            return
        content = b64encode(self.cover)
        if not self.cover.startswith(JPEG) or len(content) > LARGEST:
            done.left.append(
                "Not put back: the cover, which is no JPEG of less than 256 KiB, and Spotify takes no other."
            )
            return
        client.change(COVER, playlist_id, content, content_type="image/jpeg")
        done.changes += 1


def details_as_of(lake: Lake, playlist_id: str, moment: datetime) -> Details:
    """How a playlist was described at a time.

    Raises:
        ConfigurationError: no sync had seen that by then.
    """
    at = moment.astimezone(UTC).isoformat(sep=" ")
    sql = (
        "SELECT name, description, public, collaborative FROM playlist_descriptions WHERE playlist_id = {} "
        "AND observed_at <= {} ORDER BY observed_at DESC LIMIT 1"
    )
    found = lake_state.rows(lake, sql, playlist_id, at)
    if not found:
        msg = f"How playlist {playlist_id} was described at {at} is not known: leave out --details."
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
    """The picture that was kept of a playlist at a time."""
    sql = (
        "SELECT data FROM playlist_cover_history AS shown JOIN covers ON covers.sha256 = shown.cover_sha256 "
        "WHERE playlist_id = {} AND shown_from <= {} ORDER BY shown_from DESC LIMIT 1"
    )
    found = lake_state.rows(lake, sql, playlist_id, at)
    return bytes(found[0][0]) if found and found[0][0] is not None else None
