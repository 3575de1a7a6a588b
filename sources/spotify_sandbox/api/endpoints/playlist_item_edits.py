"""Adding, replacing, reordering and removing the entries of a playlist, under ``/items`` and the older ``/tracks``."""

from collections.abc import Sequence

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint, given
from sources.spotify_sandbox.api.endpoints.access import editable
from sources.spotify_sandbox.api.endpoints.bodies import (
    NONCONFORMING,
    Members,
    item_uris,
    members,
    parsed_uri,
    position,
)
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError, bad_request
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.world.playlist import Playlist

MOST = 10_000
"""Maximum number of entries of a playlist (https://github.com/spotify/web-api/issues/1179)."""

_AT_ONCE = 100
_FAR = 100_000


def add(call: Call) -> Response:
    """Insert up to 100 items before a position, or append them."""
    found, body = editable(call), members(call, bare="uris")
    uris = item_uris(call, body)
    if not uris:
        message = "No uris provided"
        raise bad_request(message)
    at = position(call.query.get("position"))
    at = body.number("position") if at is None else at
    at = len(found) if at is None else at
    if not 0 <= at <= len(found):
        raise _out_of_bounds()
    _check_known(call, uris)
    if len(found) + len(uris) > MOST:
        message = "Playlist size limit reached"
        raise ApiError(403, message)
    found.insert(at, uris, added_by=call.user_id())
    return _snapshot(found, 201)


def update(call: Call) -> Response:
    """Replace all entries by up to 100 items, or move a range of entries."""
    found, body = editable(call), members(call)
    uris = item_uris(call, body)
    if uris is None:
        _reorder(found, body)
    else:
        if "range_start" in body or "insert_before" in body:
            message = "Items cannot be replaced and reordered in one request"
            raise bad_request(message)
        _check_known(call, uris)
        found.replace(uris, added_by=call.user_id())
    return _snapshot(found)


def _reorder(found: Playlist, body: Members) -> None:
    start, before, length = body.number("range_start"), body.number("insert_before"), body.number("range_length")
    if start is None or before is None:
        message = "No uris provided"
        raise bad_request(message)
    length = 1 if length is None else length
    snapshot_id = body.text("snapshot_id")
    if not 1 <= length <= _FAR or not 0 <= start <= _FAR or not 0 <= before <= _FAR:
        raise _out_of_bounds()
    if snapshot_id is not None and snapshot_id != found.snapshot_id:
        places = _places(found, snapshot_id, range(start, start + length))
        start, length = (places[0], len(places)) if places else (start, 0)
        if places != list(range(start, start + length)):
            # The entries are no longer next to each other, so there is no range to be moved.
            raise _impossible()
        before = _gap(found, snapshot_id, before)
    if length and not (start + length <= len(found) and before <= len(found)):
        raise _out_of_bounds()
    if length:
        found.move(start, before, length)


def _gap(found: Playlist, snapshot_id: str, before: int) -> int:
    """Where the gap in front of an entry of an earlier snapshot is now."""
    at = (found.positions_now(snapshot_id, [before]) or [None])[0]
    return min(before, len(found)) if at is None else at


def remove(call: Call, key: str) -> Response:
    """Remove items by URI wherever they are, or only at some positions of a snapshot.

    ``key`` has objects with ``uri`` and, if not all occurrences are meant, ``positions``. ``positions`` alone, instead
    of that list, is what the reference once documented for local files.
    """
    found, body = editable(call), members(call)
    snapshot_id = body.text("snapshot_id")
    objects = body.objects(key)
    if objects is None and "positions" in body:
        found.remove(_places(found, snapshot_id, _positions(body)))
        return _snapshot(found)
    if not objects:
        message = f"Missing required field: {key}"
        raise bad_request(message)
    if len(objects) > _AT_ONCE:
        message = "You can remove a maximum of 100 tracks per request"
        raise bad_request(message)
    gone: set[int] = set()
    for each in objects:
        gone |= _meant(call, found, each, snapshot_id)
    found.remove(gone)
    return _snapshot(found)


def _meant(call: Call, found: Playlist, each: Members, snapshot_id: str | None) -> set[int]:
    """The positions, now, of what one element of the request names."""
    uri = each.text("uri") or ""
    parsed = parsed_uri(uri)
    if parsed is None or parsed[0] not in {"track", "episode", "local"}:
        message = f"JSON body contains an invalid track uri: {uri}"
        raise bad_request(message)
    number, contents = call.world.catalogue.find(uri), found.rows.contents
    if "positions" in each:
        places = _places(found, snapshot_id, _positions(each))
        if any(contents[place] != number for place in places):
            raise _impossible()
        return set(places)
    _places(found, snapshot_id, ())
    return {place for place, content in enumerate(contents) if content == number}


def _positions(body: Members) -> list[int]:
    value = body.values["positions"]
    if not isinstance(value, list) or not all(isinstance(each, int) and not isinstance(each, bool) for each in value):
        raise bad_request(NONCONFORMING)
    if any(each < 0 for each in value):
        raise _impossible()
    return value


def _places(found: Playlist, snapshot_id: str | None, positions: Sequence[int]) -> list[int]:
    """Where the entries at positions of a snapshot are now, without those that are gone."""
    places = found.positions_now(snapshot_id or found.snapshot_id, positions)
    if places is None:
        # As reported: https://github.com/jwilsson/spotify-web-api-php/issues/271
        message = "Missing or bad version tag"
        raise bad_request(message)
    there = [place for place in places if place is not None]
    if any(place >= len(found) for place in there):
        raise _impossible()
    return there


def _check_known(call: Call, uris: Sequence[str]) -> None:
    if any(call.world.catalogue.find(uri) is None for uri in uris):
        message = "Payload contains a non-existing ID"
        raise bad_request(message)


def _out_of_bounds() -> ApiError:
    return ApiError(400, "Index out of bounds")


def _impossible() -> ApiError:
    return ApiError(400, "Could not remove tracks, please check parameters.")


def _snapshot(found: Playlist, status: int = 200) -> Response:
    return answers.private(msgspec.json.encode({"snapshot_id": found.snapshot_id}), status)


_MODIFY = ("playlist-modify-public", "playlist-modify-private")

ENDPOINTS = (
    Endpoint("POST", "/playlists/{id}/items", add, _MODIFY, user=True),
    Endpoint("PUT", "/playlists/{id}/items", update, _MODIFY, user=True),
    Endpoint("DELETE", "/playlists/{id}/items", given(remove, "items"), _MODIFY, user=True),
    Endpoint("POST", "/playlists/{id}/tracks", add, _MODIFY, user=True, development_status=403),
    Endpoint("PUT", "/playlists/{id}/tracks", update, _MODIFY, user=True, development_status=403),
    Endpoint("DELETE", "/playlists/{id}/tracks", given(remove, "tracks"), _MODIFY, user=True, development_status=403),
)
