"""The identity of an addition: which item was added, as it was then, and when.

Where another track plays for an item in the user's market, `linked_from` has the one that was added
(https://developer.spotify.com/documentation/web-api/concepts/track-relinking). Where that comes and goes between syncs,
`playlists/relinking.py` keeps the stored identity. `addition_keys.py` makes the primary keys.
"""

from typing import Any

from sources.spotify.models.answers import Entry
from sources.spotify.models.times import seconds

Identity = tuple[str | None, int | None]
"""An addition's item URI as it was added, and when, in whole seconds since 1970; exact equals have an ordinal too.

Not who added it: Spotify leaves that out at times. Whole seconds, so that keys stay the same if Spotify ever sends
milliseconds.
"""


def identity(entry: Entry) -> Identity:
    """The identity of an entry of a playlist; only tracks are played by others."""
    return identity_of(entry.content, entry.added_at, may_be_linked=entry.item_type == "track")


def identity_of(item: Any, added_at: str | None, *, may_be_linked: bool = True) -> Identity:
    """The identity of any addition.

    Args:
        item: what was added; null if Spotify hides it.
        added_at: when, as Spotify writes it.
        may_be_linked: whether `linked_from` counts.
    """
    link = getattr(item, "linked_from", None) if may_be_linked else None
    uri = link.uri if link is not None and link.uri else getattr(item, "uri", None)
    return uri or None, seconds(added_at)
