"""Reading the player: state, devices, currently playing, queue, recently played."""

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.listening import some_listener
from sources.spotify_sandbox.api.endpoints.lookups import episode_at, track_at
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import bad_request
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import full_tracks, paging, shows
from sources.spotify_sandbox.render import playback as written
from sources.spotify_sandbox.render.objects import Json, encoded, ordered
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world import timestamps
from sources.spotify_sandbox.world.player import Play, Player

QUEUED = 20
"""Maximum number of contents in ``GET /me/player/queue``."""

_CONTEXT = ("type", "external_urls", "href", "uri")


def milliseconds(call: Call) -> int:
    """The time of the world, in milliseconds since 1970."""
    return int(call.world.clock().timestamp() * 1000)


def player_of(call: Call) -> Player:
    """The player of the signed-in user as it is by now."""
    player = call.world.personal(call.user_id()).player
    player.catch_up(milliseconds(call))
    return player


def state(call: Call) -> Response:
    """What plays, and on which device; 204 if no device is active."""
    player = player_of(call)
    if player.device is None:
        return answers.done(204)
    return answers.private(encoded(written.playback(player, player.device, _playing(call, player))))


def currently_playing(call: Call) -> Response:
    """What plays; 204 if no device is active."""
    player = player_of(call)
    return answers.done(204) if player.device is None else answers.private(encoded(_playing(call, player)))


def _playing(call: Call, player: Player) -> Json:
    number = player.current
    is_episode = number is not None and call.world.catalogue.kind(number) == "episode"
    # Without ``additional_types=episode`` the item is null.
    item = None if number is None or (is_episode and not view_of(call).episodes) else _item(call, number)
    kind = "episode" if is_episode else "track"
    return written.playing(player, kind, item, call.base, milliseconds(call))


def _item(call: Call, number: int) -> Json:
    """A track, an episode or a local file as the player shows it."""
    kind, view = call.world.catalogue.kind(number), view_of(call)
    if kind == "local":
        return written.local_file(call.world.content(number), view)
    if kind == "episode":
        return shows.episode(episode_at(call.world, number), view, some_listener(call))
    return full_tracks.track(track_at(call.world, number), view)


def devices(call: Call) -> Response:
    """The available devices."""
    player = player_of(call)
    listed = [written.device(device, is_active=device is player.device) for device in player.devices]
    return answers.private(encoded({"devices": listed}))


def queue(call: Call) -> Response:
    """What plays, and up to 20 contents that come after it."""
    player = player_of(call)
    current = player.current if player.device is not None else None
    upcoming = player.upcoming(QUEUED) if current is not None else []
    body = {
        "currently_playing": None if current is None else _item(call, current),
        "queue": [_item(call, number) for number in upcoming],
    }
    return answers.private(encoded(body))


def recently_played(call: Call) -> Response:
    """The latest of up to 50 plays of tracks, by cursors in milliseconds."""
    after, before = _cursor(call, "after"), _cursor(call, "before")
    if after is not None and before is not None:
        message = "Only one of after and before can be given"
        raise bad_request(message)
    limit = paging.limit(call.query, 20, 50)
    found = [
        play
        for play in player_of(call).history
        if call.world.catalogue.kind(play.content) == "track"
        and (after is None or play.played_at > after)
        and (before is None or play.played_at < before)
    ]
    shown, view = found[:limit], view_of(call)
    echo = paging.echo({}, call.language)
    cursors = {"after": str(shown[0].played_at), "before": str(shown[-1].played_at)} if shown else None
    more = f"before={shown[-1].played_at}&limit={limit}{echo}" if len(found) > limit else None
    body = {
        "items": [_play(call, play, view) for play in shown],
        "next": more and _address(call, more),
        "cursors": cursors,
        "limit": limit,
        "href": _address(call, _asked(call) + echo),
    }
    return answers.private(encoded(body))


def _cursor(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    number = paging.digits(text)
    if number is None:
        message = f"Invalid {name}"
        raise bad_request(message)
    return number


def _asked(call: Call) -> str:
    given = ((name, call.query[name]) for name in ("after", "before", "limit") if name in call.query)
    return "&".join(f"{name}={value}" for name, value in given)


def _address(call: Call, query: str) -> str:
    path = f"{call.base}/me/player/recently-played"
    return f"{path}?{query.removeprefix('&')}" if query else path


def _play(call: Call, play: Play, view: View) -> Json:
    context = written.context(play.context, call.base)
    return {
        "track": full_tracks.track(track_at(call.world, play.content), view),
        "played_at": timestamps.precisely(play.played_at),
        "context": context and ordered(context, _CONTEXT),
    }


_STATE, _PLAYING = "user-read-playback-state", "user-read-currently-playing"

ENDPOINTS = (
    Endpoint("GET", "/me/player", state, (_STATE,), user=True),
    Endpoint("GET", "/me/player/devices", devices, (_STATE,), user=True),
    Endpoint("GET", "/me/player/currently-playing", currently_playing, (_PLAYING,), user=True),
    Endpoint("GET", "/me/player/queue", queue, (_PLAYING, _STATE), user=True),
    Endpoint("GET", "/me/player/recently-played", recently_played, ("user-read-recently-played",), user=True),
)
