"""Albums: in lists, in discographies, inside a track, and in full."""

from sources.spotify_sandbox.render import artists
from sources.spotify_sandbox.render.objects import Json, album_images, external_urls, ordered
from sources.spotify_sandbox.render.playability import playability
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.contents import Album, Release
from sources.spotify_sandbox.world.works import AlbumGroup

_IN_A_LIST = (
    "album_type",
    "total_tracks",
    "available_markets",
    "is_playable",
    "external_urls",
    "href",
    "id",
    "images",
    "name",
    "release_date",
    "release_date_precision",
    "restrictions",
    "type",
    "uri",
    "artists",
)


def around_a_track(value: Album, view: View, country: str | None = None) -> Json:
    """An album inside a track, keys in alphabetical order (recorded 2026 in search and top tracks)."""
    play = playability(value.markets, view, country)
    return {
        "album_type": value.type,
        "artists": [artists.simplified(artist, view) for artist in value.artists],
        **play.markets,
        "external_urls": external_urls("album", value.id),
        "href": f"{view.base}/albums/{value.id}",
        "id": value.id,
        "images": album_images(value.cover, view, ("url", "width", "height")),
        **play.playable,
        "name": value.name,
        "release_date": value.release_date,
        "release_date_precision": value.precision,
        **play.restrictions,
        "total_tracks": value.total_tracks,
        "type": "album",
        "uri": f"spotify:album:{value.id}",
    }


def simplified(value: Album, view: View, country: str | None = None) -> Json:
    """An album in a list, keys in the order recorded in 2026."""
    listed = ordered(around_a_track(value, view, country), _IN_A_LIST)
    return listed | {"images": album_images(value.cover, view)}


def in_a_discography(value: Album, group: AlbumGroup, view: View) -> Json:
    """An album of an artist; ``album_group`` says how they are related; development apps do not get it."""
    grouped: Json = {} if view.trimmed else {"album_group": group}
    return {**simplified(value, view), **grouped}


def album(value: Release, tracks: Json, view: View) -> Json:
    """An album in full, with the first page of its tracks, keys in the order recorded in 2026.

    Development apps see neither ``label`` nor ``popularity``.
    """
    year = (value.album.release_date or "0000")[:4]
    text = f"{year} {value.label}"
    whole = {
        **simplified(value.album, view),
        "tracks": tracks,
        "copyrights": [{"text": text, "type": sort} for sort in "CP"] if value.label else [],
        "external_ids": {} if value.upc is None else {"upc": value.upc},
        "genres": [],
        "label": value.label,
        "popularity": value.popularity,
    }
    if view.trimmed:
        del whole["label"], whole["popularity"]
    return whole
