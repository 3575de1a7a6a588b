"""The scopes of every endpoint, against those of the reference.

``scopes.json`` holds what Spotify's OpenAPI document of 2026-05-30 says: operations by the scopes they name. Where it
names several, one of them is enough or each adds something to the answer: the document does not tell them apart.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.accounts.scopes import SCOPES
from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from tests.sources.spotify_sandbox.asking import Api, shared

FACTS: dict[str, list[str]] = json.loads((Path(__file__).parent / "scopes.json").read_text())
NAMED = {operation: set(scopes.split()) for scopes, operations in FACTS.items() for operation in operations}

OPEN = {
    # Leaves out what no scope covers, and answers all the same.
    "GET /me",
    "GET /me/playlists",
    "GET /users/{}/playlists",
    # Needed for private playlists alone.
    "GET /playlists/{}/items",
    "GET /playlists/{}/tracks",
    # The scope adds the resume point; an app without a user reads the rest.
    "GET /shows/{}",
    "GET /shows/{}/episodes",
    "GET /episodes/{}",
    "GET /episodes",
}
"""Operations that name a scope and answer without one."""

WITHOUT_RESUME_POINT = "GET /me/episodes"
"""Asks for two scopes, of which one merely adds the resume point."""


def operation(endpoint: Endpoint) -> str:
    """The name of an endpoint, whatever its parameters are called."""
    return f"{endpoint.method} {re.sub('{[^}]+}', '{}', endpoint.path)}"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=operation)
def test_scopes_of_the_table(endpoint: Endpoint) -> None:
    """An endpoint asks for the scopes that the reference names, or is listed above as open."""
    name = operation(endpoint)
    wanted = set() if name in OPEN else NAMED[name]
    if name == WITHOUT_RESUME_POINT:
        wanted = wanted - {"user-read-playback-position"}
    assert set(endpoint.scopes) == wanted


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in ENDPOINTS if endpoint.scopes], ids=operation)
def test_a_token_without_the_scope(endpoint: Endpoint) -> None:
    """All scopes but those of an endpoint do not open it."""
    api = Api(generate(1, 1, 0), scope=" ".join(SCOPES.keys() - endpoint.scopes))
    path = "/v1" + re.sub("{[^}]+}", api.service.world.listing[0] or "", endpoint.path)
    answer = api._ask(endpoint.method, path, "", api.authorization, b"")
    assert (answer.status, answer.json) == (403, {"error": {"status": 403, "message": "Insufficient client scope"}})


def test_scopes_that_exist() -> None:
    """Every scope that an operation names can be asked for."""
    assert set().union(*NAMED.values()) <= SCOPES.keys()


def test_the_facts() -> None:
    """The file of facts says what the OpenAPI document says, and the scopes to ask for are those it declares."""
    document: dict[str, Any] = yaml.safe_load(shared("reference", "openapi", "spotify-2026-05-30.yml").read_text())
    said = {
        f"{method.upper()} {re.sub('{[^}]+}', '{}', path)}": set(details["security"][0]["oauth_2_0"])
        for path, operations in document["paths"].items()
        for method, details in operations.items()
        if isinstance(details, dict) and "security" in details
    }
    assert said == NAMED
    assert len(said) == 96
    flow = document["components"]["securitySchemes"]["oauth_2_0"]["flows"]["authorizationCode"]
    assert flow["scopes"].keys() == SCOPES.keys()
