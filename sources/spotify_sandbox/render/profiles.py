"""Public profiles of users."""

from urllib.parse import quote

from sources.spotify_sandbox.render.objects import Json, external_urls
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.users import User

_SIZES = ((300, "ab6775700000ee85"), (64, "ab67757000003b82"))


def public_profile(value: User, view: View) -> Json:
    """The public profile of a user; an id with strange characters is quoted in links and uri, but not in ``id``."""
    path = quote(value.id, safe="")
    pictures = [] if value.image is None else _SIZES
    return {
        "display_name": value.display_name,
        "external_urls": external_urls("user", path),
        "followers": {"href": None, "total": value.followers},
        "href": f"{view.base}/users/{path}",
        "id": value.id,
        "images": [
            {"height": size, "url": f"{view.pictures}/{prefix}{value.image}", "width": size}
            for size, prefix in pictures
        ],
        "type": "user",
        "uri": f"spotify:user:{path}",
    }
