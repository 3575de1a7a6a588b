"""State shared by all endpoints: the world, the API mode, the tokens, and the request log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from sources.spotify_sandbox.accounts.api_modes import RULES, ApiMode, Rules
from sources.spotify_sandbox.accounts.clients import Client, Clients
from sources.spotify_sandbox.accounts.consent import Consents
from sources.spotify_sandbox.accounts.scopes import SCOPES
from sources.spotify_sandbox.accounts.tokens import ACCESS_LIFE, Grant, Tokens
from sources.spotify_sandbox.api.request_log import RequestLog
from sources.spotify_sandbox.errors import WorldError, unauthorized
from sources.spotify_sandbox.faults import Weather
from sources.spotify_sandbox.render.pages import Pages
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.timestamps import Clock
from sources.spotify_sandbox.world.world import World

Intercept = Callable[[Request], Response | None]


class Service:
    """One sandbox over one world: each client in an API mode of its own, or in the one for all."""

    def __init__(
        self,
        world: World,
        mode: ApiMode = "extended",
        intercept: Intercept | None = None,
        clock: Clock | None = None,
        weather: Weather | None = None,
        clients: Clients | None = None,
    ) -> None:
        self.world = world
        self.clock = clock or world.clock
        self.api_mode: ApiMode = mode
        self.intercept = intercept
        self.clients = clients or Clients()
        self.tokens = Tokens(self.clock, world.me.id, self.clients)
        self.consents = Consents(self.clock)
        self.pages = Pages(world)
        self.requests = RequestLog()
        self._ready: tuple[str, float] | None = None
        self.weather = weather or Weather()

    @property
    def weather(self) -> Weather:
        """The faults that requests may meet; may be set at any time."""
        return self._weather

    @weather.setter
    def weather(self, weather: Weather) -> None:
        weather.attach(self.world, self.clock)
        self._weather = weather

    def enter(self, world: World) -> None:
        """Switch to another world of the same user; tokens, clients and weather stay.

        Raises:
            WorldError: It is the world of another user.
        """
        if world.me.id != self.world.me.id:
            message = f"this is the world of {world.me.id}, and {self.world.me.id} is signed in"
            raise WorldError(message)
        self.world, self.pages = world, Pages(world)
        self.weather.attach(world, self.clock)

    def prepare(self, origin: str) -> None:
        """Render all contents for requests to this origin, with episodes and without a market."""
        with self.world.lock:
            self.pages.prepare(View(f"{origin}/v1", RULES[self.api_mode].restricted, episodes=True))

    def access_token(self) -> str:
        """An access token of the signed-in user with all scopes, renewed when it has expired."""
        now = self.clock().timestamp()
        if self._ready is None or now >= self._ready[1]:
            refresh_token = self.tokens.authorise(" ".join(SCOPES))
            self._ready = self.tokens.refresh(refresh_token).access_token, now + ACCESS_LIFE.total_seconds()
        return self._ready[0]

    def revoke(self, client_id: str) -> None:
        """Withdraw the user's consent, as on the page of connected apps."""
        self.tokens.revoke(client_id)
        self.consents.withdraw(client_id)


@dataclass(frozen=True, slots=True)
class Call:
    """One request as an endpoint sees it."""

    service: Service
    grant: Grant
    base: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    language: str | None
    body: bytes = b""

    @property
    def world(self) -> World:
        """The world that is served."""
        return self.service.world

    @property
    def client(self) -> Client:
        """The calling app."""
        return self.service.clients[self.grant.client_id]

    @property
    def rules(self) -> Rules:
        """The rules of the client's API mode."""
        return RULES[self.client.regime or self.service.api_mode]

    def user_id(self) -> str:
        """The id of the user who is signed in; 401 with client credentials, which have none."""
        if self.grant.user is None:
            message = "Valid user authentication required"
            raise unauthorized(message, error=None)
        return self.grant.user
