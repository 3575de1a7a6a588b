"""The resource `player`: playback state, devices and queue.

https://developer.spotify.com/documentation/web-api/reference/get-information-about-the-users-current-playback and
related pages.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from schemas.player import devices, player_states
from schemas.spec import Table
from sources.errors import ScopeError
from sources.spotify.api.endpoints import CURRENTLY_PLAYING, DEVICES, PLAYER, QUEUE, Endpoint
from sources.spotify.models.answers import Entry, Item
from sources.spotify.models.player import PlayerState, SeenDevice, SeenState
from sources.spotify.models.run_records import ResourceRead
from sources.spotify.resources.base import ENTRIES, Checkpoint, Context, Row
from sources.spotify.resources.part import part
from sources.spotify.resources.ranked_list import ranked_rows, uris_of

_ITEMS = ("tracks", "episodes", "unknown_items")

TYPES = "track,episode"

PASSES = {"progress_ms"}
"""Columns that change with time alone, and so are not compared."""


class Player:
    """What plays, the devices, and the queue, each stored when it differs from the last."""

    name = "player"
    scopes = frozenset({*PLAYER.scopes, *CURRENTLY_PLAYING.scopes})
    tables = (
        "player_states",
        "devices",
        "ranked_lists",
        "resource_reads",
        *_ITEMS,
    )
    endpoints: Mapping[Endpoint[Any], tuple[str, ...]] = MappingProxyType(
        {
            PLAYER: ("player_states", *_ITEMS),
            CURRENTLY_PLAYING: ("player_states", *_ITEMS),
            DEVICES: ("devices",),
            QUEUE: ("ranked_lists", *_ITEMS),
        }
    )

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """The new rows of each part of the player.

        Raises:
            PlaylakeError: the signed-in user's id could not be requested.
        """
        user_id = ctx.client.whoami()
        ctx.recorder.record.user_id = user_id
        parts: dict[str, Callable[[Context, ResourceRead, str], Iterator[Row]]] = {
            "state": _state,
            "devices": _devices,
            "queue": _queue,
        }
        for left, (subject, rows) in zip(range(len(parts) - 1, -1, -1), parts.items(), strict=True):
            if ctx.recorder.error is not None:
                return
            with part(ctx, self.name, subject, user_id) as read:
                yield from rows(ctx, read, user_id)
                read.is_whole = True
            if read.outcome != "unchanged":
                yield Row("resource_reads", read)
            yield Checkpoint(read.requests, left)


def _state(ctx: Context, read: ResourceRead, user_id: str) -> Iterator[Row]:
    """What plays. With only the scope for the current track, the answer does not name the device."""
    try:
        state = ctx.client.get(PLAYER, additional_types=TYPES)
    except ScopeError:
        state = ctx.client.get(CURRENTLY_PLAYING, additional_types=TYPES)
    if state == PlayerState():
        state.is_playing = False
    known = ctx.state.player(user_id)
    observed_at = ctx.now()
    if known is not None:
        # A clock that was set back must not reorder history.
        observed_at = max(observed_at, known.observed_at + timedelta(microseconds=1))
    seen = SeenState(user_id, observed_at, state)
    read.items = int(state.item is not None)
    yield from _entries([state.item])
    if known is not None and not _differ(player_states.TABLE, seen, known.columns, {"observed_at"} | PASSES):
        read.outcome = "unchanged"
        return
    read.new_items = read.items
    yield Row("player_states", seen)


def _devices(ctx: Context, read: ResourceRead, user_id: str) -> Iterator[Row]:
    """The available devices; rows of those that are gone stay as they are."""
    found = [device for device in ctx.client.get(DEVICES).devices or () if device is not None and device.id]
    known = ctx.state.devices()
    seen = [SeenDevice(device, user_id) for device in found]
    new = [device for device in seen if _differ(devices.TABLE, device, known.get(str(device.device.id), {}), set())]
    read.items = len(seen)
    read.new_items = sum(device.device.id not in known for device in seen)
    if not new:
        read.outcome = "unchanged"
    yield from (Row("devices", device) for device in new)


def _queue(ctx: Context, read: ResourceRead, user_id: str) -> Iterator[Row]:
    """What comes next."""
    items = ctx.client.get(QUEUE).queue or []
    known = ctx.state.ranked_lists("queue", user_id).get("")
    yield from ranked_rows(ctx, read, "queue", uris_of(items), known, user_id=user_id)
    yield from _entries(items)


def _entries(items: Sequence[Item | None]) -> Iterator[Row]:
    """Rows of tracks, episodes and unknown items."""
    return (Row(ENTRIES, Entry(item=item)) for item in items if item is not None)


def _differ(table: Table, row: object, known: Mapping[str, Any], but: set[str]) -> bool:
    """Whether a row differs from the stored one."""
    columns = [column for column in table.columns if column.name not in but]
    return any(column.name not in known or column.value(row) != known[column.name] for column in columns)
