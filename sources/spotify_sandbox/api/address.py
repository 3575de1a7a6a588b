"""An address outside ``/v1``: of the accounts service, of the pictures, of the sandbox itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from starlette.responses import Response

from sources.spotify_sandbox.http.exchange import Exchange

if TYPE_CHECKING:
    from sources.spotify_sandbox.api.service import Service


@dataclass(frozen=True, slots=True)
class Address:
    """One address and its handler.

    Attributes:
        method: the HTTP method.
        path: from the root, with its parameters in braces; the answer finds them in
            ``exchange.params``.
        answer: writes the answer, or raises ``ApiError``.
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    answer: Callable[["Service", Exchange], Response]
