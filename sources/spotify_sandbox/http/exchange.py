"""One request and its response, on the way through the sandbox."""

import re
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from starlette.responses import Response

Scope = MutableMapping[str, Any]
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")

Cut = Literal["headers", "body"]


class CutError(ConnectionError):
    """Raised to break the connection, before the headers or in the middle of the body."""


class Exchange:
    """The request in plain dictionaries (of repeated parameters the last counts), and its answer.

    Attributes:
        scope: of ASGI, which the rest follows from.
        method: in capitals.
        path: unquoted, as the log shows it.
        parts: of the path, split before they are unquoted, so that an id may hold a slash. One slash at the end of the
            path is ignored: spotipy and tekore ask for ``/me/``.
        params: what the path's template names.
        query: parameters by name.
        headers: by name in small letters.
        origin: scheme and host that the client asked, without a slash at the end.
        client_id: of the app whose token came along; empty without a valid one.
        response: the answer, once there is one.
        delay: seconds that the answer is held back.
        cut: where the connection breaks: before the headers, or in the middle of the body.
        faults: labels of the faults that this exchange met.
    """

    __slots__ = (
        "body",
        "client_id",
        "cut",
        "delay",
        "faults",
        "headers",
        "method",
        "origin",
        "params",
        "parts",
        "path",
        "query",
        "response",
        "scope",
    )

    def __init__(self, scope: Scope, body: bytes = b"") -> None:
        self.scope = scope
        self.body = body
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.parts = _parts(scope)
        self.params: Mapping[str, str] = {}
        self.query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = self.headers.get("host", "")
        # It is part of every link in an answer, so only a valid host may get there.
        self.origin = f"{scope['scheme']}://{host if _HOST.fullmatch(host) else 'localhost'}"
        self.client_id = ""
        self.response: Response | None = None
        self.delay = 0.0
        self.cut: Cut | None = None
        self.faults: tuple[str, ...] = ()

    @property
    def host(self) -> str | None:
        """Where the request came from; None within this process."""
        client = self.scope.get("client")
        return None if client is None else str(client[0])


def _parts(scope: Scope) -> list[str]:
    raw: bytes = scope.get("raw_path") or b""
    path: str = scope["path"]
    if b"%" in raw:
        parts = [unquote(part) for part in raw.partition(b"?")[0].decode("latin-1").split("/")]
    else:
        parts = path.split("/")
    return parts[:-1] if len(parts) > 2 and parts[-1] == "" else parts
