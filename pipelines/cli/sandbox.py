"""`playlake sandbox`."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.options import LocalPath
from sources.errors import ConfigurationError
from sources.overwriting import check_overwriting

if TYPE_CHECKING:
    from sources.spotify_sandbox import World


@click.command("sandbox", short_help="Run a local server that imitates Spotify's Web API.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    show_default=True,
    help="Port on this machine; 0 for any free port.",
)
@click.option(
    "--world", "world_path", type=LocalPath(), help="Serve the world in a saved file, or the data in a folder."
)
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="With --world, if the data has a history: the day to serve."
)
@click.option(
    "--save",
    type=LocalPath(dir_okay=False),
    help="Save the generated world, with all changes, to this file; --world loads it.",
)
@click.option(
    "--regime",
    type=click.Choice(["extended", "development", "transition"]),
    default="extended",
    show_default=True,
    help="API mode of the apps: extended quota, development mode of 2026, or an app during the change.",
)
@click.option(
    "--weather",
    default="clear",
    show_default=True,
    help="Fault profile: clear, busy, quota, storm, mirage, or a JSON file of faults.",
)
@click.option("--seed", default=1, show_default=True, help="Random seed of the generated world.")
@click.option("--playlists", default=80, show_default=True, help="Number of playlists in the generated world.")
@click.option("--items", default=15_000, show_default=True, help="Number of items on them.")
def sandbox_command(
    port: int,
    world_path: Path | None,
    day: datetime | None,
    save: Path | None,
    regime: str,
    weather: str,
    seed: int,
    playlists: int,
    items: int,
) -> None:
    """Run a local server that imitates Spotify's Web API, until interrupted.

    \b
    playlake sandbox --port 0 --regime development --weather storm
    playlake sandbox --items 1000000 --playlists 500 --save big.world
    """
    from sources.spotify_sandbox import Listening, WeatherError, WorldError, read_weather, serve

    def ready(sandbox: Listening) -> None:
        click.echo(f"The sandbox listens on {sandbox.url}; open that in a browser for its page. Try it:\n")
        click.echo(f"curl -H 'Authorization: Bearer {sandbox.access_token}' {sandbox.url}/v1/me/playlists\n")
        click.echo(f"client id      {sandbox.client_id}\nclient secret  {sandbox.client_secret}\n")
        click.echo("In another terminal paste\n")
        for name, value in sandbox.environment.items():
            click.echo(f"export {name}={value}")
        click.echo("\nand run playlake sync. Ctrl-C ends it.")

    if save is not None:
        check_overwriting(save, "--save")
    try:
        world = _world(world_path, day.date() if day else None, seed, playlists, items)
        serve(world, port, regime, ready, weather=read_weather(weather, seed), save=save)
    except (WorldError, WeatherError) as error:
        raise ConfigurationError(str(error)) from None
    except OSError as error:
        msg = f"Port {port} cannot be used ({error.strerror}): name another with --port, or 0 for a free one."
        raise ConfigurationError(msg) from None


def _world(path: Path | None, day: date | None, seed: int, playlists: int, items: int) -> "World":
    from sources.spotify_sandbox import generate, load
    from sources.spotify_sandbox.world.timestamps import now

    if path is not None:
        return load(path, day, clock=now)
    if day is not None:
        msg = "--day needs --world: a generated world has no history."
        raise ConfigurationError(msg)
    return generate(seed=seed, playlists=playlists, items=items, clock=now)
