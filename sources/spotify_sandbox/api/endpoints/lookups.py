"""Shared by look-ups in the catalogue: ids, the country of the user, pages, and contents after edits."""

from dataclasses import replace
from urllib.parse import quote

from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError
from sources.spotify_sandbox.render import paging
from sources.spotify_sandbox.render.paging import Page
from sources.spotify_sandbox.world import ids
from sources.spotify_sandbox.world.catalogue import edited
from sources.spotify_sandbox.world.contents import Episode, Track
from sources.spotify_sandbox.world.world import World


def one_id(call: Call) -> str:
    """The id in the path."""
    found = call.path["id"]
    if not ids.is_id(found):
        raise ApiError(400, "Invalid base62 id")
    return found


def several_ids(call: Call, maximum: int) -> list[str]:
    """The ids of a batch; none, too many and malformed ones are errors (recorded 2021 and 2022)."""
    found = [part.strip() for part in call.query.get("ids", "").split(",")]
    if len(found) > maximum:
        raise ApiError(400, "too many ids requested")
    if not all(map(ids.is_id, found)):
        raise ApiError(400, "invalid id")
    return found


def country_of(call: Call) -> str | None:
    """The country of the signed-in user; None with client credentials."""
    return None if call.grant.user is None else call.world.users.find(call.grant.user).country


def page_of(call: Call, path: str, default: int, maximum: int, echo: str = "") -> Page:
    """The page that a request asks for.

    Args:
        call: The request.
        path: Below ``/v1``.
        default: The limit if none is given.
        maximum: The highest limit.
        echo: What links repeat of the request, between offset and limit and the market and language.
    """
    return Page(
        address=call.base + path,
        offset=paging.offset(call.query),
        limit=paging.limit(call.query, default, maximum),
        echo=echo + market_echo(call),
    )


def first_page(call: Call, path: str) -> Page:
    """The page inside an object: the first 50."""
    return Page(call.base + path, 0, 50, market_echo(call))


def market_echo(call: Call) -> str:
    """What links repeat of the market and the language of a request."""
    asked = {key: value for key, value in call.query.items() if key == "market"}
    return paging.echo(asked, call.language)


def echoed(name: str, value: str, safe: str = "") -> str:
    """A parameter as links repeat it."""
    return f"&{name}={quote(value, safe=safe)}"


def track_by_id(world: World, track_id: str) -> Track | None:
    """The track with an id, also the original or the replacement of a relinked track."""
    number = world.catalogue.find(f"spotify:track:{track_id}")
    return None if number is None else replace(track_at(world, number), id=track_id)


def track_at(world: World, number: int) -> Track:
    """The track with a number, after all edits."""
    track, edit = world.catalogue.works.track(number), world.edits.get(number)
    changed = track if edit is None else edited(track, edit)
    return changed if isinstance(changed, Track) else track


def episode_by_id(world: World, episode_id: str) -> Episode | None:
    """The episode with an id."""
    number = world.catalogue.find(f"spotify:episode:{episode_id}")
    return None if number is None else episode_at(world, number)


def episode_at(world: World, number: int) -> Episode:
    """The episode with a number, after all edits."""
    episode, edit = world.catalogue.works.episode(number), world.edits.get(number)
    changed = episode if edit is None else edited(episode, edit)
    return changed if isinstance(changed, Episode) else episode
