"""States of users' players: what was playing at the time of a sync."""

from datetime import datetime, timedelta
from typing import Any

from schemas.spec import FLAG, INT, TEXT, TIME, Column, Table, key

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _changed_at(row: Any) -> datetime | None:
    """The time of `timestamp`, as far as it is one."""
    try:
        return None if row.state.timestamp is None else _EPOCH + timedelta(milliseconds=row.state.timestamp)
    except OverflowError:
        return None


TABLE = Table(
    name="player_states",
    description="What a user was playing, and on what, as it was seen; written when it differs from the last.",
    key=("user_id", "observed_at"),
    kind="fact",
    columns=(
        key("user_id", TEXT, "Whose player.", "user_id"),
        key("observed_at", TIME, "When it was read.", "observed_at"),
        Column("is_playing", FLAG, "Whether something plays; false if no device is active.", "state.is_playing"),
        Column("currently_playing_type", TEXT, "track, episode, ad or unknown.", "state.currently_playing_type"),
        Column("item_uri", TEXT, "URI of what plays, or is paused.", "state.item.uri"),
        Column("item_type", TEXT, "The API's `type` of it.", "state.item.type"),
        Column(
            "progress_ms",
            INT,
            "How far into it, in milliseconds, when it was read; a row is not written for this alone.",
            "state.progress_ms",
        ),
        Column("context_uri", TEXT, "URI of where it is played from.", "state.context.uri"),
        Column("context_type", TEXT, "playlist, album, artist, show or collection.", "state.context.type"),
        Column("shuffle_state", FLAG, "Whether its order is shuffled.", "state.shuffle_state"),
        Column("smart_shuffle", FLAG, "Whether Spotify mixes in suggestions.", "state.smart_shuffle"),
        Column("repeat_state", TEXT, "off, track or context.", "state.repeat_state"),
        Column("changed_at", TIME, "When the state last changed, as Spotify says (`timestamp`).", _changed_at),
        Column("device_id", TEXT, "The active device; null if it takes no commands.", "state.device.id"),
        Column("device_name", TEXT, "Its name.", "state.device.name"),
        Column("device_type", TEXT, "Computer, Smartphone, Speaker and the like.", "state.device.type"),
        Column("volume_percent", INT, "Its volume, 0 to 100.", "state.device.volume_percent"),
        Column("is_private_session", FLAG, "Whether it is a private session.", "state.device.is_private_session"),
    ),
)
