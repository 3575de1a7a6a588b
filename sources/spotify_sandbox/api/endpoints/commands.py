"""The player's commands: play, pause, next, previous, seek, repeat, volume, shuffle, queue, another device.

Refusals as the reference lists them (https://developer.spotify.com/documentation/web-api/concepts/api-calls) and as
clients report them: pausing while paused, https://github.com/spotify/web-api/issues/1433.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import NoReturn, get_args

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints import bodies
from sources.spotify_sandbox.api.endpoints.player import milliseconds, player_of
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError, bad_request
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render.paging import digits
from sources.spotify_sandbox.world import contexts
from sources.spotify_sandbox.world.devices import Device
from sources.spotify_sandbox.world.player import Player, Repeat

Command = Callable[[Call, Player, int], None]


def commanding(command: Command) -> Callable[[Call], Response]:
    """An endpoint that gives a command to the active device, or to the one that ``device_id`` names."""

    # Under the docstring of the command.
    @wraps(command, assigned=("__doc__",))
    def answer(call: Call) -> Response:
        player = _player(call)
        device_id = call.query.get("device_id")
        device = player.device if device_id is None else _device(player, device_id)
        if device is None:
            message = "Player command failed: No active device found"
            raise ApiError(404, message, reason="NO_ACTIVE_DEVICE")
        if device.is_restricted:
            raise _restricted()
        now, before = milliseconds(call), player.device
        player.transfer(device, now, play=False)
        try:
            command(call, player, now)
        except ApiError:
            player.device = before
            raise
        return answers.done(204)

    return answer


def _player(call: Call) -> Player:
    if call.world.users.find(call.user_id()).product != "premium":
        message = "Player command failed: Premium required"
        raise ApiError(403, message, reason="PREMIUM_REQUIRED")
    return player_of(call)


def _device(player: Player, device_id: str) -> Device:
    for device in player.devices:
        if device.id == device_id:
            return device
    message = "Device not found"
    raise ApiError(404, message)


def _restricted() -> ApiError:
    return ApiError(403, "Player command failed: Restriction violated", reason="UNKNOWN")


def transfer(call: Call) -> Response:
    """Continue on another device."""
    player, body = _player(call), bodies.members(call)
    ids = body.strings("device_ids")
    if not ids:
        message = "Missing required field: device_ids"
        raise bad_request(message)
    if len(ids) > 1:
        message = "Only one device can be given"
        raise bad_request(message)
    player.transfer(_device(player, ids[0]), milliseconds(call), play=bool(body.flag("play")))
    return answers.done(204)


def _play(call: Call, player: Player, now: int) -> None:
    """Play the requested content, or resume."""
    body = bodies.members(call)
    position, context, uris = body.number("position_ms"), body.text("context_uri"), body.strings("uris")
    if position is not None and position < 0:
        _refuse("position_ms")
    if context is None and uris is None:
        if player.current is None or player.is_playing:
            raise _restricted()
        player.resume(now)
        if position is not None:
            player.seek(position, now)
        return
    tracks = _listed(call, uris) if context is None else _of_context(call, context)
    if not tracks:
        raise _restricted()
    player.start(tracks, context, _place(call, tracks, body.object("offset")), 0, now)
    if position:
        player.seek(position, now)


def _listed(call: Call, uris: list[str] | None) -> Sequence[int]:
    found = []
    for uri in uris or ():
        number = call.world.catalogue.find(uri)
        if number is None:
            message = f"Invalid track uri: {uri}"
            raise bad_request(message)
        found.append(number)
    return found


def _of_context(call: Call, uri: str) -> Sequence[int]:
    tracks = contexts.tracks_of(call.world, call.user_id(), uri)
    if tracks is None:
        message = "Invalid context uri"
        raise bad_request(message)
    return tracks


def _place(call: Call, tracks: Sequence[int], offset: bodies.Members | None) -> int:
    """The position in a context at which to begin."""
    if offset is None:
        return 0
    place, uri = offset.number("position"), offset.text("uri")
    if uri is not None:
        number = call.world.catalogue.find(uri)
        if number not in tracks:
            _refuse("offset")
        return tracks.index(number)
    if place is None or not 0 <= place < len(tracks):
        _refuse("offset")
    return place


def _refuse(name: str) -> NoReturn:
    message = f"Invalid {name}"
    raise bad_request(message)


def _pause(_call: Call, player: Player, now: int) -> None:
    """Pause."""
    if not player.is_playing:
        raise _restricted()
    player.pause(now)


def _next(_call: Call, player: Player, now: int) -> None:
    """Skip to the next content: of the queue, then of the context."""
    if player.current is None:
        raise _restricted()
    player.skip(now)


def _previous(_call: Call, player: Player, now: int) -> None:
    """Go back to the content before."""
    if player.current is None or player.is_first:
        raise _restricted()
    player.back(now)


def _seek(call: Call, player: Player, now: int) -> None:
    """Go to a position of the current content, in milliseconds."""
    position = _number(call, "position_ms", 1 << 53)
    if player.current is None:
        raise _restricted()
    player.seek(position, now)


def _repeat(call: Call, player: Player, _now: int) -> None:
    """Repeat the track, the context, or nothing."""
    asked = [known for known in get_args(Repeat) if known == call.query.get("state")]
    if not asked:
        _refuse("state")
    player.repeat = asked[0]


def _shuffle(call: Call, player: Player, _now: int) -> None:
    """Turn shuffle on or off."""
    asked = call.query.get("state")
    if asked not in {"true", "false"}:
        _refuse("state")
    player.set_shuffle(asked == "true")


def _volume(call: Call, player: Player, _now: int) -> None:
    """Set the device's volume, 0 to 100."""
    volume = _number(call, "volume_percent", 100)
    if player.device is None or not player.device.supports_volume:
        message = "Player command failed: Cannot control device volume"
        raise ApiError(403, message, reason="VOLUME_CONTROL_DISALLOW")
    player.device.volume_percent = volume


def _add_to_queue(call: Call, player: Player, _now: int) -> None:
    """Put a track or an episode at the end of the queue."""
    uri = call.query.get("uri", "")
    number, parsed = call.world.catalogue.find(uri), bodies.parsed_uri(uri)
    if number is None or parsed is None or parsed[0] not in {"track", "episode"}:
        message = f"Invalid track uri: {uri}"
        raise bad_request(message)
    if player.current is None:
        raise _restricted()
    player.queue.append(number)


def _number(call: Call, name: str, most: int) -> int:
    text = call.query.get(name)
    if text is None:
        message = f"Missing required field: {name}"
        raise bad_request(message)
    number = digits(text)
    if number is None or number > most:
        _refuse(name)
    return number


_MODIFY = ("user-modify-playback-state",)

ENDPOINTS = (
    Endpoint("PUT", "/me/player", transfer, _MODIFY, user=True),
    Endpoint("PUT", "/me/player/play", commanding(_play), _MODIFY, user=True),
    Endpoint("PUT", "/me/player/pause", commanding(_pause), _MODIFY, user=True),
    Endpoint("POST", "/me/player/next", commanding(_next), _MODIFY, user=True),
    Endpoint("POST", "/me/player/previous", commanding(_previous), _MODIFY, user=True),
    Endpoint("PUT", "/me/player/seek", commanding(_seek), _MODIFY, user=True),
    Endpoint("PUT", "/me/player/repeat", commanding(_repeat), _MODIFY, user=True),
    Endpoint("PUT", "/me/player/volume", commanding(_volume), _MODIFY, user=True),
    Endpoint("PUT", "/me/player/shuffle", commanding(_shuffle), _MODIFY, user=True),
    Endpoint("POST", "/me/player/queue", commanding(_add_to_queue), _MODIFY, user=True),
)
