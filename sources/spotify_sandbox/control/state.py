"""The sandbox's state as JSON values."""

from typing import Any

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.request_log import RequestRecord
from sources.spotify_sandbox.api.service import Service


def state(service: Service, origin: str) -> dict[str, Any]:
    """The world, the API mode, the clients, the fault profile, and the number of requests."""
    world = service.world
    return {
        "api_url": f"{origin}/v1",
        "accounts_url": origin,
        "world": {
            "user": world.me.id,
            "playlists": len(world.playlists),
            "listed": len(world.listing),
            "entries": sum(map(len, world.playlists.values())),
            "time": service.clock().isoformat(),
        },
        "regime": service.api_mode,
        "clients": clients(service),
        "refresh_token": service.tokens.refresh_token,
        "weather": service.weather.to_json(),
        "requests": service.requests.ever,
    }


def clients(service: Service) -> list[dict[str, Any]]:
    """The registered clients; one whose API mode is null follows that of the sandbox."""
    return [
        {
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "name": client.name,
            "regime": client.regime,
            "redirect_uris": list(client.redirect_uris),
        }
        for client in service.clients.values()
    ]


def endpoint(entry: Endpoint) -> dict[str, Any]:
    """An entry of the table of endpoints; ``development`` is the status that development apps get."""
    return {
        "method": entry.method,
        "path": "/v1" + entry.path,
        "scopes": list(entry.scopes),
        "user": entry.user,
        "development": entry.development_status or 200,
        "about": (entry.answer.__doc__ or "").partition("\n")[0].replace("``", ""),
    }


def request(record: RequestRecord) -> dict[str, Any]:
    """A request of the log."""
    return {
        "at": record.at,
        "method": record.method,
        "path": record.path,
        "query": record.query,
        "status": record.status,
        "size": record.size,
        "client_id": record.client_id,
        "faults": list(record.faults),
    }
