"""The sandbox has the operations of Spotify's OpenAPI document, and answers the requests that it gives as examples."""

from collections.abc import Iterator

import pytest

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.accounts.scopes import SCOPES
from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from tests.sources.spotify_sandbox.asking import Answer, Api
from tests.sources.spotify_sandbox.documented import Known, Operation, Request, operations

REGIMES = ("extended", "development", "transition")


def endpoint_of(operation: Operation) -> Endpoint | None:
    """The entry of the table of endpoints for an operation."""
    return next((endpoint for endpoint in ENDPOINTS if operation.is_at(endpoint.method, endpoint.path)), None)


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


def circumstances(request: Request, regime: str) -> frozenset[str]:
    """What deviations may depend on."""
    given = {name for name in ("market", "fields") if name in request.query}
    return frozenset(given | ({"development"} if regime == "development" else set()))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("regime", REGIMES)
def test_examples(regime: str) -> None:
    """Every example of a request succeeds for what is there, and is answered as documented or gone for good."""
    problems = []
    for operation, request, answer in answers(regime):
        endpoint = endpoint_of(operation)
        assert endpoint is not None
        expected = (
            {endpoint.development_status}
            if regime == "development" and endpoint.development_status
            else operation.statuses
        )
        if answer.status not in expected:
            problems.append(f"{operation} {request.address}: {answer.status} {answer.body[:80]!r}")
        elif answer.status < 300:
            problems += [f"{operation}: {text}" for text in operation.wrong(answer, circumstances(request, regime))]
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
