"""``GET /audiobooks/{id}``, its chapters, ``GET /chapters/{id}``, and several of each."""

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.listening import listener_of
from sources.spotify_sandbox.api.endpoints.lookups import first_page, one_id, page_of, several_ids
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import not_found
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import audiobooks as written
from sources.spotify_sandbox.render.objects import Json, encoded, page_items_first, page_items_last
from sources.spotify_sandbox.world.contents import Audiobook


def audiobook(call: Call) -> Response:
    """An audiobook with the first 50 of its chapters; 404 in markets where it is not sold."""
    return answers.public(encoded(_audiobook(call, _found(call))))


def audiobooks(call: Call) -> Response:
    """Up to 50 audiobooks with their chapters; null for one that is unknown or not sold there."""
    found = map(call.world.catalogue.works.audiobook, several_ids(call, 50))
    listed = [_audiobook(call, each) if each and is_sold(call, each) else None for each in found]
    return answers.public(encoded({"audiobooks": listed}))


def audiobook_chapters(call: Call) -> Response:
    """A page of an audiobook's chapters, 20 by default, at most 50."""
    found, view = _found(call), view_of(call)
    page = page_of(call, f"/audiobooks/{found.id}/chapters", 20, 50)
    chapters = call.world.catalogue.works.chapters(found)
    items = [written.in_a_list(chapter, view) for chapter in chapters[page.offset : page.offset + page.limit]]
    return answers.public(encoded(page_items_last(page, items, len(chapters))))


def chapter(call: Call) -> Response:
    """A chapter with its audiobook."""
    found = call.world.catalogue.works.chapter(one_id(call))
    if found is None or not is_sold(call, found.audiobook):
        raise not_found()
    return answers.public(encoded(written.chapter(found, view_of(call))))


def chapters(call: Call) -> Response:
    """Up to 50 chapters with their audiobooks; null for one that is unknown or not sold there."""
    view, works = view_of(call), call.world.catalogue.works
    found = map(works.chapter, several_ids(call, 50))
    listed = [written.chapter(each, view) if each and is_sold(call, each.audiobook) else None for each in found]
    return answers.public(encoded({"chapters": listed}))


def is_sold(call: Call, audiobook: Audiobook) -> bool:
    """Whether the caller can listen to an audiobook at all."""
    listener = listener_of(call)
    return listener is not None and listener.country in audiobook.markets.codes


def _audiobook(call: Call, found: Audiobook) -> Json:
    view, page = view_of(call), first_page(call, f"/audiobooks/{found.id}/chapters")
    chapters = call.world.catalogue.works.chapters(found)
    items = [written.inside_an_audiobook(chapter, view) for chapter in chapters[: page.limit]]
    return written.audiobook(found, page_items_first(page, items, len(chapters)), view)


def _found(call: Call) -> Audiobook:
    found = call.world.catalogue.works.audiobook(one_id(call))
    if found is None or not is_sold(call, found):
        raise not_found()
    return found


ENDPOINTS = (
    Endpoint("GET", "/audiobooks", audiobooks, development_status=403),
    Endpoint("GET", "/audiobooks/{id}", audiobook),
    Endpoint("GET", "/audiobooks/{id}/chapters", audiobook_chapters),
    Endpoint("GET", "/chapters", chapters, development_status=403),
    Endpoint("GET", "/chapters/{id}", chapter),
)
