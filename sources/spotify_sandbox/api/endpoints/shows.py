"""``GET /shows/{id}``, its episodes, ``GET /episodes/{id}``, and several of each."""

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.listening import listener_of, some_listener
from sources.spotify_sandbox.api.endpoints.lookups import (
    episode_at,
    episode_by_id,
    first_page,
    one_id,
    page_of,
    several_ids,
)
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import not_found
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import shows as written
from sources.spotify_sandbox.render.objects import encoded, page_items_first, page_items_last
from sources.spotify_sandbox.world.contents import Show


def show(call: Call) -> Response:
    """A podcast with the latest 50 of its episodes."""
    found, view, listener = _found(call), view_of(call), some_listener(call)
    page = first_page(call, f"/shows/{found.id}/episodes")
    numbers = call.world.catalogue.works.episodes(found)
    items = [written.inside_a_show(episode_at(call.world, n), view, listener) for n in numbers[: page.limit]]
    return answers.public(encoded(written.show(found, page_items_last(page, items, len(numbers)), view)))


def shows(call: Call) -> Response:
    """Up to 50 podcasts without their episodes; null for one that is unknown or not available."""
    view, listener = view_of(call), listener_of(call)
    found = map(call.world.catalogue.works.show, several_ids(call, 50))
    listed = [written.simplified(each, view) if each and listener else None for each in found]
    return answers.public(encoded({"shows": listed}))


def show_episodes(call: Call) -> Response:
    """A page of a podcast's episodes, the latest first, 20 by default, at most 50."""
    found, view, listener = _found(call), view_of(call), some_listener(call)
    page = page_of(call, f"/shows/{found.id}/episodes", 20, 50)
    numbers = call.world.catalogue.works.episodes(found)
    shown = numbers[page.offset : page.offset + page.limit]
    items = [written.in_a_list(episode_at(call.world, number), view, listener) for number in shown]
    return answers.public(encoded(page_items_first(page, items, len(numbers))))


def episode(call: Call) -> Response:
    """An episode with its podcast."""
    found, listener = episode_by_id(call.world, one_id(call)), some_listener(call)
    if found is None:
        raise not_found()
    return answers.public(encoded(written.episode(found, view_of(call), listener)))


def episodes(call: Call) -> Response:
    """Up to 50 episodes with their podcasts; null for one that is unknown or not available."""
    view, listener = view_of(call), listener_of(call)
    found = [episode_by_id(call.world, episode_id) for episode_id in several_ids(call, 50)]
    listed = [written.episode(each, view, listener) if each and listener else None for each in found]
    return answers.public(encoded({"episodes": listed}))


def _found(call: Call) -> Show:
    found = call.world.catalogue.works.show(one_id(call))
    if found is None:
        raise not_found()
    return found


ENDPOINTS = (
    Endpoint("GET", "/shows", shows, development_status=403),
    Endpoint("GET", "/shows/{id}", show),
    Endpoint("GET", "/shows/{id}/episodes", show_episodes),
    Endpoint("GET", "/episodes", episodes, development_status=403),
    Endpoint("GET", "/episodes/{id}", episode),
)
