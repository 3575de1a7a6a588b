"""Names of groups of resources. This module imports no resource, so that any of them can import it."""

ACCOUNT = ("playlists", "saved_items", "followed_artists", "top_items", "plays", "profile")
"""All of the signed-in user's own, in the order in which they are read."""


def login_for(resource: str) -> str:
    """The sign-in command that grants the scopes of a resource."""
    return "playlake login" if resource in ACCOUNT else f"playlake login --resources account,{resource}"
