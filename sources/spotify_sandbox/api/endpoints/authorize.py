"""``/authorize`` of the accounts service: the page of consent, and the way back to the app.

https://developer.spotify.com/documentation/web-api/tutorials/code-flow. Its user is signed in already.
"""

from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from sources.spotify_sandbox.accounts import authorization
from sources.spotify_sandbox.accounts.authorization import AuthorizationError, AuthorizationRequest
from sources.spotify_sandbox.api.service import Service
from sources.spotify_sandbox.render import consent


def ask(service: Service, query: Mapping[str, str]) -> Response:
    """The page that asks the user, or a redirect at once where the user agreed before (unless ``show_dialog``)."""
    try:
        request = authorization.read(service.clients, query)
    except AuthorizationError as error:
        return PlainTextResponse(str(error), 400)
    if service.consents.covers(request) and not request.show_dialog:
        return _back(request, "code", _code(service, request), 302)
    ticket = service.consents.ticket(request)
    return HTMLResponse(consent.page(request, service.world.me, ticket), headers=consent.HEADERS)


def decide(service: Service, body: bytes) -> Response:
    """The redirect that follows the user's decision; 400 without the ticket of a page of consent."""
    form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
    request = service.consents.redeem(form.get("ticket", ""))
    if request is None:
        return PlainTextResponse("This page has expired: go back to the app and begin again.", 400)
    if form.get("decision") != "agree":
        return _back(request, "error", "access_denied", 303)
    service.consents.give(request)
    return _back(request, "code", _code(service, request), 303)


def _code(service: Service, request: AuthorizationRequest) -> str:
    scope = " ".join(request.scope)
    return service.tokens.code(request.client.client_id, scope, request.redirect_uri, request.challenge)


def _back(request: AuthorizationRequest, answer: str, value: str, status: int) -> Response:
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return RedirectResponse(request.redirect(answer, value), status, headers)
