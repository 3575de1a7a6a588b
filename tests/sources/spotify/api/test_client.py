"""What the client makes of the API's answers."""

from typing import Any

import pytest
from requests.exceptions import ReadTimeout

from sources.errors import (
    ApiError,
    ConfigurationError,
    ForbiddenError,
    NotFoundError,
    PlaylakeError,
    ScopeError,
    SignInError,
    TryLaterError,
)
from sources.spotify.api.changes import ADD_ITEMS
from sources.spotify.api.client import Client
from sources.spotify.api.endpoints import ENDPOINTS, PLAYLIST, PLAYLIST_ITEMS, TOP_TRACKS, Endpoint
from sources.spotify.auth.tokens import Tokens
from sources.spotify.models.accounts import Token
from tests.sources.spotify.stand_in import (
    ACCOUNTS,
    API,
    Clock,
    Reply,
    asked,
    client,
    credentials,
    in_turn,
    path,
    query,
    refusal,
    reply,
    transport,
)

EXPIRED = refusal(401, "The access token expired")
PLAYLIST_URL = f"{API}/playlists/ID"


def test_a_request_and_its_answer() -> None:
    """A request carries the token, the id and the parameters; the answer is an object."""
    server = in_turn(reply({"id": "ID", "name": "Mix"}))
    assert client(server).get(PLAYLIST, "ID", additional_types="track,episode").name == "Mix"
    request = server.requests[-1]
    assert (path(request), query(request)) == ("/v1/playlists/ID", {"additional_types": "track,episode"})
    assert request.headers["Authorization"] == "Bearer ACCESS"


def test_what_the_consent_does_not_cover_is_not_asked() -> None:
    """Where the token's answer said what it may; the scope is named. Where nothing was said, Spotify decides."""
    server = in_turn(refusal(403, "Insufficient client scope"))
    reader = client(server)
    for scope, asks in ((None, 1), ("user-top-read-not playlist-read-private", 1), ("x user-top-read", 2)):
        reader.tokens.take(Token("A", scope=scope))
        with pytest.raises(ScopeError, match="needs the scope user-top-read"):
            reader.get(TOP_TRACKS)
        assert len(asked(server)) == asks


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_market_is_sent_where_an_endpoint_takes_one(endpoint: Endpoint[Any]) -> None:
    """The configured market is a parameter of the endpoints that take one, and of no other."""
    server = in_turn(reply({}))
    client(server, market="SE").get(endpoint, "ID")
    assert query(server.requests[-1]) == ({"market": "SE"} if endpoint.takes_market else {})


def test_a_401_renews_the_token_once() -> None:
    """A 401 is answered with a new token and the same request."""
    server = in_turn(EXPIRED, reply({"id": "ID"}))
    assert client(server).get(PLAYLIST, "ID").id == "ID"
    assert [path(request) for request in server.requests] == [
        "/api/token",
        "/v1/playlists/ID",
        "/api/token",
        "/v1/playlists/ID",
    ]


def test_a_second_401_is_an_error() -> None:
    """Two refusals in a row end in advice, not in a loop."""
    server = in_turn(EXPIRED)
    with pytest.raises(SignInError, match=f"{PLAYLIST_URL} .*The access token expired.*sign in again"):
        client(server).get(PLAYLIST, "ID")
    assert len(asked(server)) == 2


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (refusal(403, "Forbidden"), ForbiddenError, "Forbidden"),
        (refusal(403, "Insufficient client scope"), ScopeError, "client scope.*playlake login"),
        (
            Reply(
                403,
                b"Active premium subscription required for the owner of the app. When the subscription status changes, "
                b"it can take a few hours before requests are allowed again.",
            ),
            ConfigurationError,
            "Premium",
        ),
        (Reply(403, b"User not registered in the Developer Dashboard"), ConfigurationError, "Add the user"),
        (Reply(403, b"User not approved for app"), ConfigurationError, "Add the user"),
        (
            Reply(
                403, b"Check settings on developer.spotify.com/dashboard, the user may not be registered."
            ),
            ConfigurationError,
            "Add the user",
        ),
        (
            Reply(
                403,
                b"The user is not registered for this application. Please check your settings on "
                b"https://developer.spotify.com/dashboard.",
            ),
            ConfigurationError,
            "Add the user",
        ),
        (Reply(403, b""), ForbiddenError, "HTTP 403"),
        (refusal(404, "Resource not found"), NotFoundError, "Resource not found"),
        (
            reply({"error": {"type": "not_found", "description": "non existing id"}}, 404),
            NotFoundError,
            "non existing id",
        ),
        (refusal(400, "Invalid base62 id"), ApiError, "HTTP 400 .Invalid base62 id"),
        (Reply(400, b'{\n  "error": {"status": 400,\n "message": "invalid\n id"}}'), ApiError, "invalid"),
        (reply({"error": "broken"}, 400), ApiError, "broken"),
        (reply({"error": {"status": 400, "message": None}}, 400), ApiError, "HTTP 400"),
        (reply({"error": {"status": 400, "message": {"x": 1}}}, 400), ApiError, "HTTP 400"),
        (Reply(400, b"\xff" * 10_000), ApiError, "HTTP 400"),
        (Reply(400, b"[" * 100_000), ApiError, "HTTP 400"),
        (Reply(301, b"", {"Location": "https://evil.example/"}), ApiError, "redirects elsewhere .HTTP 301"),
        (Reply(304, b""), ApiError, "HTTP 304"),
        (Reply(202, b""), ApiError, "HTTP 202"),
        (refusal(429, "Too many requests", Retry_After="9999"), TryLaterError, "go on at 2026-11-22 14:46:39 UTC"),
    ],
)  # fmt: skip
def test_refusals_are_distinguished(answer: Reply, error: type[PlaylakeError], words: str) -> None:
    """Each meaning of a status has the error that names what to do, in one line with the address."""
    with pytest.raises(PlaylakeError, match=words) as caught:
        client(in_turn(answer)).get(PLAYLIST, "ID")
    assert type(caught.value) is error
    assert PLAYLIST_URL in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


BROKEN = [
    b"",
    b"<html>Sign in to the network</html>",
    b'{"id": "ID", "name": "M',
    b'{"id": "ID"} and more',
]


@pytest.mark.parametrize("body", BROKEN)
def test_what_is_not_json_is_asked_for_again(body: bytes) -> None:
    """An answer that broke somewhere is replaced by the next one."""
    server = in_turn(Reply(body=body), Reply(body=body), reply({"id": "ID"}))
    assert client(server).get(PLAYLIST, "ID").id == "ID"


def test_damaged_bytes_are_asked_for_once_more() -> None:
    """They are replaced by an answer that is whole, or else replaced."""
    damaged, whole = Reply(body=b'{"id": "ID", "name": "caf\xe9"}'), reply({"id": "ID", "name": "café"})
    once, always = client(in_turn(damaged, whole)), in_turn(damaged)
    assert once.get(PLAYLIST, "ID").name == "café"
    assert once.take_left_out("ID") == []
    replaced = client(always)
    assert replaced.get(PLAYLIST, "ID").name == "caf\ufffd"
    assert [what.place for what in replaced.take_left_out("ID")] == ["name"]
    assert len(asked(always)) == 2


@pytest.mark.parametrize("body", BROKEN)
def test_what_stays_broken_is_an_error(body: bytes) -> None:
    """The attempts are bounded, and the error names the address."""
    server = in_turn(Reply(body=body))
    with pytest.raises(ApiError, match=f"{PLAYLIST_URL} answered something that is not JSON, 3 times"):
        client(server).get(PLAYLIST, "ID")
    assert len(asked(server)) == 3


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"id": "ID"}',
        b'{"id": "ID", "name": "\\ud800"}',
        b'{"id": "ID", "unknown": NaN}',
        b'{"id": "ID", "unknown": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_one_bad_value_needs_no_other_answer(body: bytes) -> None:
    """What can be read is read the first time."""
    server = in_turn(Reply(body=body))
    assert client(server).get(PLAYLIST, "ID").id == "ID"
    assert len(asked(server)) == 1


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"null", "Expected `object`, got `null`"),
        (b"[]", "got `array`"),
        (b'"text"', "got `str`"),
        (b'{"items": {}}', r"\$.items"),
        (b'{"items": [7]}', r"\$.items\[0\]"),
        (b'{"total": "many"}', r"\$.total"),
        (b'{"total": 3.5}', r"\$.total"),
        (b'{"total": 9223372036854775808}', r"\$.total"),
        (b'{"total": -9223372036854775809}', r"\$.total"),
        (b'{"items": [{"added_at": 1421325562}]}', "added_at"),
        (b'{"items": [{"track": {"uri": 7}}]}', "uri"),
    ],
)
def test_unknown_shapes_are_named(body: bytes, place: str) -> None:
    """JSON of another shape is not asked for again: the error names the address and the place in it."""
    server = in_turn(Reply(body=body))
    with pytest.raises(ApiError, match=place) as caught:
        client(server).get(PLAYLIST_ITEMS, "ID")
    assert f"{PLAYLIST_URL}/items" in str(caught.value)
    assert len(asked(server)) == 1


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"items": [{"track": {"album": {"images": [{"height": "tall"}]}}}]}', "items[].track.album.images[].height"),
        (b'{"items": [{"track": {"artists": {}}}]}', "items[].track.artists"),
        (b'{"items": [{"track": {"duration_ms": %s}}]}' % (b"9" * 400), "items[].track.duration_ms"),
        (b'{"items": [{"track": {"duration_ms": 1e999}}]}', "items[].track.duration_ms"),
        (b'{"items": [{"track": {"duration_ms": %s}}]}' % (b"9" * 5000), "items[].track.duration_ms"),
    ],
)
def test_what_is_left_out_is_reported(body: bytes, place: str) -> None:
    """A detail of a wrong type is left out of the answer, and told once under the playlist's id."""
    asking = client(in_turn(Reply(body=body)))
    page = asking.get(PLAYLIST_ITEMS, "ID")
    assert len(page.items or ()) == 1
    assert [what.place for what in asking.take_left_out("ID")] == [place]
    assert asking.take_left_out("ID") == []


def test_every_request_is_counted() -> None:
    """The count holds requests for tokens and repeated ones: it is what the quota sees."""
    asking = client(in_turn(EXPIRED, Reply(502), reply({"id": "ID"})))
    asking.get(PLAYLIST, "ID")
    assert asking.requests == 5


@pytest.mark.parametrize(
    ("answer", "error", "status"),
    [
        (refusal(400, "Index out of bounds"), ApiError, 400),
        (refusal(403, "Forbidden"), ForbiddenError, 403),
        (refusal(404, "Resource not found"), NotFoundError, 404),
        (refusal(500, "Oops"), ApiError, 500),
        (refusal(503, "Service unavailable"), ApiError, 503),
        (Reply(201, b"<html>fine</html>"), ApiError, 200),
        (ReadTimeout("no answer"), ApiError, None),
    ],
)
def test_a_change_is_sent_once(answer: Reply | Exception, error: type[ApiError], status: int | None) -> None:
    """Whatever comes of it: the error says whether it may have been done, and nobody does it twice."""
    server = in_turn(answer, reply({"snapshot_id": "second"}))
    with pytest.raises(error) as raised:
        client(server).change(ADD_ITEMS, "ID", {"uris": ["spotify:track:1"]})
    assert (raised.value.status, asked(server)) == (status, ["/v1/playlists/ID/items"])
    assert server.requests[-1].body == b'{"uris":["spotify:track:1"]}'


def test_what_a_change_answers() -> None:
    """The playlist's new version, or nothing where the API says nothing."""
    assert client(in_turn(reply({"snapshot_id": "new"}, 201))).change(ADD_ITEMS, "ID").snapshot_id == "new"
    assert client(in_turn(Reply(200, b" \n"))).change(ADD_ITEMS, "ID").snapshot_id is None


def test_who_is_signed_in() -> None:
    """Asked once; an answer that does not say it, and an app without a user, are reported in a line."""
    server = in_turn(reply({"id": "me"}))
    asking = client(server)
    assert (asking.whoami(), asking.whoami(), asked(server)) == ("me", "me", ["/v1/me"])
    with pytest.raises(ApiError, match="does not return who is signed in"):
        client(in_turn(reply({"id": ""}))).whoami()
    travels = transport(in_turn(reply({"id": "me"})))
    app = Client(API, Tokens(credentials(), ACCOUNTS, travels, Clock().now), travels)
    with pytest.raises(ConfigurationError, match="app without a user"):
        app.whoami()
