"""Tracks and episodes extracted from recorded JSON, so that they can be looked up by id.

Recordings are of all ages: what an old one does not hold is empty or zero.
"""

from typing import Any

import msgspec

from sources.spotify_sandbox.world.contents import Album, AlbumType, Artist, Episode, Show, Track
from sources.spotify_sandbox.world.markets import Markets, markets

Json = dict[str, Any]

_TYPES: dict[str, AlbumType] = {"album": "album", "single": "single", "compilation": "compilation"}


def observed(json: bytes) -> Track | Episode | None:
    """The track or the episode that a recorded content is; null for local files and for what has lost its id."""
    content: Json = msgspec.json.decode(json)
    if not content.get("id") or content.get("is_local"):
        return None
    return _episode(content) if content.get("type") == "episode" else _track(content)


def _track(content: Json) -> Track:
    album = content.get("album") or {}
    return Track(
        id=content["id"],
        name=content.get("name") or "",
        album=_album(album),
        artists=_artists(content),
        disc_number=content.get("disc_number") or 1,
        track_number=content.get("track_number") or 1,
        duration_ms=_milliseconds(content),
        explicit=bool(content.get("explicit")),
        isrc=(content.get("external_ids") or {}).get("isrc"),
        popularity=content.get("popularity") or 0,
        markets=_markets(content),
        preview_url=content.get("preview_url"),
    )


def _album(album: Json) -> Album:
    return Album(
        id=album.get("id") or "",
        name=album.get("name") or "",
        type=_TYPES.get(str(album.get("album_type")).lower(), "album"),
        artists=_artists(album),
        release_date=album.get("release_date") or "0000",
        precision=album.get("release_date_precision") or "year",
        total_tracks=album.get("total_tracks") or 1,
        cover=_cover(album),
        markets=_markets(album),
    )


def _episode(content: Json) -> Episode:
    # In the shape of a track, an episode has its show where a track has its album.
    show = content.get("show") or content.get("album") or {}
    language = content.get("language") or (content.get("languages") or ["en"])[0] or "en"
    return Episode(
        id=content["id"],
        name=content.get("name") or "",
        description=content.get("description") or "",
        duration_ms=_milliseconds(content),
        explicit=bool(content.get("explicit")),
        release_date=content.get("release_date") or "0000",
        cover=_cover(content) or "",
        show=Show(
            id=show.get("id") or "",
            name=show.get("name") or "",
            publisher=_publisher(show),
            description=show.get("description") or "",
            explicit=bool(show.get("explicit")),
            language=language,
            total_episodes=show.get("total_episodes") or show.get("total_tracks") or 0,
            cover=_cover(show) or "",
            markets=_markets(show),
        ),
    )


def _publisher(show: Json) -> str:
    publisher = show.get("publisher") or ((show.get("artists") or [{}])[0]).get("type")
    return publisher if isinstance(publisher, str) else ""


def _artists(of: Json) -> tuple[Artist, ...]:
    return tuple(
        Artist(artist["id"], artist.get("name") or "")
        for artist in of.get("artists") or []
        if isinstance(artist, dict) and artist.get("id")
    )


def _markets(of: Json) -> Markets:
    # Requested with a market, Spotify lists no markets; what was playable was sold somewhere.
    codes = of.get("available_markets")
    return markets(tuple(codes)) if codes is not None else markets(("SE",) if of.get("is_playable", True) else ())


def _milliseconds(content: Json) -> int:
    duration = content.get("duration_ms")
    return duration if isinstance(duration, int) else 0


def _cover(of: Json) -> str | None:
    """The last 24 digits of an image's name, which images of all sizes share."""
    images = [image for image in of.get("images") or [] if isinstance(image, dict)]
    return str(images[0].get("url"))[-24:] if images else None
