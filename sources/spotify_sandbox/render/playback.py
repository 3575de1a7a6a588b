"""What is being played, on which device, and in which context."""

import msgspec

from sources.spotify_sandbox.render.fragments import rendered
from sources.spotify_sandbox.render.objects import WEB, Json
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.contents import Content
from sources.spotify_sandbox.world.devices import Device
from sources.spotify_sandbox.world.player import Player


def device(value: Device, *, is_active: bool) -> Json:
    """A device, keys in the order recorded in 2023."""
    return {
        "id": value.id,
        "is_active": is_active,
        "is_private_session": False,
        "is_restricted": value.is_restricted,
        "name": value.name,
        "supports_volume": value.supports_volume,
        "type": value.type,
        "volume_percent": value.volume_percent,
    }


def context(uri: str | None, base: str) -> Json | None:
    """The context of a play; null for tracks that were chosen one by one."""
    if uri is None:
        return None
    if uri.endswith(":collection"):
        return {
            "external_urls": {"spotify": f"{WEB}/collection/tracks"},
            "href": f"{base}/me/tracks",
            "type": "collection",
            "uri": uri,
        }
    _, kind, item_id = uri.split(":")
    return {
        "external_urls": {"spotify": f"{WEB}/{kind}/{item_id}"},
        "href": f"{base}/{kind}s/{item_id}",
        "type": kind,
        "uri": uri,
    }


def local_file(value: Content, view: View) -> Json:
    """A local file; inside a playlist its keys have another order (recorded 2024)."""
    return _sorted(msgspec.json.decode(rendered(value, view)))


def _sorted(value: Json) -> Json:
    return {key: _sorted(part) if isinstance(part, dict) else part for key, part in sorted(value.items())}


def playing(player: Player, kind: str, item: Json | None, base: str, now: int) -> Json:
    """What plays, without the device."""
    return {
        "timestamp": player.changed_at,
        "context": context(player.context, base),
        "progress_ms": player.progress(now),
        "item": item,
        "currently_playing_type": kind,
        "actions": {"disallows": _disallows(player)},
        "is_playing": player.is_playing,
    }


def _disallows(player: Player) -> Json:
    now = {"resuming": True} if player.is_playing else {"pausing": True}
    return now | ({"skipping_prev": True} if player.is_first else {})


def playback(player: Player, active: Device, playing: Json) -> Json:
    """What plays and on which device, keys in the order recorded in 2024."""
    return {
        "device": device(active, is_active=True),
        "shuffle_state": player.shuffle,
        "smart_shuffle": False,
        "repeat_state": player.repeat,
        **playing,
    }
