"""Answers about a user's player, and the inputs of its tables' rows.

https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback
"""

from datetime import datetime

from msgspec import Struct

from sources.spotify.models.answers import Int, Item


class Device(Struct, gc=False):
    """A device of the user's; one that takes no commands has no id."""

    id: str | None = None
    name: str | None = None
    type: str | None = None
    is_active: bool | None = None
    is_private_session: bool | None = None
    is_restricted: bool | None = None
    supports_volume: bool | None = None
    volume_percent: Int | None = None


class Devices(Struct, gc=False):
    """The user's available devices."""

    devices: list[Device | None] | None = None


class PlayContext(Struct, gc=False):
    """Where something is played from."""

    type: str | None = None
    uri: str | None = None


class PlayerState(Struct, gc=False):
    """What plays, and on which device; all is null if nothing plays. `timestamp` is in milliseconds since 1970."""

    device: Device | None = None
    shuffle_state: bool | None = None
    smart_shuffle: bool | None = None
    repeat_state: str | None = None
    timestamp: Int | None = None
    context: PlayContext | None = None
    progress_ms: Int | None = None
    item: Item | None = None
    currently_playing_type: str | None = None
    is_playing: bool | None = None


class Queue(Struct, gc=False):
    """What comes next."""

    queue: list[Item | None] | None = None


class SeenState(Struct, gc=False):
    """What a row of `player_states` is made from."""

    user_id: str
    observed_at: datetime
    state: PlayerState


class SeenDevice(Struct, gc=False):
    """What a row of `devices` is made from."""

    device: Device
    user_id: str
