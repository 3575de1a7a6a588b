"""The sandbox as a program of its own, which ``python -m`` runs."""

import argparse
import sys
from functools import partial
from pathlib import Path

from sources.spotify_sandbox import __name__ as package
from sources.spotify_sandbox.accounts.api_modes import RULES
from sources.spotify_sandbox.accounts.clients import CLIENT_ID, Clients
from sources.spotify_sandbox.errors import WeatherError, WorldError
from sources.spotify_sandbox.faults import NAMED, read_weather
from sources.spotify_sandbox.server.server import Listening, serve
from sources.spotify_sandbox.world.timestamps import now
from sources.spotify_sandbox.world.world import World
from sources.spotify_sandbox.worlds.generated import generate
from sources.spotify_sandbox.worlds.loading import load


def main(arguments: list[str] | None = None) -> int:
    """Serve the world that the command line describes; returns 2 if it cannot be made."""
    options = _parser().parse_args(arguments)
    try:
        world, clients = _world(options), _clients(options)
        weather = read_weather(options.weather, options.seed)
        announce = partial(_announce, clients)
        serve(
            world,
            options.port,
            options.regime,
            announce,
            clients=clients,
            weather=weather,
            save=options.save,
            prepared=options.prepared,
        )
    except (WorldError, WeatherError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"error: port {options.port} cannot be used: {error.strerror}\n")
        return 2
    return 0


def _world(options: argparse.Namespace) -> World:
    if options.world is not None:
        return load(options.world, options.day, clock=now)
    if options.day is not None:
        message = "--day needs a --world with daily observations"
        raise WorldError(message)
    return generate(options.seed, options.playlists, options.items, clock=now)


def _clients(options: argparse.Namespace) -> Clients:
    clients = Clients()
    ready = clients[CLIENT_ID]
    for uri in options.redirect_uri:
        ready.allow_redirect(uri)
    for regime in options.client:
        clients.register(f"{regime.capitalize()} app", ready.redirect_uris, regime=regime)
    return clients


def _announce(clients: Clients, sandbox: Listening) -> None:
    sys.stdout.write(f"{sandbox.url}\n")
    for name, value in sandbox.environment.items():
        sys.stdout.write(f"export {name}={value}\n")
    sys.stdout.write(f"# curl -H 'Authorization: Bearer {sandbox.access_token}' {sandbox.url}/v1/me/playlists\n")
    for client in clients.values():
        if client.client_id != CLIENT_ID:
            sys.stdout.write(f"# {client.name}: client id {client.client_id}, secret {client.client_secret}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m {package}", description="Serve an imitation of the Spotify Web API."
    )
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--seed", type=int, default=1, help="the seed of a generated world, and of the weather")
    parser.add_argument("--playlists", type=int, default=80, help="playlists in a generated world")
    parser.add_argument("--items", type=int, default=15_000, help="entries in a generated world")
    parser.add_argument("--world", help="a saved world, a folder of daily observations, or recorded answers")
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep a generated world here, edits and all")
    parser.add_argument("--day", help="the day of the observations, as 2020-06-30")
    parser.add_argument("--regime", choices=list(RULES), default="extended", help="what the app may read")
    parser.add_argument(
        "--weather", default="clear", help=f"what goes wrong: one of {', '.join(NAMED)}, or a JSON file of faults"
    )
    parser.add_argument(
        "--prepared", action="store_true", help="render all contents at the start: 1.5 KB each, for the fastest answers"
    )
    parser.add_argument(
        "--client",
        choices=list(RULES),
        action="append",
        default=[],
        metavar="REGIME",
        help="another app, in a regime of its own; may be repeated",
    )
    parser.add_argument(
        "--redirect-uri",
        action="append",
        default=[],
        metavar="URI",
        help="where apps may send users back to, besides http://127.0.0.1/callback with any port; may be repeated",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
