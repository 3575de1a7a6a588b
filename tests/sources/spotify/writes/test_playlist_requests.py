"""Plans carried out over HTTP, against the sandbox, which counts what it has served."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

import pytest
from starlette.requests import Request as Asked
from starlette.responses import Response

from sources.errors import EditedElsewhereError, ForbiddenError, ScopeError, TryLaterError
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import PLAYLIST
from sources.spotify.auth.configured_refresh_token import ConfiguredRefreshToken, token_folder
from sources.spotify.auth.tokens import Tokens
from sources.spotify.auth.write_scopes import PLAYLISTS, check_may_write
from sources.spotify.config import SpotifyCredentials
from sources.spotify.http.stack import http_stack
from sources.spotify.http.transport import utc_now
from sources.spotify.models.times import seconds
from sources.spotify.resources.addition_identity import identity
from sources.spotify.resources.playlists.consistent_reading import read_playlist
from sources.spotify.writes.converge import Convergence, State
from sources.spotify.writes.playlist_requests import PlaylistRequests
from sources.spotify.writes.steps import Entry, Step
from sources.spotify_sandbox import Fault, Playlist, Sandbox, Weather, generate

CASES = int(os.environ.get("PLAYLAKE_WRITE_CASES", "10"))
"""Seeds in each mode of the API; 200 were played by hand."""

SCOPE = "playlist-read-private playlist-read-collaborative playlist-modify-public playlist-modify-private"
WRITING = ("POST", "PUT", "DELETE")


class KilledError(Exception):
    """The process is gone."""


@dataclass
class Written:
    """A playlist of the sandbox as a command sees it.

    Attributes:
        client: the API.
        playlist: what is really there.
        random: decides whether the process is killed.
        killed: how likely it is, before a request and after it.
    """

    client: Client
    playlist: Playlist
    random: Random = field(default_factory=lambda: Random(1))
    killed: float = 0.0
    requests: PlaylistRequests = field(init=False)

    def __post_init__(self) -> None:
        self.requests = PlaylistRequests.of(self.client, self.client.get(PLAYLIST, self.playlist.id))

    def read(self) -> State:
        """What is on it."""
        reading = read_playlist(self.client, self.playlist.id)
        found = [identity(entry) for entry in reading.entries or ()]
        return State([Entry(uri, at) for uri, at in found], reading.playlist.snapshot_id)

    def write(self, step: Step, snapshot_id: str | None) -> str | None:
        """Sends a request, unless the process is killed."""
        self._may_die()
        made = self.requests.send(step, snapshot_id)
        self._may_die()
        return made

    def _may_die(self) -> None:
        if self.random.random() < self.killed:
            raise KilledError


@pytest.fixture(scope="module", params=["extended", "development"])
def api(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(generate(seed=5), regime=request.param) as api:
        yield api


@pytest.fixture(autouse=True)
def calm(api: Sandbox) -> Iterator[None]:
    """Faults are those of one test."""
    yield
    api.weather = Weather()


def client_of(api: Sandbox, scope: str = SCOPE) -> Client:
    """A client that waits for nothing."""
    app = SpotifyCredentials()
    app.client_id, app.client_secret = api.client_id, api.client_secret
    http = http_stack(300.0, sleep=lambda _: None, jitter=lambda: 0.0)
    agreed = ConfiguredRefreshToken(token_folder(), api.authorise(scope), is_single_use=False)
    return Client(api.api_url, Tokens(app, api.accounts_url, http, utc_now, agreed), http)


def playlist_of(api: Sandbox, random: Random, count: int) -> Playlist:
    """A playlist of the user's with some items, also twice, also episodes and local files."""
    world = api.world
    playlist = world.create_playlist(f"Case {random.random()}")
    playlist.insert(0, some_uris(api, random, count))
    return playlist


def some_uris(api: Sandbox, random: Random, count: int) -> list[str]:
    catalogue = api.world.catalogue
    few = [str(catalogue.uri(catalogue.pick(random))) for _ in range(max(1, count // 2))]
    return random.choices(few, k=count)


def uris(playlist: Playlist) -> list[str | None]:
    return [entry.uri for entry in playlist.entries]


def mangled(uris: list[str], random: Random, api: Sandbox) -> list[str]:
    """Another list, not quite another."""
    found = list(uris)
    for _ in range(random.randint(1, 8)):
        at = random.randint(0, len(found))
        match random.choice("armx"):
            case "a":
                found[at:at] = some_uris(api, random, random.randint(1, 4))
            case "r":
                del found[at : at + random.randint(1, 5)]
            case "m":
                block = found[at : at + random.randint(1, 6)]
                del found[at : at + len(block)]
                place = random.randint(0, len(found))
                found[place:place] = block
            case _:
                found += found[at : at + 3]
    return found


@pytest.mark.parametrize("seed", range(CASES))
def test_lost_answers_and_kills_over_http(api: Sandbox, seed: int) -> None:
    """Exactly the target comes of it, and all that was served is what one command after the other had to do."""
    random = Random(seed)
    playlist = playlist_of(api, random, random.choice([3, 30, 120]))
    before = [str(uri) for uri in uris(playlist)]
    wanted = [Entry(uri) for uri in mangled(before, random, api)]
    path = f"/v1/playlists/{playlist.id}/*"
    api.weather = Weather(
        [
            *(
                Fault("cut", path=path, method=method, probability=0.3, where=where)
                for method in WRITING
                for where in ("headers", "body")
            ),
            *(Fault("server_error", path=path, method=method, probability=0.2) for method in WRITING),
            Fault("truncated_json", path=path, method="POST", probability=0.2),
        ],
        seed=seed,
    )
    written = Written(client_of(api), playlist, random, killed=0.1)
    while True:
        try:
            Convergence(written, wanted).run(written.read())
            break
        except KilledError:
            written = Written(client_of(api), playlist, random, killed=0.1)
    assert uris(playlist) == [entry.uri for entry in wanted]
    api.weather = Weather()
    served = len(api.requests)
    calm = Written(client_of(api), playlist)
    Convergence(calm, wanted).run(calm.read())
    assert [each.method for each in api.requests[served:] if each.method in WRITING and "/v1/" in each.path] == []


def test_moves_keep_dates(api: Sandbox) -> None:
    """What was only moved has the date that it had."""
    playlist = playlist_of(api, Random(3), 20)
    before = [(entry.uri, entry.added_at) for entry in playlist.entries]
    wanted = [Entry(uri, seconds(at)) for uri, at in before]
    playlist.move(3, 12, 4)
    playlist.move(18, 0)
    written = Written(client_of(api), playlist)
    Convergence(written, wanted).run(written.read())
    assert [(entry.uri, entry.added_at) for entry in playlist.entries] == before


def test_items_that_are_gone_are_left_out(api: Sandbox) -> None:
    """One item that Spotify does not know makes it refuse a hundred, of which ninety-nine are added."""
    random = Random(9)
    playlist = api.world.create_playlist("With one that is gone")
    there = some_uris(api, random, 150)
    unknown = "spotify:track:" + "0" * 22
    wanted = [Entry(uri) for uri in (*there[:77], unknown, *there[77:])]
    written = Written(client_of(api), playlist)
    way, _ = Convergence(written, wanted).run(written.read())
    assert list(way.missing) == [77]
    assert uris(playlist) == there


@pytest.mark.parametrize("number", [0, 1, 2])
def test_another_clients_edit_is_not_lost(api: Sandbox, number: int) -> None:
    """Whenever somebody else adds something, the command stops and it is still there."""
    random = Random(4)
    playlist = playlist_of(api, random, 30)
    theirs = api.world.catalogue.uri(api.world.catalogue.pick(Random(77)))
    wanted = [Entry(uri) for uri in some_uris(api, random, 250)]
    writes = iter(range(100))

    def edit(asked: Asked) -> Response | None:
        if asked.method in WRITING and "/playlists/" in asked.url.path and next(writes) == number:
            playlist.insert(5 if len(playlist) > 5 else 0, [theirs])
        return None

    written = Written(client_of(api), playlist)
    with intercepted(api, edit), pytest.raises(EditedElsewhereError):
        Convergence(written, wanted).run(written.read())
    assert theirs in uris(playlist)
    Convergence(written, wanted).run(written.read())
    assert uris(playlist) == [entry.uri for entry in wanted]


class intercepted:  # noqa: N801 (a context manager)
    """Looks at each request before the sandbox does."""

    def __init__(self, api: Sandbox, intercept: Callable[[Asked], Response | None]) -> None:
        self._service = api._service
        self._intercept = intercept

    def __enter__(self) -> None:
        self._service.intercept = self._intercept

    def __exit__(self, *_: object) -> None:
        self._service.intercept = None


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("quota_exceeded", method="POST", path="/v1/playlists/**"), TryLaterError),
        (Fault("too_many_requests", method="POST", path="/v1/playlists/**", retry_after=4000), TryLaterError),
        (Fault("forbidden", method="POST", path="/v1/playlists/**", text="Forbidden"), ForbiddenError),
    ],
)
def test_refusals_are_reported(api: Sandbox, fault: Fault, error: type[Exception]) -> None:
    """Quota, rate limit and refusal each end it with an error of its own, and nothing was written."""
    playlist = api.world.create_playlist("Refused")
    api.weather = Weather([fault])
    written = Written(client_of(api), playlist)
    with pytest.raises(error):
        Convergence(written, [Entry(uri) for uri in some_uris(api, Random(1), 3)]).run(written.read())
    assert uris(playlist) == []


def test_a_token_for_reading_writes_nothing(api: Sandbox) -> None:
    """Without the scopes nothing is asked of the Web API."""
    asked = len(api.requests)
    with pytest.raises(ScopeError, match=r"playlist-modify-private.*login --write"):
        check_may_write(client_of(api, "playlist-read-private playlist-modify-public").tokens, PLAYLISTS)
    assert [each.path for each in api.requests[asked:]] == ["/api/token"]
