"""``GET /browse/…`` and ``GET /markets``; closed to development apps since 2024-11-27 or 2026-02-11."""

from itertools import islice

import msgspec
from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import SPOTIFY, view_of
from sources.spotify_sandbox.api.endpoints.lookups import echoed, page_of
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import not_found
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import albums
from sources.spotify_sandbox.render.objects import Json, encoded, page_items_first
from sources.spotify_sandbox.render.playlists import summary
from sources.spotify_sandbox.world import ids
from sources.spotify_sandbox.world.categories import CATEGORIES, Category
from sources.spotify_sandbox.world.markets import CODES
from sources.spotify_sandbox.world.playlist import Playlist

NEW_RELEASES = 100
"""Number of albums in the list of new releases."""

_LOOKED_THROUGH = 500
# The prefix of the names of pictures that are 300 pixels wide.
_ICON = "ab67656300005f1f"


def new_releases(call: Call) -> Response:
    """A page of the latest albums, 20 by default, at most 50."""
    page = page_of(call, "/browse/new-releases", 20, 50, _echo(call, "country"))
    view = view_of(call)
    releases = islice(call.world.catalogue.works.every_release(), _LOOKED_THROUGH)
    known = [release.album for release in releases if release.album.markets.codes]
    known.sort(key=lambda album: album.release_date or "", reverse=True)
    known = known[:NEW_RELEASES]
    items = [albums.simplified(album, view) for album in known[page.offset : page.offset + page.limit]]
    return answers.public(encoded({"albums": page_items_first(page, items, len(known))}))


def categories(call: Call) -> Response:
    """A page of categories, 20 by default, at most 50; names are in English whatever the locale."""
    page = page_of(call, "/browse/categories", 20, 50, _echo(call, "country", "locale"))
    items = [_category(call, each) for each in CATEGORIES[page.offset : page.offset + page.limit]]
    return answers.public(encoded({"categories": page_items_first(page, items, len(CATEGORIES))}))


def category(call: Call) -> Response:
    """A category."""
    return answers.public(encoded(_category(call, _found(call))))


def category_playlists(call: Call) -> Response:
    """A page of Spotify's playlists, each category has half of them; 20 by default, at most 50."""
    number = CATEGORIES.index(_found(call))
    playlists = [each for place, each in enumerate(_editorial(call)) if (place + number) % 2 == 0]
    page = page_of(call, f"/browse/categories/{call.path['id']}/playlists", 20, 50, _echo(call, "country"))
    items = [_playlist(call, each) for each in playlists[page.offset : page.offset + page.limit]]
    return answers.public(encoded({"playlists": page_items_first(page, items, len(playlists))}))


def featured_playlists(call: Call) -> Response:
    """A page of Spotify's playlists under a message, 20 by default, at most 50."""
    playlists = _editorial(call)
    page = page_of(call, "/browse/featured-playlists", 20, 50, _echo(call, "country", "locale", "timestamp"))
    items = [_playlist(call, each) for each in playlists[page.offset : page.offset + page.limit]]
    return answers.private(
        encoded({"message": "Popular Playlists", "playlists": page_items_first(page, items, len(playlists))})
    )


def markets(call: Call) -> Response:
    """The codes of all markets, in alphabetical order."""
    del call
    return answers.public(encoded({"markets": sorted(CODES)}))


def _echo(call: Call, *names: str) -> str:
    return "".join(echoed(name, call.query[name]) for name in names if name in call.query)


def _found(call: Call) -> Category:
    for each in CATEGORIES:
        if each.id == call.path["id"]:
            return each
    raise not_found()


def _category(call: Call, value: Category) -> Json:
    return {
        "href": f"{call.base}/browse/categories/{value.id}",
        "icons": [{"height": 300, "url": f"{view_of(call).pictures}/{_ICON}{ids.derive(value.id)}", "width": 300}],
        "id": value.id,
        "name": value.name,
    }


def _editorial(call: Call) -> list[Playlist]:
    return [playlist for playlist in call.world.playlists.values() if playlist.owner == SPOTIFY]


def _playlist(call: Call, playlist: Playlist) -> Json:
    """A playlist as browsing shows it: ``public`` is null (recorded 2014)."""
    written = summary(playlist, call.world.users.find(playlist.owner), call.base, call.rules)
    shown: Json = msgspec.json.decode(written)
    return shown | {"public": None}


ENDPOINTS = (
    Endpoint("GET", "/browse/new-releases", new_releases, development_status=403),
    Endpoint("GET", "/browse/categories", categories, development_status=403),
    Endpoint("GET", "/browse/categories/{id}", category, development_status=403),
    Endpoint("GET", "/browse/categories/{id}/playlists", category_playlists, development_status=404),
    Endpoint("GET", "/browse/featured-playlists", featured_playlists, development_status=404),
    Endpoint("GET", "/markets", markets, development_status=403),
)
