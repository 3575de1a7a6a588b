"""Whatever schemathesis makes of Spotify's OpenAPI document is answered, and as documented.

``SCHEMATHESIS_EXAMPLES`` is how many requests of each sort an operation gets, by chance then; without it a few, always
the same.
"""

import os
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.accounts.scopes import SCOPES
from sources.spotify_sandbox.api.endpoints import ENDPOINTS
from tests.sources.spotify_sandbox.asking import Answer, Api, shared
from tests.sources.spotify_sandbox.documented import Known, Operation, Request, operations
from tests.sources.spotify_sandbox.openapi import DOCUMENT, differences

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: make schemathesis")

EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES")
SETTINGS = settings(
    max_examples=int(EXAMPLES or 8),
    derandomize=EXAMPLES is None,
    database=None,
    deadline=None,
    # A failure of so small a request needs no smaller one.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

JPEG = "image/jpeg"
ID = "0" * 22
LISTS = {"ids": f"{ID},{ID}", "uris": f"spotify:track:{ID},spotify:album:{ID}", "uri": f"spotify:track:{ID}"}


@pytest.fixture(scope="module")
def schema() -> Any:
    """The document as schemathesis reads it."""
    schemathesis.serializer(JPEG)(lambda _, value: value if isinstance(value, bytes) else str(value).encode())
    document = yaml.safe_load(shared(*DOCUMENT).read_text())
    # A slip of the document: of a string nothing can be required.
    del document["paths"]["/playlists/{playlist_id}/images"]["put"]["requestBody"]["content"][JPEG]["schema"][
        "required"
    ]
    return schemathesis.openapi.from_dict(document)


def led_home(case: Any, known: Known) -> None:
    """Let a request be about what there is, as far as it names things by ids."""
    values = {name: value if name == "type" else ID for name, value in (case.path_parameters or {}).items()}
    query = {name: LISTS.get(name, value) for name, value in (case.query or {}).items()}
    text = {name: value for name, value in query.items() if isinstance(value, str)}
    body = case.body if isinstance(case.body, dict | list) else None
    request = known.put_into(Request(case.method.lower(), case.path, values, text, body))
    case.path_parameters = request.values
    case.query = query | request.query
    if body is not None:
        case.body = request.body


def asked(api: Api, case: Any) -> Answer:
    """The answer to a request as it would go over the wire."""
    arguments = case.as_transport_kwargs(base_url="http://sandbox.test/v1")
    sent = requests.Request(
        **{name: arguments[name] for name in ("method", "url", "params", "json", "data") if name in arguments}
    ).prepare()
    link = urlsplit(str(sent.url))
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    return api.send(str(sent.method), f"{link.path.removeprefix('/v1')}?{link.query}", body)


def problems(operation: Operation, answer: Answer, circumstances: frozenset[str]) -> list[str]:
    """What is not as documented about an answer."""
    if answer.status in operation.statuses:
        return operation.wrong(answer, circumstances)
    if answer.status not in {400, 401, 403, 404}:
        return [f"{answer.status} is no documented status"]
    found = [str(each) for each in differences(operation.path, answer.json, operation.method, 401)]
    return found + [f"the body says {answer.json}"] * (answer.json["error"]["status"] != answer.status)


def cases(schema: Any, operation: Operation) -> st.SearchStrategy[Any]:
    """Requests that fit the document, and those that do not, where one can be wrong."""
    known, modes = schema[operation.path][operation.method], schemathesis.GenerationMode
    # Any text is a path, and a picture.
    can_be_wrong = len(known.query) > 0 or (len(known.body) > 0 and not operation.path.endswith("/images"))
    wanted = [modes.POSITIVE, modes.NEGATIVE] if can_be_wrong else [modes.POSITIVE]
    return st.one_of(*(known.as_strategy(generation_mode=mode) for mode in wanted))


@pytest.mark.parametrize(("method", "path"), [(endpoint.method, endpoint.path) for endpoint in ENDPOINTS])
def test_anything(schema: Any, method: str, path: str) -> None:
    """Requests that fit the document, and such that do not, never fail, and are answered in the documented shapes."""
    operation = next(each for each in operations() if each.is_at(method, path))

    @SETTINGS
    @given(
        case=cases(schema, operation),
        regime=st.sampled_from(["extended", "development", "transition"]),
        user=st.sampled_from([True, True, True, False]),
        home=st.booleans(),
    )
    def check(case: Any, regime: str, user: bool, home: bool) -> None:
        world = generate(seed=1, playlists=8, items=160)
        if home:
            led_home(case, Known(world))
        api = Api(world, regime, user=user, scope=" ".join(SCOPES) if user else None)
        answer = asked(api, case)
        given_query = case.query if isinstance(case.query, dict) else {}
        circumstances = {name for name in ("market", "fields") if name in given_query}
        circumstances |= {"development"} if regime == "development" else set()
        circumstances |= {"nobody"} if not user and "market" not in given_query else set()
        assert problems(operation, answer, frozenset(circumstances)) == [], answer.body[:300]

    check()
