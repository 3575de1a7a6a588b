"""Artists, in short form and in full."""

from sources.spotify_sandbox.render.objects import Json, artist_images, external_urls
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.contents import Artist, Performer


def simplified(value: Artist, view: View) -> Json:
    """An artist inside an album or a track."""
    return {
        "external_urls": external_urls("artist", value.id),
        "href": f"{view.base}/artists/{value.id}",
        "id": value.id,
        "name": value.name,
        "type": "artist",
        "uri": f"spotify:artist:{value.id}",
    }


def artist(value: Performer, view: View) -> Json:
    """An artist in full, keys in the order recorded in 2026; development apps see no followers and no popularity."""
    known = simplified(value.artist, view)
    whole = {
        "external_urls": known["external_urls"],
        "followers": {"href": None, "total": value.followers},
        "genres": value.genres,
        "href": known["href"],
        "id": known["id"],
        "images": artist_images(value.picture, view),
        "name": known["name"],
        "popularity": value.popularity,
        "type": "artist",
        "uri": known["uri"],
    }
    if view.trimmed:
        del whole["followers"], whole["popularity"]
    return whole
