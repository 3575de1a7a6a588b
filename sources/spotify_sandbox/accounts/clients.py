"""Registered clients: the apps of the developer dashboard, each with its id, secret, redirect URIs and quota mode."""

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256

from sources.spotify_sandbox.accounts import redirects
from sources.spotify_sandbox.accounts.api_modes import ApiMode, api_mode
from sources.spotify_sandbox.errors import WorldError

CLIENT_ID = sha256(b"sandbox client").hexdigest()[:32]
CLIENT_SECRET = sha256(b"sandbox secret").hexdigest()[:32]

OWNER_WITHOUT_PREMIUM = (
    "Active premium subscription required for the owner of the app. "
    "When the subscription status changes, it can take a few hours before requests are allowed again."
)
USER_NOT_REGISTERED = (
    "The user is not registered for this application. "
    "Please check your settings on https://developer.spotify.com/dashboard."
)


class Client:
    """One app. Everything but its id may be changed while the sandbox runs.

    Attributes:
        client_id: 32 hexadecimal digits.
        client_secret: 32 hexadecimal digits, too.
        name: as the page of consent shows it.
        redirect_uris: where its users may be sent back to. ``Clients.register`` takes secure ones only; an app from
            before April 2025 may have others.
        users: ids of the users on the app's list, at most five for an app in development mode; null allows everybody.
            Others can sign in, but every call of theirs answers 403.
        owner_has_premium: without it, every call answers 403 (apps in development mode since 2026-03-09).
        rotates_refresh_tokens: whether a refresh token of the PKCE flow is single-use and its use returns the next one.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        name: str,
        redirect_uris: Collection[str] = (),
        *,
        regime: str | None = None,
        users: Collection[str] | None = None,
        owner_has_premium: bool = True,
        rotates_refresh_tokens: bool = True,
    ) -> None:
        self.client_id = client_id
        self.client_secret = client_secret
        self.name = name
        self.redirect_uris = tuple(redirect_uris)
        self.users = users
        self.owner_has_premium = owner_has_premium
        self.rotates_refresh_tokens = rotates_refresh_tokens
        self.regime = regime

    def __repr__(self) -> str:
        return f"<Client {self.client_id}: {self.name}>"

    @property
    def regime(self) -> ApiMode | None:
        """The API mode of this client; null follows the mode of the sandbox."""
        return self._regime

    @regime.setter
    def regime(self, name: str | None) -> None:
        self._regime: ApiMode | None = None if name is None else api_mode(name)

    def allow_redirect(self, uri: str) -> None:
        """Register one more redirect URI.

        Raises:
            WorldError: The URI is not secure.
        """
        if not redirects.is_secure(uri):
            message = f"redirect URI {uri!r}: use https, or http with 127.0.0.1 or [::1]"
            raise WorldError(message)
        self.redirect_uris = (*self.redirect_uris, uri)

    def redirects_to(self, uri: str) -> bool:
        """Whether a URI is among the registered ones."""
        return any(redirects.matches(registered, uri) for registered in self.redirect_uris)

    def refusal(self, user: str | None) -> str | None:
        """The text of the 403 that every call for a user (null: of the app alone) gets; null if calls are answered."""
        if not self.owner_has_premium:
            return OWNER_WITHOUT_PREMIUM
        if user is not None and self.users is not None and user not in self.users:
            return USER_NOT_REGISTERED
        return None


class Clients(Mapping[str, Client]):
    """The clients by id; one exists from the start, and its loopback addresses allow any port."""

    def __init__(self) -> None:
        ready = Client(
            CLIENT_ID,
            CLIENT_SECRET,
            "Sandbox app",
            ("http://127.0.0.1/callback", "http://[::1]/callback", "http://127.0.0.1/", "http://127.0.0.1"),
        )
        self._clients = {ready.client_id: ready}

    def __getitem__(self, client_id: str) -> Client:
        return self._clients[client_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._clients)

    def __len__(self) -> int:
        return len(self._clients)

    def add(self, client: Client) -> Client:
        """Add a client as it is, with insecure redirect URIs if it has them."""
        self._clients[client.client_id] = client
        return client

    def register(
        self,
        name: str,
        redirect_uris: Collection[str] = (),
        *,
        regime: str | None = None,
        users: Collection[str] | None = None,
    ) -> Client:
        """A new client, as the dashboard makes it. Its id and secret follow from its number and name.

        Raises:
            WorldError: A redirect URI is not secure.
        """
        seed = f"{len(self)} {name}"
        client_id, secret = (sha256(f"{kind} {seed}".encode()).hexdigest()[:32] for kind in ("client", "secret"))
        client = Client(client_id, secret, name, regime=regime, users=users)
        for uri in redirect_uris:
            client.allow_redirect(uri)
        return self.add(client)
