"""Podcasts and their episodes in full; inside playlists they look different (``episodes.py``)."""

from dataclasses import dataclass

from sources.spotify_sandbox.render.objects import (
    Json,
    available_markets,
    external_urls,
    html,
    ordered,
    show_images,
)
from sources.spotify_sandbox.render.playability import RESTRICTED
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.contents import Episode, Show

_WHOLE = (
    "available_markets",
    "copyrights",
    "description",
    "html_description",
    "explicit",
    "external_urls",
    "href",
    "id",
    "images",
    "is_externally_hosted",
    "languages",
    "media_type",
    "name",
    "publisher",
    "type",
    "uri",
    "total_episodes",
)
_INSIDE_A_SHOW = ("audio_preview_url", "description", "html_description")


@dataclass(frozen=True, slots=True)
class Listener:
    """The listening user: the country, and how far an episode was heard (nothing without the scope)."""

    country: str
    remembers: bool


def simplified(value: Show, view: View) -> Json:
    """A podcast in a list, keys in alphabetical order (recorded 2021 to 2026)."""
    publisher: Json = {} if view.trimmed else {"publisher": value.publisher}
    markets: Json = {"available_markets": available_markets(value.markets)} if view.shows_markets else {}
    return {
        **markets,
        "copyrights": [],
        "description": value.description,
        "explicit": value.explicit,
        "external_urls": external_urls("show", value.id),
        "href": f"{view.base}/shows/{value.id}",
        "html_description": html(value.description),
        "id": value.id,
        "images": show_images(value.cover, view),
        "is_externally_hosted": False,
        "languages": [value.language],
        "media_type": "audio",
        "name": value.name,
        **publisher,
        "total_episodes": value.total_episodes,
        "type": "show",
        "uri": f"spotify:show:{value.id}",
    }


def show(value: Show, episodes: Json, view: View) -> Json:
    """A podcast in full, with the first page of its episodes, keys in the order recorded in 2026."""
    return {**ordered(simplified(value, view), _WHOLE), "episodes": episodes}


def episode(value: Episode, view: View, listener: Listener) -> Json:
    """An episode with its podcast, keys in alphabetical order (recorded 2022 to 2026)."""
    whole = {**_alone(value, view, listener), "show": simplified(value.show, view)}
    return dict(sorted(whole.items()))


def in_a_list(value: Episode, view: View, listener: Listener) -> Json:
    """An episode of a podcast, or found by search: without the podcast."""
    return _alone(value, view, listener)


def inside_a_show(value: Episode, view: View, listener: Listener) -> Json:
    """An episode in the first page of its podcast, which has some keys in another order (recorded 2026)."""
    alone = _alone(value, view, listener)
    alone["images"] = show_images(value.cover, view, ("url", "height", "width"))
    return {**ordered(alone, _INSIDE_A_SHOW), **alone}


def _alone(value: Episode, view: View, listener: Listener) -> Json:
    sold = listener.country in value.show.markets.codes
    point: Json = {"resume_point": {"fully_played": False, "resume_position_ms": 0}} if listener.remembers else {}
    restrictions: Json = {} if sold else {"restrictions": RESTRICTED}
    return {
        "audio_preview_url": None,
        "description": value.description,
        "duration_ms": value.duration_ms,
        "explicit": value.explicit,
        "external_urls": external_urls("episode", value.id),
        "href": f"{view.base}/episodes/{value.id}",
        "html_description": html(value.description),
        "id": value.id,
        "images": show_images(value.cover, view),
        "is_externally_hosted": False,
        "is_playable": sold,
        "language": value.show.language,
        "languages": [value.show.language],
        "name": value.name,
        "release_date": value.release_date,
        "release_date_precision": "day" if len(value.release_date) > 4 else "year",
        **restrictions,
        **point,
        "type": "episode",
        "uri": f"spotify:episode:{value.id}",
    }
