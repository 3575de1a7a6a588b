"""Many accounts at one address, as at Spotify: whose token comes along decides who is asked about."""

import json
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from sources.spotify_sandbox import Fault, Weather, World, application
from sources.spotify_sandbox.accounts.clients import CLIENT_ID
from sources.spotify_sandbox.accounts.tokens import SCOPE
from sources.spotify_sandbox.server.app import Application
from sources.spotify_sandbox.server.socket import HOST, Server
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.timestamps import BEGINNING, now
from sources.spotify_sandbox.world.users import User
from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue
from sources.spotify_sandbox.worlds.generated_entries import Habits, entries, oddities

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SHARED = 2
"""Playlists of one more user that everybody follows."""
YEARS = 6
SIZES = (30, 110)
"""Items of a playlist, at least and at most; half of real ones have 56 to 99."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that may be read.

    Attributes:
        name: in the list of accounts.
        user_id: at Spotify.
        client_id: of the app that reads it.
        client_secret: of the same.
        refresh_token: of the user's consent.
        api: answers for this user.
    """

    name: str
    user_id: str
    client_id: str
    client_secret: str
    refresh_token: str
    api: Application

    def revoke(self) -> None:
        """The user takes the consent back."""
        self.api.state.service.revoke(self.client_id)

    def limit(self, seconds: int) -> None:
        """The next request for the user's playlists meets a rate limit that lasts so long."""
        fault = Fault("too_many_requests", path="/v1/me/playlists", retry_after=seconds, times=1)
        self.api.state.service.weather = Weather([fault])

    @property
    def requests(self) -> int:
        """How many requests were answered."""
        return len(self.api.state.service.requests)


def made_accounts(count: int, playlists: int, limited: int) -> list[Account]:
    """So many accounts with so many playlists each of their own, over one catalogue, and followers of the same two.

    All are read by one app but the account with the number `limited`, which has an app of its own: a rate limit is an
    app's, and the others would rightly wait, too.
    """
    worlds = _worlds(count, playlists)
    return [_account(number, world, own_app=number == limited) for number, world in enumerate(worlds)]


@contextmanager
def served(accounts: list[Account]) -> Iterator[str]:
    """The address at which all accounts answer, for as long as the block lasts."""
    server = Server(_Everybody(accounts))
    thread = Thread(target=server.serve_until_stopped, name="accounts", daemon=True)
    thread.start()
    server.ready.wait()
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        server.should_exit = True
        thread.join()


def _worlds(count: int, playlists: int) -> Iterator[World]:
    tracks = 600 + 20 * count
    catalogue = GeneratedCatalogue(1, tracks, tracks // 100, tracks // 100, newest=BEGINNING)
    editor = World(catalogue, User("editor", "The Editor"))
    followed = [_playlist(editor, f"Everybody's {number + 1}", Random(f"shared {number}")) for number in range(SHARED)]
    for number in range(count):
        world = World(catalogue, User(f"artist-{number:04}", f"Artist {number}"))
        # Entries name people by their number, so that all have the same list of people.
        world.lock, world.users = editor.lock, editor.users
        world.users.add(world.me)
        for own in range(playlists):
            _playlist(world, f"List {own + 1} of {number}", Random(f"{number} {own}"))
        for playlist in followed:
            world.playlists[playlist.id] = playlist
            world.listing.append(playlist.id)
        yield world


def _playlist(world: World, name: str, random: Random) -> Playlist:
    playlist = world.create_playlist(name)
    last = int(BEGINNING.timestamp()) - 86_400
    habits = Habits([world.users.number(world.me.id)], last - YEARS * 365 * 86_400, last, at_once=False)
    catalogue = world.catalogue
    assert isinstance(catalogue, GeneratedCatalogue)
    playlist.rows = entries(random, catalogue, random.randint(*SIZES), habits)
    oddities(random, playlist.rows, catalogue, world.users.number(""))
    return playlist


def _account(number: int, world: World, *, own_app: bool) -> Account:
    api = application(world, clock=now)
    service = api.state.service
    client = service.clients.register("Another app", ()) if own_app else service.clients[CLIENT_ID]
    token = service.tokens.authorise(SCOPE, client.client_id)
    name = f"artist_{number:04}"
    return Account(name, world.me.id, client.client_id, client.client_secret, token, api)


class _Everybody:
    """An ASGI application that asks the one of the account whose token comes along."""

    def __init__(self, accounts: list[Account]) -> None:
        self._default = accounts[0]
        self._by_refresh_token = {account.refresh_token: account for account in accounts}
        self._by_access_token: dict[str, Account] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        account = self._asked(scope, body)

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def noting(message: Message) -> None:
            if scope["path"] == "/api/token" and message.get("body"):
                self._by_access_token[json.loads(message["body"]).get("access_token", "")] = account
            await send(message)

        await account.api(scope, again, noting)

    def _asked(self, scope: Message, body: bytes) -> Account:
        if scope["path"] == "/api/token":
            (token,) = parse_qs(body.decode()).get("refresh_token", [""])
            return self._by_refresh_token.get(token, self._default)
        header = dict(scope["headers"]).get(b"authorization", b"").decode()
        return self._by_access_token.get(header.removeprefix("Bearer "), self._default)


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body
