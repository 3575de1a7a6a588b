"""Users' consents, and the one-time tickets of the pages that ask for them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sources.spotify_sandbox.accounts.authorization import AuthorizationRequest
from sources.spotify_sandbox.world.timestamps import Clock

TICKET_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Asked:
    request: AuthorizationRequest
    expires: datetime


class Consents:
    """The signed-in user's consents, by client.

    A page of consent contains a single-use ticket (against cross-site request forgery): another website that submits
    the form from the user's browser has none. Only tickets are random and do not follow from the world's seed.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, set[str]] = {}
        self._tickets: dict[str, _Asked] = {}

    def covers(self, request: AuthorizationRequest) -> bool:
        """Whether the user agreed to all requested scopes before."""
        given = self._given.get(request.client.client_id)
        return given is not None and given.issuperset(request.scope)

    def give(self, request: AuthorizationRequest) -> None:
        """Remember that the user agreed."""
        self._given.setdefault(request.client.client_id, set()).update(request.scope)

    def withdraw(self, client_id: str) -> None:
        """Forget what the user agreed to."""
        self._given.pop(client_id, None)

    def ticket(self, request: AuthorizationRequest) -> str:
        """The ticket of a new page of consent."""
        time = self._clock()
        self._tickets = {ticket: asked for ticket, asked in self._tickets.items() if time < asked.expires}
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = _Asked(request, time + TICKET_LIFE)
        return ticket

    def redeem(self, ticket: str) -> AuthorizationRequest | None:
        """What the page with a ticket requested; null if the ticket is unknown, used or too old."""
        asked = self._tickets.pop(ticket, None)
        return None if asked is None or self._clock() >= asked.expires else asked.request
