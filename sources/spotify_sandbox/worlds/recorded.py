"""Worlds from recorded API answers: every recorded entry is served unchanged, but for links.

A playlist that was recorded several times appears once: as the snapshot with the most recorded entries, its pages
combined by offset. ``total`` is the number of recorded entries.
"""

from pathlib import Path
from typing import Any

import msgspec

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.world import timestamps
from sources.spotify_sandbox.world.entries import NOTHING, Rows
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.timestamps import Clock
from sources.spotify_sandbox.world.users import User
from sources.spotify_sandbox.world.world import World
from sources.spotify_sandbox.worlds.recorded_catalogue import RecordedCatalogue
from sources.spotify_sandbox.worlds.recordings import Json, Recordings, read

UNKNOWN = "unknown"
"""The owner of a playlist of which only entries were recorded."""


def load_recorded(place: Path, clock: Clock) -> World:
    """The world of recorded answers."""
    recordings = read(place)
    candidates = _candidates(recordings)
    if not candidates:
        message = f"{place} holds no recorded playlist, page of entries or list of playlists"
        raise WorldError(message)
    catalogue = RecordedCatalogue()
    world = World(catalogue, _me(recordings), clock=clock)
    for playlist_id, snapshots in candidates.items():
        _add(world, catalogue, playlist_id, max(snapshots, key=lambda candidate: len(candidate.held)))
    world.listing = _listing(recordings, world)
    return world


class Candidate:
    """A playlist at one snapshot: what is known about it, and the recorded entries, by offset."""

    def __init__(self, body: Json) -> None:
        self.body = body
        self.held: dict[int, Json] = {}

    def take(self, page: Any) -> None:
        """Add the entries of a page; those that are there already stay."""
        if isinstance(page, dict) and isinstance(page.get("items"), list):
            offset = page.get("offset") or 0
            for place, entry in enumerate(page["items"]):
                self.held.setdefault(offset + place, entry)


def _candidates(recordings: Recordings) -> dict[str, list[Candidate]]:
    """Each playlist with the snapshots at which it was recorded, those seen whole before those seen in lists."""
    found: dict[str, dict[Any, Candidate]] = {}
    for body in [*recordings.playlists, *(element for element in recordings.listed if element is not None)]:
        snapshots = found.setdefault(body["id"], {})
        candidate = snapshots.setdefault(body.get("snapshot_id"), Candidate(body))
        candidate.take(body.get("items"))
        candidate.take(body.get("tracks"))
    for playlist_id, page in recordings.pages:
        # A page does not name its snapshot: it is taken for one of the first that lacks these entries.
        snapshots = found.setdefault(playlist_id, {})
        if not snapshots:
            snapshots[None] = Candidate({"id": playlist_id})
        lacking = [candidate for candidate in snapshots.values() if (page.get("offset") or 0) not in candidate.held]
        (lacking or list(snapshots.values()))[0].take(page)
    return {playlist_id: list(snapshots.values()) for playlist_id, snapshots in found.items()}


def _add(world: World, catalogue: RecordedCatalogue, playlist_id: str, candidate: Candidate) -> None:
    body = candidate.body
    owner = body.get("owner") or {}
    user = User(owner.get("id", UNKNOWN), owner.get("display_name"))
    if user.id != world.me.id:
        world.users.add(user)
    playlist = Playlist(
        world, playlist_id, body.get("name", "Recorded entries"), user.id, snapshot_id=body.get("snapshot_id")
    )
    playlist.description = body.get("description")
    playlist.public = body.get("public", True)
    playlist.collaborative = bool(body.get("collaborative"))
    playlist.images = msgspec.json.encode(body.get("images"))
    playlist.primary_color = body.get("primary_color")
    playlist.followers = (body.get("followers") or {}).get("total") or 0
    playlist.rows = _rows(world, catalogue, [candidate.held[offset] for offset in sorted(candidate.held)])
    world.playlists[playlist_id] = playlist


def _rows(world: World, catalogue: RecordedCatalogue, entries: list[Json]) -> Rows:
    rows = Rows()
    for entry in entries:
        content, form = catalogue.add(entry)
        at, by = entry.get("added_at"), entry.get("added_by")
        rows.contents.append(content)
        rows.added_at.append(NOTHING if at is None else timestamps.read(at))
        rows.added_by.append(NOTHING if by is None else world.users.number(by.get("id") or ""))
        rows.forms.append(form)
    return rows


def _me(recordings: Recordings) -> User:
    """The signed-in user: as recorded, or else the owner of most playlists."""
    if recordings.me is not None:
        me = recordings.me
        followers = (me.get("followers") or {}).get("total") or 0
        return User(me["id"], me.get("display_name"), me.get("country", "SE"), followers)
    owners = [body.get("owner") or {} for body in [*recordings.playlists, *filter(None, recordings.listed)]]
    known = [(owner["id"], owner.get("display_name")) for owner in owners if owner.get("id") not in {None, "spotify"}]
    if not known:
        return User(UNKNOWN, None)
    return User(*max(dict.fromkeys(known), key=known.count))


def _listing(recordings: Recordings, world: World) -> list[str | None]:
    """The library: the recorded lists in their order, including nulls, then all other recorded playlists."""
    listing: list[str | None] = []
    seen: set[str] = set()
    for element in recordings.listed:
        if element is None:
            listing.append(None)
        elif element["id"] not in seen:
            seen.add(element["id"])
            listing.append(element["id"])
    return listing + [playlist_id for playlist_id in world.playlists if playlist_id not in seen]
