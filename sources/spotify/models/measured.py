"""Numbers of an object that change although nobody edits it: popularity and followers."""

from msgspec import Struct


class Measured(Struct, frozen=True, gc=False):
    """What a row of `popularity_history` is made from."""

    item_type: str
    item_id: str
    popularity: int | None
    followers_total: int | None = None


def measured(
    item_type: str, item_id: str | None, popularity: int | None, followers_total: int | None = None
) -> Measured | None:
    """The numbers of an object, or null where none was sent."""
    if not item_id or (popularity is None and followers_total is None):
        return None
    return Measured(item_type, item_id, popularity, followers_total)
