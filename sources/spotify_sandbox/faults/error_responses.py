"""Faults that return an error, a redirect or another page in place of the API's response.

Bodies as in https://github.com/spotify/web-api/issues/515 (502); where a status was never recorded, what the proxies
named in the headers, envoy and Google's, return by themselves.
"""

from urllib.parse import quote

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from sources.spotify_sandbox.accounts.clients import OWNER_WITHOUT_PREMIUM, USER_NOT_REGISTERED
from sources.spotify_sandbox.errors import ApiError, unauthorized
from sources.spotify_sandbox.faults.kind import Condition
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.http.exchange import Exchange

_JSON = {
    500: "Internal server error. Please try again later.",
    502: "Bad gateway.",
    503: "Service unavailable",
    504: "Gateway timeout",
}
_TEXT = {
    500: "Internal Server Error",
    502: "upstream connect error or disconnect/reset before headers. reset reason: protocol error",
    503: "upstream connect error or disconnect/reset before headers. reset reason: connection timeout",
    504: "upstream request timeout",
}
_REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
_FORBIDDEN = {"premium": OWNER_WITHOUT_PREMIUM, "unregistered": USER_NOT_REGISTERED}


def server_error(condition: Condition, exchange: Exchange) -> bool:
    """Fails as the API itself does (JSON), or a proxy before it (HTML, text)."""
    status, body = condition.option("status"), condition.option("body")
    if body == "html":
        exchange.response = HTMLResponse(_page(f"{status} {_REASONS.get(status, 'Error')}"), status)
    elif body == "text":
        exchange.response = PlainTextResponse(_TEXT.get(status, "Error"), status)
    else:
        exchange.response = answers.failed(ApiError(status, _JSON.get(status, "Server error.")))
    return True


def not_json(condition: Condition, exchange: Exchange) -> bool:
    """Answers 200 with a page or a text, as a captive portal or a proxy does."""
    if condition.option("body") == "html":
        exchange.response = HTMLResponse(_page("Welcome to the network"))
    else:
        exchange.response = PlainTextResponse("OK")
    return True


def _page(title: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><title>{title}</title></head>\n'
        f"<body><h1>{title}</h1></body>\n</html>\n"
    )


def token_missing(_condition: Condition, exchange: Exchange) -> bool:
    """Answers to a valid token that there is none; the same call succeeds when repeated."""
    exchange.response = answers.failed(unauthorized("Access token missing", error=None))
    return True


def token_expired(condition: Condition, exchange: Exchange) -> bool:
    """Lets a token expire before its hour is over; the same token is refused from then on."""
    authorization = exchange.headers.get("authorization")
    if authorization is None:
        return False
    condition.weather.expired.add(authorization)
    exchange.response = answers.failed(unauthorized("The access token expired"))
    return True


def forbidden(condition: Condition, exchange: Exchange) -> bool:
    """Refuses the app or the user, in plain text."""
    text = condition.option("text")
    exchange.response = PlainTextResponse(_FORBIDDEN.get(text, text), 403)
    return True


def redirect(condition: Condition, exchange: Exchange) -> bool:
    """Redirects to the same path on another host, which must not get a token."""
    query = exchange.scope["query_string"].decode("latin-1")
    url = condition.option("host") + quote(exchange.path, safe="/") + ("?" + query if query else "")
    exchange.response = RedirectResponse(url, condition.option("status"))
    return True
