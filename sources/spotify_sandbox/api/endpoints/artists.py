"""``GET /artists/{id}`` and an artist's albums, most played tracks, related artists."""

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.lookups import country_of, echoed, one_id, page_of, several_ids, track_at
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError, not_found
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import albums, full_tracks
from sources.spotify_sandbox.render.artists import artist as written
from sources.spotify_sandbox.render.objects import encoded, page_items_last
from sources.spotify_sandbox.world.contents import Performer
from sources.spotify_sandbox.world.works import ALBUM_GROUPS

_ASKED_BY_DEFAULT = "album,single,compilation,appears_on"
_TOP = 10


def artist(call: Call) -> Response:
    """An artist."""
    return answers.public(encoded(written(_found(call), view_of(call))))


def artists(call: Call) -> Response:
    """Up to 50 artists in the order of their ids; null for an unknown one."""
    view, performer = view_of(call), call.world.catalogue.works.performer
    found = map(performer, several_ids(call, 50))
    return answers.public(encoded({"artists": [each and written(each, view) for each in found]}))


def artist_albums(call: Call) -> Response:
    """A page of a discography, of the groups asked for; with a market, only albums sold there.

    20 by default and at most 50, for development apps 5 and 10. Links always name the groups (recorded 2024, 2026).
    """
    found, view = _found(call), view_of(call)
    asked = call.query.get("include_groups") or _ASKED_BY_DEFAULT
    groups = asked.split(",")
    if not set(groups) <= set(ALBUM_GROUPS):
        raise ApiError(400, "Invalid include_groups")
    page = page_of(
        call,
        f"/artists/{found.artist.id}/albums",
        *((5, 10) if call.rules.restricted else (20, 50)),
        echo=echoed("include_groups", asked, safe=","),
    )
    listed = [
        (group, album)
        for group, album in call.world.catalogue.works.discography(found.artist.id)
        if group in groups and (view.market is None or view.market in album.markets.codes)
    ]
    shown = listed[page.offset : page.offset + page.limit]
    items = [albums.in_a_discography(album, group, view) for group, album in shown]
    return answers.public(encoded(page_items_last(page, items, len(listed))))


def top_tracks(call: Call) -> Response:
    """The ten most popular tracks of an artist."""
    found, view, country = _found(call), view_of(call), country_of(call)
    tracks = [track_at(call.world, number) for number in call.world.catalogue.works.tracks_by(found.artist.id)]
    tracks.sort(key=lambda track: (-track.popularity, track.id))
    return answers.public(encoded({"tracks": [full_tracks.track(track, view, country) for track in tracks[:_TOP]]}))


def related_artists(call: Call) -> Response:
    """Up to 20 related artists; closed to development apps since 2024-11-27."""
    view = view_of(call)
    found = call.world.catalogue.works.related(_found(call).artist.id)
    return answers.public(encoded({"artists": [written(each, view) for each in found]}))


def _found(call: Call) -> Performer:
    found = call.world.catalogue.works.performer(one_id(call))
    if found is None:
        raise not_found()
    return found


ENDPOINTS = (
    Endpoint("GET", "/artists", artists, development_status=403),
    Endpoint("GET", "/artists/{id}", artist),
    Endpoint("GET", "/artists/{id}/albums", artist_albums),
    Endpoint("GET", "/artists/{id}/top-tracks", top_tracks, development_status=403),
    Endpoint("GET", "/artists/{id}/related-artists", related_artists, development_status=404),
)
