"""Lists that are kept as JSON keep nothing else of their answer in memory."""

import sys
from typing import Any

import pytest
from msgspec import Raw, Struct
from msgspec.structs import fields

from sources.spotify.models import answers, audio, catalogue, library
from sources.spotify.models.decode import decode

MODULES = (answers, audio, catalogue, library)
WITH_RAW: set[type[Any]] = {
    kind
    for module in MODULES
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Struct) and any(field.type is Raw for field in fields(kind))
}


@pytest.mark.parametrize("kind", sorted(WITH_RAW - {audio.AudioAnalysis}, key=repr))
def test_the_answer_is_free_as_soon_as_it_is_decoded(kind: type[Any]) -> None:
    """Nothing refers to the answer of an object with lists of markets and languages, which are as they came."""
    names = [field.name for field in fields(kind) if field.type is Raw]
    lists = {name: f'["{name}", "DE" ]' for name in names}
    body = bytes(f"{{{', '.join(f'{chr(34)}{name}{chr(34)}: {text}' for name, text in lists.items())}}}", "utf-8")
    before = sys.getrefcount(body)
    found = decode(body, kind)
    assert sys.getrefcount(body) == before
    assert {name: bytes(getattr(found, name)).decode() for name in names} == lists


def test_what_is_missing_stays_missing() -> None:
    """A list that was not sent is empty, and one of null is null."""
    assert not decode(b"{}", answers.Album).available_markets
    assert bytes(decode(b'{"available_markets": null}', answers.Album).available_markets) == b"null"
