"""The sandbox behind a socket: in this process for tests, or as a program of its own."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from types import TracebackType

from sources.spotify_sandbox.accounts.api_modes import ApiMode, api_mode
from sources.spotify_sandbox.accounts.clients import CLIENT_ID, CLIENT_SECRET, Client, Clients
from sources.spotify_sandbox.accounts.scopes import SCOPES
from sources.spotify_sandbox.api.request_log import RequestRecord
from sources.spotify_sandbox.api.service import Intercept, Service
from sources.spotify_sandbox.faults import Weather
from sources.spotify_sandbox.server.app import application
from sources.spotify_sandbox.server.socket import HOST, Server
from sources.spotify_sandbox.world.timestamps import Clock, now
from sources.spotify_sandbox.world.world import World


class Sandbox:
    """An imitation of Spotify on a port of this machine, while the ``with`` block lasts.

    Example:
        ```python
        with Sandbox(generate(seed=1)) as api:
            print(api.api_url, api.client_id, api.client_secret, api.refresh_token)
        ```

    Args:
        world: The world to serve. It may be edited while the server runs.
        regime: ``extended``, ``development`` or ``transition``; also an attribute that may be set at any time.
        port: The port to listen on; 0 takes a free one.
        intercept: Called with each request before it is answered; if it returns a response, that is sent instead.
        clock: The clock for tokens; the world's clock if not given.
        weather: What goes wrong; also an attribute that may be set at any time.
    """

    def __init__(
        self,
        world: World,
        regime: str = "extended",
        port: int = 0,
        intercept: Intercept | None = None,
        clock: Clock | None = None,
        weather: Weather | None = None,
    ) -> None:
        self.client_id = CLIENT_ID
        self.client_secret = CLIENT_SECRET
        self._app = application(world, regime=regime, intercept=intercept, clock=clock, weather=weather)
        self._service: Service = self._app.state.service
        self._port = port
        self._server: Server | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> "Sandbox":
        self._server = Server(self._app, self._port)
        self._port = self._server.port
        self._thread = Thread(target=self._server.serve_until_stopped, name="spotify-sandbox", daemon=True)
        self._thread.start()
        self._server.ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

    @property
    def world(self) -> World:
        """What there is to read."""
        return self._service.world

    @property
    def accounts_url(self) -> str:
        """The address in front of ``/api/token``."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        """The address in front of ``/me`` and ``/playlists``."""
        return f"{self.accounts_url}/v1"

    @property
    def refresh_token(self) -> str:
        """A refresh token of the signed-in user. Used without the secret, as PKCE does, it works once."""
        return self._service.tokens.refresh_token

    @property
    def requests(self) -> list[RequestRecord]:
        """The requests answered so far."""
        return self._service.requests

    @property
    def regime(self) -> ApiMode:
        """The API mode of all clients without one of their own."""
        return self._service.api_mode

    @regime.setter
    def regime(self, name: str) -> None:
        self._service.api_mode = api_mode(name)

    @property
    def weather(self) -> Weather:
        """The faults that requests may meet."""
        return self._service.weather

    @weather.setter
    def weather(self, weather: Weather) -> None:
        self._service.weather = weather

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that lead playlake to this sandbox."""
        return _environment(self.accounts_url, self.refresh_token)

    @property
    def clients(self) -> Clients:
        """The registered clients by id, which may be edited: ``api.clients[client_id].regime = "development"``."""
        return self._service.clients

    def register(
        self,
        name: str,
        redirect_uris: Collection[str] = (),
        *,
        regime: str | None = None,
        users: Collection[str] | None = None,
    ) -> Client:
        """Register another client, as on the developer dashboard.

        Args:
            name: What the page of consent calls it.
            redirect_uris: https, or http with 127.0.0.1 or [::1]; without a port, those take any.
            regime: Its own; without one it follows ``Sandbox.regime``.
            users: Ids of the users whose calls are answered; null answers all.

        Raises:
            WorldError: A redirect URI that is not secure, or a regime that does not exist.
        """
        with self.world.lock:
            return self._service.clients.register(name, redirect_uris, regime=regime, users=users)

    def authorise(self, scope: str, client_id: str = CLIENT_ID) -> str:
        """A refresh token for other scopes or another client, as consent in the browser would give it."""
        with self.world.lock:
            return self._service.tokens.authorise(scope, client_id)

    def prepare(self) -> None:
        """Render all contents now, inside the ``with`` block: pages then come as fast as they can be sent."""
        self._service.prepare(self.accounts_url)

    def revoke(self, client_id: str = CLIENT_ID) -> None:
        """Remove an app as its user can: its refresh tokens are void, and the page of consent asks again."""
        with self.world.lock:
            self._service.revoke(client_id)


@dataclass(frozen=True, slots=True)
class Listening:
    """A sandbox that has begun to listen.

    Attributes:
        url: its page; the Web API is below ``/v1``, the accounts service at ``/authorize`` and ``/api/token``.
        client_id: of the client that is there from the start.
        client_secret: of the same.
        access_token: of the signed-in user, with all scopes, for an hour.
        environment: the variables that lead playlake here.
    """

    url: str
    client_id: str
    client_secret: str
    access_token: str
    environment: dict[str, str]


def serve(
    world: World,
    port: int = 0,
    regime: str = "extended",
    on_ready: Callable[[Listening], None] | None = None,
    *,
    clients: Clients | None = None,
    weather: Weather | None = None,
    save: Path | None = None,
    prepared: bool = False,
) -> None:
    """Serve a world until interrupted or terminated, by the real clock.

    Args:
        world: What there is to read.
        port: The port to listen on; 0 takes a free one.
        regime: The API mode of clients without one of their own.
        on_ready: Called once, when requests can come.
        clients: The registered clients; the ready-made one alone if not given.
        weather: What goes wrong.
        save: The file that keeps the world: written before the first request and after the last.
        prepared: Whether all contents are rendered before the first request.

    Raises:
        OSError: The port is in use, or not allowed.
        WorldError: The world cannot be saved.
    """
    if save is not None:
        world.save(save)
    app = application(world, regime=regime, clock=now, clients=clients, weather=weather)
    service: Service = app.state.service
    server = Server(app, port)
    url = f"http://{HOST}:{server.port}"
    if on_ready is not None:
        # Who tries things out may write, too.
        environment = _environment(url, service.tokens.authorise(" ".join(SCOPES)))
        listening = Listening(url, CLIENT_ID, CLIENT_SECRET, service.access_token(), environment)
        server.on_ready = partial(on_ready, listening)
    if prepared:
        service.prepare(url)
    if save is not None:
        server.on_end = lambda: service.world.save(save)
    with suppress(KeyboardInterrupt):
        server.serve_until_stopped()


def _environment(url: str, refresh_token: str) -> dict[str, str]:
    return {
        "SOURCES__SPOTIFY__API_URL": f"{url}/v1",
        "SOURCES__SPOTIFY__ACCOUNTS_URL": url,
        "SOURCES__SPOTIFY__CREDENTIALS__CLIENT_ID": CLIENT_ID,
        "SOURCES__SPOTIFY__CREDENTIALS__CLIENT_SECRET": CLIENT_SECRET,
        "SOURCES__SPOTIFY__CREDENTIALS__REFRESH_TOKEN": refresh_token,
    }
