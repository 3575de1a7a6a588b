"""Holds answers against Spotify's OpenAPI document, which lies outside the repository."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tests.sources.spotify_sandbox.asking import shared
from tests.sources.spotify_sandbox.deviations import Deviation

DOCUMENT = ("reference", "openapi", "spotify-2026-05-30.yml")


@dataclass(frozen=True)
class Difference:
    """One place where an answer is not as documented, and what is wrong there."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


@cache
def document() -> Any:
    """The document, its schemas turned into plain JSON Schema."""
    return _plain(yaml.safe_load(shared(*DOCUMENT).read_text()))


def differences(path: str, body: Any, method: str = "get", status: int = 200) -> Iterator[Difference]:
    """Where the answer of an operation, named by its path in the document, differs from it."""
    operation = document()["paths"][path][method]
    response = resolved(operation["responses"][str(status)])
    schema = response["content"]["application/json"]["schema"]
    validator = Draft202012Validator({**schema, "components": document()["components"]})
    for error in validator.iter_errors(body):
        yield from _leaves(error)


def shortened(value: Any) -> Any:
    """A body whose long lists of markets are cut: validating each of 185 codes again and again takes minutes."""
    if isinstance(value, dict):
        return {key: part[:2] if key == "available_markets" else shortened(part) for key, part in value.items()}
    return [shortened(part) for part in value] if isinstance(value, list) else value


def unexplained(
    found: Iterator[Difference], allowed: Mapping[str, Deviation], circumstances: frozenset[str], met: set[str]
) -> list[str]:
    """The differences that no deviation explains; the names of those that do are put into ``met``."""
    rest = []
    for difference in sorted(set(map(str, found))):
        names = [name for name, deviation in allowed.items() if deviation.explains(difference, circumstances)]
        met.update(names[:1])
        if not names:
            rest.append(difference)
    return rest


def _leaves(error: ValidationError) -> Iterator[Difference]:
    if error.context:
        for part in _meant(error.context):
            yield from _leaves(part)
        return
    place = ".".join("*" if isinstance(step, int) else str(step) for step in error.absolute_path)
    # Messages begin with the value that is wrong, which may be a whole object; of a missing key they name the key.
    values = "" if error.validator == "required" else r"^.* (?=is not |does not )"
    yield Difference(place, f"{error.validator}: {re.sub(values, '', error.message, flags=re.DOTALL)}")


def _meant(parts: Sequence[ValidationError]) -> Sequence[ValidationError]:
    """What is wrong with an object according to the alternative that has its ``type``, if one has."""
    others = {
        part.schema_path[0] for part in parts if part.validator == "enum" and part.path and part.path[-1] == "type"
    }
    return [part for part in parts if part.schema_path[0] not in others] or parts


def resolved(value: Any) -> Any:
    """What a reference of the document refers to; anything else as it is."""
    while "$ref" in value:
        node: Any = document()
        for step in value["$ref"].removeprefix("#/").split("/"):
            node = node[step]
        value = node
    return value


def _plain(value: Any) -> Any:
    """A schema without OpenAPI's ``nullable``, which JSON Schema writes as another type."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _plain(part) for key, part in value.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain
