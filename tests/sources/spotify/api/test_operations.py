"""The declared operations are those of Spotify's own description, and none that reads is forgotten."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from sources.spotify.api.changes import CHANGES, QUESTIONS
from sources.spotify.api.endpoints import ENDPOINTS, ME
from sources.spotify.api.operations import NOT_YET, OPERATIONS, Operation
from sources.spotify.api_coverage import is_of
from sources.spotify.resources.registry import RESOURCES

METHODS = ("get", "put", "post", "delete")
BEFORE, AFTER = "spotify-2025-10-03.yml", "spotify-2026-05-30.yml"

Json = dict[str, Any]


class Described(NamedTuple):
    """What Spotify says of an operation."""

    name: str
    page: str
    scopes: frozenset[str]
    takes_market: bool


def described(file: Path) -> dict[tuple[str, str], Described]:
    """Every operation of an OpenAPI document, by method and path, in which an id has no other name."""
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                scopes = [each for rule in operation.get("security", ()) for names in rule.values() for each in names]
                named = [*operation.get("parameters", ()), *methods.get("parameters", ())]
                parameters = {each["name"]: each for each in (_parameter(document, each) for each in named)}
                key = method.upper(), re.sub(r"\{\w*id\}", "{id}", path)
                page = _page(parameters["limit"]) if "limit" in parameters else ""
                found[key] = Described(operation["operationId"], page, frozenset(scopes), "market" in parameters)
    return found


def _parameter(document: Json, parameter: Json) -> Json:
    referenced = parameter.get("$ref", "").rpartition("/")[2]
    return document["components"]["parameters"][referenced] if referenced else parameter


def _page(limit: Json) -> str:
    return f"{limit['schema']['default']}/{limit['schema']['maximum']}"


def test_they_are_those_of_the_reference(shared: Path) -> None:
    """All of them and no other, with the page's name, the size of a page before and now, and the scopes."""
    before, after = (described(shared / "reference" / "openapi" / name) for name in (BEFORE, AFTER))
    declared = {(each.method, each.path): each for each in OPERATIONS}
    assert declared.keys() == before.keys() | after.keys()
    assert len(declared) == len(OPERATIONS)
    for key, operation in declared.items():
        now = after[key]
        assert operation.name == now.name, key
        assert operation.page == before.get(key, now).page, key
        assert (operation.page_now or operation.page) == now.page, key
        assert frozenset(operation.scopes.split()) == now.scopes, key
        assert (operation.status == "new") == (key not in before), key


def test_a_market_is_sent_where_the_reference_takes_one(shared: Path) -> None:
    """An endpoint takes a market if, and only if, its operation has that parameter."""
    reference = described(shared / "reference" / "openapi" / AFTER)
    for endpoint in ENDPOINTS:
        (operation,) = (each for each in OPERATIONS if is_of(endpoint, each))
        assert endpoint.takes_market == reference[operation.method, operation.path].takes_market, endpoint.path


def readers(operation: Operation) -> list[str]:
    """Resources to which an operation gives rows."""
    return [
        resource.name
        for resource in RESOURCES.values()
        if any(tables and is_of(endpoint, operation) for endpoint, tables in resource.endpoints.items())
    ]


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.is_read], ids=lambda each: each.path)
def test_what_can_be_read_is_read_or_has_a_reason(operation: Operation) -> None:
    """An operation that reads feeds a resource, or it is said why not; never both."""
    assert bool(readers(operation)) != bool(operation.why) or operation.why == NOT_YET


def test_every_endpoint_is_an_operation() -> None:
    """What is asked for stands in the reference, and in the list of endpoints; what is listed is asked for."""
    asked = {endpoint for resource in RESOURCES.values() for endpoint in resource.endpoints}
    assert asked | {ME} == {*ENDPOINTS, ME}
    assert [each.path for each in ENDPOINTS if not any(is_of(each, operation) for operation in OPERATIONS)] == []


def test_every_change_is_an_operation() -> None:
    """What commands change, or ask before they do, stands in the reference, with scopes of which one is asked for."""
    for endpoint in (*CHANGES, *QUESTIONS):
        (operation,) = [each for each in OPERATIONS if is_of(endpoint, each)]
        assert not endpoint.scopes or set(endpoint.scopes) & set(operation.scopes.split()), endpoint.path


def test_a_resource_fills_what_its_answers_feed() -> None:
    """The tables that a resource names for its endpoints are among those that it fills."""
    for resource in RESOURCES.values():
        fed = {table for tables in resource.endpoints.values() for table in tables if table != "entries"}
        assert fed <= set(resource.tables), resource.name
