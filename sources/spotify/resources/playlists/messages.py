"""Texts of messages about playlists."""

from collections import Counter
from collections.abc import Sequence

from sources.spotify.models.lenient_decode import LeftOut
from sources.spotify.models.news import News

SHOWN = 5
"""Different problems that a message names."""


def counted(items: int) -> str:
    """A number of items."""
    return "1 item" if items == 1 else f"{items:,} items"


def left(playlist_id: str, name: str, items: int | None) -> News:
    """The message that a playlist is no longer in anybody's library."""
    had = f"it had {counted(items)}" if items is not None else "its size is not known"
    message = f"Playlist {playlist_id} left the library; {had}. The lake keeps what was on it."
    return News(playlist_id, name, "left", items, message)


def emptied(playlist_id: str, name: str, items: int) -> News:
    """The message that a playlist is now empty."""
    message = f"Playlist {playlist_id} was emptied; it had {counted(items)}. The lake keeps what was on it."
    return News(playlist_id, name, "emptied", items, message)


def left_out_message(left_out: Sequence[LeftOut]) -> str:
    """The message about values that were left out of answers or replaced."""
    gone = [what for what in left_out if not what.is_replaced]
    replaced = [what for what in left_out if what.is_replaced]
    parts = [f"{_values(gone)} left out, being of an unknown type: {_places(gone)}"] if gone else []
    parts += [f"{_values(replaced)} replaced: {_places(replaced)}"] if replaced else []
    return f"{'; '.join(parts)}. Report this, please."


def _values(found: Sequence[LeftOut]) -> str:
    return "1 value was" if len(found) == 1 else f"{len(found)} values were"


def _places(found: Sequence[LeftOut]) -> str:
    """Each place once."""
    places = Counter(map(str, found))
    shown = "; ".join(f"{place} x{count}" if count > 1 else place for place, count in places.most_common(SHOWN))
    return shown + (f" and {len(places) - SHOWN} other places" if len(places) > SHOWN else "")
