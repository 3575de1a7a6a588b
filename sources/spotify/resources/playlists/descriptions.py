"""Descriptions of playlists (name, owner, text), and what changed since they were last stored."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from sources.spotify.models.rows import Description
from sources.spotify.resources.playlists.lookup import Lookup

FIELDS = tuple(name for name in Description.__struct_fields__ if name not in {"playlist_id", "observed_at"})


class Descriptions:
    """What was last written of each playlist, and what this sync has seen since.

    Args:
        newest: the newest row of `playlist_descriptions` of each playlist, by its id.
    """

    def __init__(self, newest: Lookup[Description]) -> None:
        self._stored, self._written = newest, dict[str, Description]()
        self._seen: dict[str, Description] = {}

    def see(self, description: Description) -> None:
        """Notes a description. Fields that it lacks stay as they were: lists do not have the number of followers."""
        playlist_id = description.playlist_id
        before = self._seen.get(playlist_id) or self._last(playlist_id)
        given = {name: value for name in FIELDS if (value := getattr(description, name)) is not None}
        if before is None and not given:
            return
        self._seen[playlist_id] = msgspec.structs.replace(before, **given) if before is not None else description

    def changed(self, now: datetime) -> Iterator[Description]:
        """The descriptions that have changed; they count as written from then on.

        Args:
            now: when it was seen.
        """
        for playlist_id, seen in self._seen.items():
            before, at = self._last(playlist_id), now
            if before is not None:
                differing = [name for name in FIELDS if getattr(seen, name) != getattr(before, name)]
                if not differing or (differing == ["followers_total"] and before.observed_at.date() >= now.date()):
                    continue
                # A clock that was set back must not reorder history.
                at = max(now, before.observed_at + timedelta(microseconds=1))
            self._written[playlist_id] = msgspec.structs.replace(seen, observed_at=at)
            yield self._written[playlist_id]
        self._seen.clear()

    def _last(self, playlist_id: str) -> Description | None:
        return self._written.get(playlist_id) or self._stored.get(playlist_id)
