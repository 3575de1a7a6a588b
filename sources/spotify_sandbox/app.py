"""The routes, and what happens around every endpoint: interception, sign-in, errors, the log."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sources.spotify_sandbox import answers
from sources.spotify_sandbox.endpoint import Endpoint
from sources.spotify_sandbox.endpoints import ENDPOINTS, token
from sources.spotify_sandbox.errors import ApiError
from sources.spotify_sandbox.regimes import regime as regime_named
from sources.spotify_sandbox.service import Call, Intercept, RequestRecord, Service
from sources.spotify_sandbox.timestamps import Clock
from sources.spotify_sandbox.world import World

Handler = Callable[[Request, bytes], Response]


def application(
    world: World,
    *,
    regime: str = "extended",
    intercept: Intercept | None = None,
    clock: Clock | None = None,
) -> Starlette:
    """The bare ASGI application. Its ``state.service`` holds the regime in force and the log of requests."""
    service = Service(world, regime_named(regime), intercept, clock)
    routes = [
        Route("/v1" + endpoint.path, _answering(service, _called(service, endpoint)), methods=[endpoint.method])
        for endpoint in ENDPOINTS
    ]
    routes.append(Route("/api/token", _answering(service, _token(service)), methods=["POST"]))
    routes.append(Route("/{path:path}", _answering(service, _unknown)))
    app = Starlette(routes=routes)
    app.state.service = service
    return app


def _called(service: Service, endpoint: Endpoint) -> Handler:
    def answer(request: Request, body: bytes) -> Response:
        return endpoint(
            Call(
                service=service,
                grant=service.tokens.grant(request.headers.get("authorization")),
                base=f"{request.url.scheme}://{request.url.netloc}/v1",
                path=request.path_params,
                query=request.query_params,
                language=request.headers.get("accept-language"),
                body=body,
            )
        )

    return answer


def _token(service: Service) -> Handler:
    return lambda request, body: token.token(service, request.headers.get("authorization"), body)


def _unknown(_request: Request, _body: bytes) -> Response:
    raise ApiError(404, "Service not found")


def _answering(service: Service, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        body = await request.body()
        response = service.intercept(request) if service.intercept else None
        if response is None:
            with service.world.lock:
                try:
                    response = handler(request, body)
                except ApiError as error:
                    response = answers.failed(error)
        record = RequestRecord(request.method, request.url.path, dict(request.query_params), response.status_code)
        service.requests.append(record)
        return response

    return answer
