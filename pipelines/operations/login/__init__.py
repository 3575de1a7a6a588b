"""Signing in: a page of Spotify's in a browser, and a profile on this machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import dlt
from dlt.common.configuration.inject import with_config

from pipelines.operations.login.redirect import await_redirect
from sources.errors import ConfigurationError
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import ME
from sources.spotify.auth.account import tokens_for
from sources.spotify.auth.app_credentials import check_client_id
from sources.spotify.auth.keyring_store import check_keychain, forget
from sources.spotify.auth.pkce import Consent
from sources.spotify.auth.profiles import DEFAULT, Profile, Profiles, profile_folder
from sources.spotify.auth.refresh_tokens import storing_successor
from sources.spotify.auth.trusted_addresses import configured_roots
from sources.spotify.auth.write_scopes import WRITING
from sources.spotify.config import ACCOUNTS_URL, API_URL, Settings, SpotifyCredentials
from sources.spotify.http.stack import HttpStack, http_stack
from sources.spotify.http.transport import utc_now
from sources.spotify.models.accounts import Token
from sources.spotify.models.answers import User
from sources.spotify.resources.registry import selected
from sources.spotify.resources.sign_in_scopes import scopes_of

PORT = 8888
"""Where the browser comes back to, if nothing else is said; registered for the app with its address."""

PATIENCE = 300.0
"""Seconds that a user has to agree."""


def redirect_uri(port: int) -> str:
    """What is registered for the app on Spotify's dashboard; `localhost` is refused there."""
    return f"http://127.0.0.1:{port}/callback"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in to come.

    Attributes:
        profile: under which name it will be kept.
        client_id: the app that asks.
        settings: where the services are.
        scopes: what the user is asked to consent to.
        in_keyring: keep the token in the system's keyring.
        now: the clock.
    """

    profile: str
    client_id: str
    settings: Settings
    scopes: tuple[str, ...]
    in_keyring: bool = False
    now: Callable[[], datetime] = utc_now

    def in_browser(self, port: int, show: Callable[[str], object], patience: float = PATIENCE) -> Profile:
        """Lets the user agree in a browser on this machine, and keeps the token.

        Args:
            port: where the browser comes back to; 0 takes a free one, which an app allows that was registered
                without a port.
            show: called with the address of the page to open.
            patience: seconds that the user has.

        Raises:
            SignInError: the user did not agree, or not in time.
            ConfigurationError: the port is taken, or the app's id is wrong.
            ApiError: the accounts service did not answer properly.
            TryLaterError: Spotify asks to wait.
        """
        with await_redirect(port, patience) as redirect:
            consent = Consent(self.client_id, self.settings.accounts_url, redirect_uri(redirect.port), self.scopes)
            show(consent.url)
            return redirect.answer(lambda address: self._finish(consent, address))

    def by_hand(self, port: int, ask: Callable[[str], str]) -> Profile:
        """Lets the user agree in a browser anywhere, and keeps the token.

        Args:
            port: of the address that the browser comes back to, where nobody listens.
            ask: called with the address of the page to open; gives the one that the browser came back with.

        Raises:
            SignInError: the user did not agree, or the address is no answer.
            ConfigurationError: the app's id is wrong.
            ApiError: the accounts service did not answer properly.
            TryLaterError: Spotify asks to wait.
        """
        consent = Consent(self.client_id, self.settings.accounts_url, redirect_uri(port), self.scopes)
        return self._finish(consent, ask(consent.url))

    def _finish(self, consent: Consent, address: str) -> Profile:
        """Exchanges the code and stores what comes of it, before anything else can fail."""
        http = http_stack(self.settings.max_retry_wait)
        token = consent.token(consent.code(address), http)
        profile = Profile(
            client_id=self.client_id,
            accounts_url=self.settings.accounts_url,
            authorised_at=self.now(),
            scope=token.scope or "",
            in_keyring=self.in_keyring,
            api_url=self.settings.api_url,
        )
        profiles = Profiles(profile_folder())
        profiles.save(self.profile, profile, str(token.refresh_token))
        return profiles.name(self.profile, self._user(token, http))

    def _user(self, token: Token, http: HttpStack) -> User:
        """Whose account it is."""
        tokens = tokens_for(SpotifyCredentials(), self.profile, self.settings.accounts_url, http, self.now)
        tokens.take(token)
        return Client(self.settings.api_url, tokens, http).get(ME)


@with_config(sections=("sources", "spotify"))
def new_sign_in(
    profile: str | None = None,
    client_id: str | None = None,
    *,
    in_keyring: bool = False,
    wanted: Sequence[str] = ("account",),
    write: bool = False,
    credentials: SpotifyCredentials = dlt.secrets.value,
    api_url: str = API_URL,
    accounts_url: str = ACCOUNTS_URL,
    store_email: bool = False,
) -> SignIn:
    """A sign-in with the app that is given, configured, or known from the last sign-in.

    The user is asked for what the resources in `wanted` need, which are named as for a sync, and to `write` for what
    `playlake restore` and `playlake push` need, too.

    Raises:
        ConfigurationError: there is no app, its id is not a valid one, a resource or setting is wrong, there is
            no keyring, or the current folder's settings would send the sign-in to another host.
    """
    name = profile or DEFAULT
    known = Profiles(profile_folder()).find(name)
    roots = configured_roots(credentials, api_url, accounts_url)
    usual = (known.api_url or API_URL, known.accounts_url) if known else (API_URL, ACCOUNTS_URL)
    for root, own in zip(roots.both(), usual, strict=True):
        if root.file is not None and root.url != own:
            whose = "a sign-in does not belong to one folder"
            raise root.refused(whose)
    app = client_id or credentials.client_id or (known.client_id if known else None)
    if not app:
        msg = (
            "The client id is missing: register an app at https://developer.spotify.com/dashboard, then run playlake "
            "login --client-id ID."
        )
        raise ConfigurationError(msg)
    # Spotify says so only in the browser, and never sends it back here.
    check_client_id(app)
    if in_keyring:
        check_keychain()
    settings = Settings(api_url=roots.api.url, accounts_url=roots.accounts.url)
    scopes = scopes_of(selected(wanted), store_email=store_email) + (WRITING if write else ())
    return SignIn(name, app.strip(), settings, scopes, in_keyring)


def sign_out(profile: str | None = None) -> bool:
    """Forgets a sign-in, and says whether there was one. Spotify keeps the consent until it ends or is withdrawn.

    Raises:
        ConfigurationError: the name cannot be one.
    """
    name = profile or DEFAULT
    file = Profiles(profile_folder()).file(name)
    # Not while a sync is using the token, which would store its successor afterwards.
    with storing_successor(file, "delete it by hand"):
        forget(name)
        return file.remove()
