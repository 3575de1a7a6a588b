"""The sandbox has the operations of Spotify's OpenAPI document, and answers the requests that it gives as examples."""

from collections.abc import Iterator

import pytest

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.endpoint import Endpoint
from sources.spotify_sandbox.endpoints import ENDPOINTS
from sources.spotify_sandbox.scopes import SCOPES
from tests.sources.spotify_sandbox import deviations
from tests.sources.spotify_sandbox.asking import Answer, Api
from tests.sources.spotify_sandbox.documented import Known, Operation, Request, operations
from tests.sources.spotify_sandbox.openapi import differences, shortened, unexplained

REGIMES = ("extended", "development", "transition")
ALLOWED = {
    f"{part}: {name}": deviation
    for part, listed in {"catalogue": deviations.CATALOGUE, **deviations.PERSONAL, "fields": deviations.FIELDS}.items()
    for name, deviation in listed.items()
}


def endpoint_of(operation: Operation) -> Endpoint | None:
    """The entry of the table of endpoints for an operation; parameters may be called otherwise."""
    parts = ["{}" if part.startswith("{") else part for part in operation.path.split("/")]
    for endpoint in ENDPOINTS:
        own = ["{}" if part.startswith("{") else part for part in endpoint.path.split("/")]
        if own == parts and endpoint.method == operation.method.upper():
            return endpoint
    return None


def test_operations() -> None:
    """The table of endpoints holds every operation of the document, and nothing that the document does not hold."""
    found = {repr(operation): endpoint_of(operation) for operation in operations()}
    assert [name for name, endpoint in found.items() if endpoint is None] == []
    assert [endpoint for endpoint in ENDPOINTS if endpoint not in found.values()] == []


def listening(regime: str) -> tuple[Api, Known]:
    """A user of a new world with all scopes, who plays the second track of an album."""
    world = generate(seed=5, playlists=8, items=600)
    api, known = Api(world, regime, scope=" ".join(SCOPES)), Known(world)
    context = {"context_uri": f"spotify:album:{known.ids['album']}"}
    assert api.send("PUT", "/me/player/play", context, device_id=known.device).status == 204
    assert api.send("POST", "/me/player/next").status == 204
    return api, known


def answers(regime: str, *, verbatim: bool = False) -> Iterator[tuple[Operation, Request, Answer]]:
    """All examples of the document with their answers; whatever may change something finds a new world."""
    api, known = listening(regime)
    for operation in operations():
        for example in operation.requests():
            request = example if verbatim else known.put_into(example)
            yield operation, request, request.sent(api)
            if operation.method != "get":
                api, known = listening(regime)


def wrong(operation: Operation, request: Request, answer: Answer, regime: str) -> Iterator[str]:
    """What is not as documented about an answer of success."""
    if not operation.has_schema(answer.status):
        if answer.body:
            yield f"{answer.body[:50]!r} is more than a status"
        return
    given = {
        "market": "market" in request.query,
        "development": regime == "development",
        "fields": "fields" in request.query,
    }
    circumstances = frozenset(name for name, is_given in given.items() if is_given)
    found = differences(operation.path, shortened(answer.json), operation.method, answer.status)
    yield from unexplained(found, ALLOWED, circumstances, set())


@pytest.mark.parametrize("regime", REGIMES)
def test_examples(regime: str) -> None:
    """Every example of a request succeeds for what is there, and is answered as documented or gone for good."""
    problems = []
    for operation, request, answer in answers(regime):
        endpoint = endpoint_of(operation)
        assert endpoint is not None
        expected = {endpoint.gone} if regime == "development" and endpoint.gone else operation.statuses
        if answer.status not in expected:
            problems.append(f"{operation} {request.address}: {answer.status} {answer.body[:80]!r}")
        elif answer.status < 300:
            problems += [f"{operation}: {text}" for text in wrong(operation, request, answer, regime)]
    assert problems == []


def test_examples_verbatim() -> None:
    """As they stand the examples are refused for nothing but ids, a user and a device that this world does not know."""
    refusals = set()
    for operation, _, answer in answers("extended", verbatim=True):
        if answer.status not in operation.statuses:
            error = answer.json["error"]
            refusals.add((error["status"], error["message"]))
    assert refusals == {
        (400, "Invalid context uri"),
        (400, "Invalid track uri: spotify:track:4iV5W9uYEdYUVa79Axb7Rh"),
        (403, "You cannot create a playlist for another user."),
        (404, "Device not found"),
        (404, "Resource not found"),
        (404, "analysis not found"),
    }
