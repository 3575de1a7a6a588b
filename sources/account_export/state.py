"""The state that an import reads from a destination (a protocol)."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from schemas.listening.plays import TABLE

KEYS = pa.schema([TABLE.arrow.field(name) for name in ("user_id", "play_key")])
TIMES = pa.schema(
    [TABLE.arrow.field(name) for name in ("user_id", "played_at", "item_name", "artist_name", "ms_played")]
)
NAMES = pa.schema([TABLE.arrow.field(name) for name in ("item_uri", "item_name", "artist_name")])


class KnownHistory(Protocol):
    """What is stored of listening."""

    def user_ids(self) -> set[str]:
        """Everybody of whom something is stored."""

    def export_keys(self, user_ids: Collection[str]) -> pa.Table:
        """`KEYS` of all plays of some users that came from an export."""

    def export_times(self, user_ids: Collection[str], since: datetime, until: datetime) -> pa.Table:
        """`TIMES` of those plays of a time whose times are exact to the second."""

    def track_names(self) -> pa.Table:
        """`NAMES` of all tracks that are known, each with its first artist; from the catalogue and from plays."""
