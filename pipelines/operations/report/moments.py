"""Highlights of a library in a sentence each, such as how many songs came back."""

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal["returned", "absent", "oldest", "longest", "briefest", "widespread", "busiest", "recording"]


class Moment(msgspec.Struct):
    """A row of `moments.sql`.

    Attributes:
        kind: which sentence it is.
        number: how many, or how many days.
        moment: when.
        playlist_id: where it was, if it is about one playlist.
        item_uri: what it is about, if it is about one item.
    """

    kind: Kind
    number: int | None
    moment: datetime | None
    playlist_id: str | None
    playlist: str | None
    item_uri: str | None
    title: str | None
    makers: str | None
