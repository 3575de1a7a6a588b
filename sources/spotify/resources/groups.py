"""Names that stand for several resources. It imports none of them, so that any may ask."""

ACCOUNT = ("playlists", "saved_items", "followed_artists", "top_items", "plays", "profile")
"""All of the signed-in user's own, in the order in which they are read."""


def login_for(resource: str) -> str:
    """The command that asks a user for what a resource needs."""
    return "playlake login" if resource in ACCOUNT else f"playlake login --resources account,{resource}"
