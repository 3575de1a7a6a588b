"""Tracks in full and in the list of their album; inside playlists they look different (``tracks.py``)."""

from sources.spotify_sandbox.render import albums, artists
from sources.spotify_sandbox.render.objects import Json, external_urls, ordered
from sources.spotify_sandbox.render.playability import relinked
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.contents import Track

_ON_AN_ALBUM = (
    "artists",
    "available_markets",
    "disc_number",
    "duration_ms",
    "explicit",
    "external_urls",
    "href",
    "id",
    "is_playable",
    "linked_from",
    "restrictions",
    "name",
    "preview_url",
    "track_number",
    "type",
    "uri",
    "is_local",
)


def track(value: Track, view: View, country: str | None = None) -> Json:
    """A track with its album, keys in alphabetical order (recorded 2024 to 2026).

    Args:
        value: The track.
        view: How objects are written.
        country: That of a signed-in user, where ``is_playable`` comes together with ``available_markets``.
    """
    return {"album": albums.around_a_track(value.album, view, country), **_alone(value, view, country)}


def on_an_album(value: Track, view: View) -> Json:
    """A track without its album, keys in the order recorded in 2026."""
    return ordered(_alone(value, view, None), _ON_AN_ALBUM)


def _alone(value: Track, view: View, country: str | None) -> Json:
    found = relinked(value, view, country)
    popularity: Json = {} if view.trimmed else {"popularity": value.popularity}
    return {
        "artists": [artists.simplified(artist, view) for artist in value.artists],
        **found.playability.markets,
        "disc_number": value.disc_number,
        "duration_ms": value.duration_ms,
        "explicit": value.explicit,
        "external_ids": {} if value.isrc is None else {"isrc": value.isrc},
        "external_urls": external_urls("track", found.id),
        "href": f"{view.base}/tracks/{found.id}",
        "id": found.id,
        "is_local": False,
        **found.playability.playable,
        **found.linked_from,
        "name": value.name,
        **popularity,
        "preview_url": value.preview_url,
        **found.playability.restrictions,
        "track_number": value.track_number,
        "type": "track",
        "uri": f"spotify:track:{found.id}",
    }
