"""The sandbox's control API: state, request log, API mode, faults, tokens, edits, and the world as a file."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox.accounts.api_modes import ApiMode
from sources.spotify_sandbox.accounts.scopes import SCOPES
from sources.spotify_sandbox.api.address import Address
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from sources.spotify_sandbox.api.service import Service
from sources.spotify_sandbox.control import state
from sources.spotify_sandbox.control.edits import PLAYLIST_EDITS, WORLD_EDITS, edit
from sources.spotify_sandbox.control.guard import admit
from sources.spotify_sandbox.control.page import page
from sources.spotify_sandbox.errors import ApiError, WeatherError, WorldError
from sources.spotify_sandbox.faults import NAMED, Weather, read_weather
from sources.spotify_sandbox.faults.kinds import KINDS
from sources.spotify_sandbox.http.exchange import Exchange
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.worlds.world_files import packed, unpacked

SHOWN = 100
"""Default number of requests of the log in an answer."""


class ApiModes(msgspec.Struct, forbid_unknown_fields=True):
    """The API mode of the sandbox, and by client id those of single clients (null: follows the sandbox)."""

    regime: ApiMode | None = None
    clients: dict[str, ApiMode | None] = {}


class NamedWeather(msgspec.Struct, forbid_unknown_fields=True):
    """A fault profile by its name."""

    name: str
    seed: int = 1


class Phase(msgspec.Struct, forbid_unknown_fields=True):
    """The next phase of the fault profile."""

    phase: str | None


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """A requested token; all scopes if none are named."""

    scope: str = " ".join(SCOPES)
    client_id: str | None = None


def is_own(exchange: Exchange) -> bool:
    """Whether a request is for the sandbox itself and not for the imitated API."""
    return exchange.path == "/" or exchange.parts[1:2] == ["sandbox"]


def own(answer: Callable[[], Response], exchange: Exchange) -> Response:
    """The answer of one of these addresses; an error is a sentence."""
    try:
        admit(exchange)
        return answer()
    except ApiError as error:
        return _json({"error": error.message}, error.status)
    except (WorldError, WeatherError, msgspec.MsgspecError) as error:
        return _json({"error": str(error)}, 400)


def _json(value: Any, status: int = 200) -> Response:
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return Response(msgspec.json.encode(value), status, headers=headers)


def _state(service: Service, exchange: Exchange) -> Response:
    return _json(state.state(service, exchange.origin))


def _endpoints(_service: Service, _exchange: Exchange) -> Response:
    return _json(list(map(state.endpoint, ENDPOINTS)))


def _requests(service: Service, exchange: Exchange) -> Response:
    limit = exchange.query.get("limit", str(SHOWN))
    if not limit.isdecimal():
        raise ApiError(400, "limit is how many requests to tell, the latest first")
    records = service.requests[-int(limit) :] if int(limit) else []
    return _json({"total": service.requests.ever, "requests": list(map(state.request, reversed(records)))})


def _forget(service: Service, _exchange: Exchange) -> Response:
    service.requests.clear()
    return _json({"total": service.requests.ever, "requests": []})


def _regime(service: Service, _exchange: Exchange) -> Response:
    own_modes = {client_id: client.regime for client_id, client in service.clients.items()}
    return _json({"regime": service.api_mode, "clients": own_modes})


def _set_regime(service: Service, exchange: Exchange) -> Response:
    given = msgspec.json.decode(exchange.body, type=ApiModes)
    unknown = given.clients.keys() - service.clients.keys()
    if unknown:
        raise ApiError(404, f"no client {min(unknown)}")
    if given.regime is not None:
        service.api_mode = given.regime
    for client_id, regime in given.clients.items():
        service.clients[client_id].regime = regime
    return _regime(service, exchange)


def _weather(service: Service, _exchange: Exchange) -> Response:
    kinds = {name: {"about": kind.doc, "options": kind.defaults} for name, kind in KINDS.items()}
    named = {name: about for name, (about, _) in NAMED.items()}
    return _json(service.weather.to_json() | {"kinds": kinds, "named": named})


def _set_weather(service: Service, exchange: Exchange) -> Response:
    given = msgspec.json.decode(exchange.body, type=dict[str, Any])
    if "name" in given:
        asked = msgspec.convert(given, NamedWeather)
        # Only a name: a request must not read files of this machine.
        if asked.name not in NAMED:
            raise ApiError(404, f"no weather {asked.name!r}: choose one of {', '.join(NAMED)}")
        service.weather = read_weather(asked.name, asked.seed)
    elif given.keys() == {"phase"}:
        service.weather.phase = msgspec.convert(given, Phase).phase
    else:
        service.weather = Weather.from_json(given)
    return _weather(service, exchange)


def _token(service: Service, exchange: Exchange) -> Response:
    asked = msgspec.json.decode(exchange.body or b"{}", type=Asked)
    client_id = asked.client_id or next(iter(service.clients))
    if client_id not in service.clients:
        raise ApiError(404, f"no client {client_id}")
    refresh_token = service.tokens.authorise(asked.scope, client_id)
    issued = service.tokens.refresh(refresh_token, client_id)
    return _json({"access_token": issued.access_token, "refresh_token": refresh_token, "scope": asked.scope})


def _edit_playlist(service: Service, exchange: Exchange) -> Response:
    name = exchange.params["edit"]
    if name not in PLAYLIST_EDITS:
        raise ApiError(404, f"no edit {name!r}: choose one of {', '.join(PLAYLIST_EDITS)}")
    playlist = service.world.playlist(exchange.params["id"])
    edit(PLAYLIST_EDITS, name, playlist, exchange.body)
    return _json(_playlist_json(playlist))


def _edit_world(service: Service, exchange: Exchange) -> Response:
    name = exchange.params["edit"]
    if name not in WORLD_EDITS:
        raise ApiError(404, f"no edit {name!r}: choose one of {', '.join(WORLD_EDITS)}")
    done = edit(WORLD_EDITS, name, service.world, exchange.body)
    return _json(_playlist_json(done) if isinstance(done, Playlist) else {"done": done})


def _playlist_json(playlist: Playlist) -> dict[str, Any]:
    return {"id": playlist.id, "snapshot_id": playlist.snapshot_id, "entries": len(playlist)}


def _save(service: Service, _exchange: Exchange) -> Response:
    headers = {
        "content-type": "application/octet-stream",
        "content-disposition": 'attachment; filename="playlake.world"',
        "cache-control": "no-store",
    }
    return Response(packed(service.world), headers=headers)


def _load(service: Service, exchange: Exchange) -> Response:
    service.enter(unpacked(exchange.body, service.world.clock))
    return _state(service, exchange)


def _page(service: Service, exchange: Exchange) -> Response:
    return page(service, exchange.origin, ENDPOINTS, (PLAYLIST_EDITS, WORLD_EDITS))


ADDRESSES = (
    Address("GET", "/", _page),
    Address("GET", "/sandbox", _state),
    Address("GET", "/sandbox/endpoints", _endpoints),
    Address("GET", "/sandbox/requests", _requests),
    Address("DELETE", "/sandbox/requests", _forget),
    Address("GET", "/sandbox/regime", _regime),
    Address("PUT", "/sandbox/regime", _set_regime),
    Address("GET", "/sandbox/weather", _weather),
    Address("PUT", "/sandbox/weather", _set_weather),
    Address("POST", "/sandbox/token", _token),
    Address("POST", "/sandbox/playlists/{id}/{edit}", _edit_playlist),
    Address("GET", "/sandbox/world", _save),
    Address("PUT", "/sandbox/world", _load),
    Address("POST", "/sandbox/world/{edit}", _edit_world),
)
