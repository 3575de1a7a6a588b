"""Parses request bodies: members of a JSON object, lists of ids and URIs.

Messages are those that clients report: https://github.com/spotipy-dev/spotipy/issues/1075 (``No uris provided``),
https://github.com/jwilsson/spotify-web-api-php/issues/116 (``JSON body …``).
"""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError, bad_request
from sources.spotify_sandbox.render.paging import digits
from sources.spotify_sandbox.world import ids as base62

NONCONFORMING = "JSON body doesn't conform to specification"
TOO_MANY_IDS = "Too many ids requested"

_URI = re.compile(r"spotify:([a-z]+):(.+)", re.DOTALL)


def decoded(call: Call) -> Any:
    """The JSON of a body; an empty object without one."""
    if not call.body.strip():
        return {}
    try:
        return msgspec.json.decode(call.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        message = "Error parsing JSON."
        raise bad_request(message) from None


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a JSON object, type-checked (400 for another type); null counts as absent."""

    values: dict[str, Any]

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str | None:
        """A string."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise bad_request(NONCONFORMING)
        return value

    def flag(self, name: str) -> bool | None:
        """A boolean."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise bad_request(NONCONFORMING)
        return value

    def number(self, name: str) -> int | None:
        """An integer."""
        value = self.values.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise bad_request(NONCONFORMING)
        return value

    def strings(self, name: str) -> list[str] | None:
        """A list of strings."""
        value = self.values.get(name)
        if value is not None and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
            raise bad_request(NONCONFORMING)
        return value

    def objects(self, name: str) -> "list[Members] | None":
        """A list of objects."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise bad_request(NONCONFORMING)
        return [Members(each) for each in value]

    def object(self, name: str) -> "Members | None":
        """An object."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(NONCONFORMING)
        return None if value is None else Members(value)


def members(call: Call, bare: str | None = None) -> Members:
    """The members of the object that a body holds; where ``bare`` names one, the body may be that member alone, a list.

    spotipy sends the URIs to be added to a playlist as a bare list, which the reference once described.
    """
    value = decoded(call)
    if bare is not None and isinstance(value, list):
        value = {bare: value}
    if not isinstance(value, dict):
        raise bad_request(NONCONFORMING)
    return Members(value)


def listed(text: str) -> list[str]:
    """The parts of a comma-separated parameter, without the spaces that the reference's own examples have."""
    return [part.strip() for part in text.split(",") if part.strip()]


def ids(call: Call, maximum: int, *, base: bool = True) -> list[str]:
    """The ids of the query, else of the body: a list of them, or an object whose ``ids`` is one.

    Args:
        call: The request.
        maximum: The most that may be asked for at once.
        base: Whether they are ids of 22 digits, as all but those of users.
    """
    found = listed(call.query["ids"]) if "ids" in call.query else _ids_in_body(call)
    if not found:
        message = "Missing required field: ids"
        raise bad_request(message)
    return checked(found, maximum, base=base)


def checked(found: list[str], maximum: int, *, base: bool = True) -> list[str]:
    """The ids, checked: none at all, or too many, are an error."""
    if len(found) > maximum:
        raise bad_request(TOO_MANY_IDS)
    if base and not all(map(base62.is_id, found)):
        message = "Invalid base62 id"
        raise bad_request(message)
    return found


def _ids_in_body(call: Call) -> list[str]:
    value = decoded(call)
    return Members(value if isinstance(value, dict) else {"ids": value}).strings("ids") or []


def item_uris(call: Call, body: Members) -> list[str] | None:
    """The URIs of playable items in the query, else in the body; None if there are none, not even an empty list."""
    in_query = "uris" in call.query
    found = listed(call.query["uris"]) if in_query else body.strings("uris")
    if found is None:
        return None
    if len(found) > 100:
        message = "You can add a maximum of 100 tracks per request"
        raise bad_request(message)
    for uri in found:
        parts = _URI.fullmatch(uri)
        if parts is None or parts[1] not in {"track", "episode"} or not base62.is_id(parts[2]):
            message = f"Invalid track uri: {uri}"
            raise bad_request(message if in_query else f"JSON body contains an invalid track uri: {uri}")
    return found


def parsed_uri(uri: str) -> tuple[str, str] | None:
    """The kind and the id in a URI."""
    parts = _URI.fullmatch(uri)
    return None if parts is None else (parts[1], parts[2])


def position(query: str | None) -> int | None:
    """A number of the query that is no less than 0."""
    if query is None:
        return None
    number = digits(query)
    if number is None:
        message = "Index out of bounds"
        raise bad_request(message)
    return number


def scoped(call: Call, scope: str) -> None:
    """Refuse a token that was not given a scope."""
    if not call.grant.allows(scope):
        raise ApiError(403, "Insufficient client scope")
