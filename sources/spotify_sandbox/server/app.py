"""The ASGI application: each request passes interception, fault injection, the endpoint, error handling and the log."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response

from sources.spotify_sandbox import control
from sources.spotify_sandbox.accounts.api_modes import api_mode
from sources.spotify_sandbox.accounts.clients import Clients
from sources.spotify_sandbox.api.address import Address
from sources.spotify_sandbox.api.endpoints import ADDRESSES, ENDPOINTS
from sources.spotify_sandbox.api.request_log import RequestRecord
from sources.spotify_sandbox.api.routing import Routes
from sources.spotify_sandbox.api.service import Call, Intercept, Service
from sources.spotify_sandbox.errors import ApiError
from sources.spotify_sandbox.faults import Weather
from sources.spotify_sandbox.faults.kind import BEFORE
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.http.exchange import CutError, Exchange
from sources.spotify_sandbox.server.delivery import delivered
from sources.spotify_sandbox.world.timestamps import Clock
from sources.spotify_sandbox.world.world import World

if TYPE_CHECKING:
    from sources.spotify_sandbox.api.endpoint import Endpoint

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def application(
    world: World,
    *,
    regime: str = "extended",
    intercept: Intercept | None = None,
    clock: Clock | None = None,
    weather: Weather | None = None,
    clients: Clients | None = None,
) -> "Application":
    """The ASGI application. Its ``state.service`` holds the API mode and the request log."""
    return Application(Service(world, api_mode(regime), intercept, clock, weather, clients))


class Application:
    """An ASGI application: the sandbox without a socket."""

    def __init__(self, service: Service) -> None:
        self.state = State({"service": service})
        self._service = service
        self._routes: Routes[Endpoint | Address] = Routes()
        for endpoint in ENDPOINTS:
            self._routes.add(endpoint.method, "/v1" + endpoint.path, endpoint)
        for address in (*ADDRESSES, *control.ADDRESSES):
            self._routes.add(address.method, address.path, address)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answers one request.

        Raises:
            CutError: A fault breaks the connection; nothing more is sent.
        """
        exchange = Exchange(scope, await _body(receive))
        response = self._answer(exchange)
        if exchange.delay:
            await self._service.weather.sleep(exchange.delay)
        if exchange.cut == "headers":
            raise CutError
        await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
        body = b"" if exchange.method == "HEAD" else response.body
        if exchange.cut == "body":
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            raise CutError
        await send({"type": "http.response.body", "body": body})

    def _answer(self, exchange: Exchange) -> Response:
        service = self._service
        if control.is_own(exchange):
            with service.world.lock:
                return control.own(lambda: self._routed(exchange), exchange)
        exchange.client_id = self._client_of(exchange)
        response = service.intercept(Request(exchange.scope)) if service.intercept else None
        if response is None:
            with service.world.lock:
                response = self._with_faults(exchange)
            response = delivered(exchange, response)
        self._note(exchange, response)
        return response

    def _client_of(self, exchange: Exchange) -> str:
        try:
            return self._service.tokens.grant(exchange.headers.get("authorization")).client_id
        except ApiError:
            return ""

    def _with_faults(self, exchange: Exchange) -> Response:
        weather = self._service.weather
        due = weather.due(exchange)
        for stage in BEFORE:
            weather.inject(due, exchange, stage)
        if exchange.response is None:
            try:
                exchange.response = self._routed(exchange)
            except ApiError as error:
                exchange.response = answers.failed(error)
            except Exception:
                log.exception("%s %s could not be answered", exchange.method, exchange.path)
                exchange.response = answers.failed(ApiError(500, "Server error."))
            weather.inject(due, exchange, "after")
        return exchange.response

    def _note(self, exchange: Exchange, response: Response) -> None:
        status = 0 if exchange.cut == "headers" else response.status_code
        record = RequestRecord(
            exchange.method,
            exchange.path,
            exchange.query,
            status,
            len(response.body),
            self._service.clock().timestamp(),
            exchange.client_id,
            exchange.faults,
        )
        self._service.requests.append(record)

    def _routed(self, exchange: Exchange) -> Response:
        place = self._routes.find(exchange.parts)
        if exchange.method == "OPTIONS" and not control.is_own(exchange):
            return answers.preflight()
        if place is None:
            raise ApiError(404, "Service not found")
        # A HEAD is answered like a GET; the body is removed later.
        found = place.target("GET" if exchange.method == "HEAD" else exchange.method)
        if found is None:
            raise ApiError(405, "Method not allowed")
        target, exchange.params = found
        if isinstance(target, Address):
            return target.answer(self._service, exchange)
        return target(self._call(exchange))

    def _call(self, exchange: Exchange) -> Call:
        return Call(
            service=self._service,
            grant=self._service.tokens.grant(exchange.headers.get("authorization")),
            base=exchange.origin + "/v1",
            path=exchange.params,
            query=exchange.query,
            language=exchange.headers.get("accept-language"),
            body=exchange.body,
        )


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
    return body
