"""The order in which resources are read, and names for groups of them.

Names only: this module imports no resource, so that any of them can import it. `registry.py` has the resources.
"""

ACCOUNT = ("playlists", "saved_items", "followed_artists", "top_items", "plays", "profile")
"""All of the signed-in user's own, in the order in which they are read."""

ALL = (
    *ACCOUNT,
    "player",
    "browse",
    "searches",
    "tracks",
    "albums",
    "artists",
    "shows",
    "episodes",
    "audiobooks",
    "audio_features",
)
"""Every resource, in the order in which they are read: the catalogue last, as it looks up what the others mention."""

GROUPS: dict[str, tuple[str, ...]] = {"account": ACCOUNT, "all": ALL}
"""Names that select several resources."""


def login_for(resource: str) -> str:
    """The sign-in command that grants the scopes of a resource."""
    return "playlake login" if resource in ACCOUNT else f"playlake login --resources account,{resource}"
