"""What the signed-in user has saved: ``GET /me/tracks``, ``albums``, ``episodes``, ``shows`` and ``audiobooks``."""

from collections.abc import Callable, Sequence

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.listening import some_listener
from sources.spotify_sandbox.api.endpoints.lookups import (
    country_of,
    episode_by_id,
    first_page,
    page_of,
    track_at,
    track_by_id,
)
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import albums, audiobooks, full_tracks, shows
from sources.spotify_sandbox.render.objects import Json, encoded, ordered, page_items_first, page_items_last
from sources.spotify_sandbox.render.paging import Page
from sources.spotify_sandbox.world import timestamps
from sources.spotify_sandbox.world.library import Kind

Write = Callable[[Call, str], Json | None]
Layout = Callable[[Page, Sequence[object], int], Json]

GONE_EPISODE: Json = {
    "audio_preview_url": None,
    "description": None,
    "duration_ms": None,
    "explicit": False,
    "html_description": None,
    "id": None,
    "images": [],
    "is_externally_hosted": None,
    "language": None,
    "languages": [None],
    "name": None,
    "release_date": "0000",
    "release_date_precision": "year",
    "resume_point": {"fully_played": False, "resume_position_ms": None},
    "type": "episode",
    "uri": None,
}
"""An episode that is no longer available: all null except its links and its podcast (recorded 2026-02-25)."""

_GONE_SHOW: Json = {
    "copyrights": None,
    "description": None,
    "explicit": False,
    "html_description": None,
    "id": None,
    "images": [],
    "is_externally_hosted": None,
    "languages": [None],
    "media_type": None,
    "name": None,
    "publisher": None,
    "total_episodes": None,
    "type": "show",
    "uri": None,
}

# The order of keys recorded from /me/audiobooks in 2026; elsewhere audiobooks have another.
_AUDIOBOOK = (
    "authors",
    "available_markets",
    "copyrights",
    "description",
    "html_description",
    "edition",
    "explicit",
    "external_urls",
    "href",
    "id",
    "images",
    "is_externally_hosted",
    "languages",
    "media_type",
    "name",
    "narrators",
    "publisher",
    "type",
    "uri",
    "total_chapters",
)


def tracks(call: Call) -> Response:
    """The tracks that the user likes, each with ``is_playable`` and ``available_markets`` (recorded 2026)."""
    return _saved(call, "track", "tracks", _track, page_items_first)


def saved_albums(call: Call) -> Response:
    """Saved albums in full, with their first 50 tracks; null for one that is gone (recorded 2026)."""
    return _saved(call, "album", "albums", _album, page_items_last)


def episodes(call: Call) -> Response:
    """Saved episodes, without ``resume_point`` if the token lacks its scope; gone ones are all null (2026)."""
    return _saved(call, "episode", "episodes", _episode, page_items_last)


def saved_shows(call: Call) -> Response:
    """Saved podcasts."""
    return _saved(call, "show", "shows", _show, page_items_first)


def saved_audiobooks(call: Call) -> Response:
    """Saved audiobooks, without wrappers; null for what is gone, or not for sale in the user's country."""
    return _saved(call, "audiobook", "audiobooks", _audiobook, page_items_first, wrapped=False)


def _saved(call: Call, kind: Kind, name: str, write: Write, layout: Layout, *, wrapped: bool = True) -> Response:
    page = page_of(call, f"/me/{name}", 20, 50)
    listed = call.world.personal(call.user_id()).library.listed(kind)
    items: list[Json | None] = []
    for item_id, second in listed[page.offset : page.offset + page.limit]:
        item = write(call, item_id)
        items.append({"added_at": timestamps.written(second), kind: item} if item and wrapped else item)
    return answers.private(encoded(layout(page, items, len(listed))))


def _track(call: Call, track_id: str) -> Json | None:
    found = track_by_id(call.world, track_id)
    return None if found is None else full_tracks.track(found, view_of(call), country_of(call))


def _album(call: Call, album_id: str) -> Json | None:
    found = call.world.catalogue.works.release(album_id)
    if found is None:
        return None
    view, page = view_of(call), first_page(call, f"/albums/{album_id}/tracks")
    listed = [full_tracks.on_an_album(track_at(call.world, number), view) for number in found.tracks[: page.limit]]
    return albums.album(found, page_items_last(page, listed, len(found.tracks)), view)


def _episode(call: Call, episode_id: str) -> Json:
    found = episode_by_id(call.world, episode_id)
    if found is None:
        return _linked(call, GONE_EPISODE | {"show": _linked(call, _GONE_SHOW)})
    return shows.episode(found, view_of(call), some_listener(call))


def _linked(call: Call, gone: Json) -> Json:
    kind = gone["type"]
    links = {
        "external_urls": {"spotify": f"https://open.spotify.com/{kind}/null"},
        "href": f"{call.base}/{kind}s/null",
    }
    return dict(sorted((gone | links).items()))


def _show(call: Call, show_id: str) -> Json | None:
    found = call.world.catalogue.works.show(show_id)
    return None if found is None else shows.simplified(found, view_of(call))


def _audiobook(call: Call, audiobook_id: str) -> Json | None:
    found = call.world.catalogue.works.audiobook(audiobook_id)
    if found is None or country_of(call) not in found.markets.codes:
        return None
    listed = audiobooks.simplified(found, view_of(call)) | {"is_externally_hosted": False}
    return ordered(listed, _AUDIOBOOK)


_READ = ("user-library-read",)

ENDPOINTS = (
    Endpoint("GET", "/me/tracks", tracks, _READ, user=True),
    Endpoint("GET", "/me/albums", saved_albums, _READ, user=True),
    Endpoint("GET", "/me/episodes", episodes, _READ, user=True),
    Endpoint("GET", "/me/shows", saved_shows, _READ, user=True),
    Endpoint("GET", "/me/audiobooks", saved_audiobooks, _READ, user=True),
)
