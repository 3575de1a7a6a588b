"""The registry of resources by name, and how users select some of them. Order and groups: `order_and_groups.py`."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from sources.errors import ConfigurationError
from sources.spotify.resources.base import Resource
from sources.spotify.resources.browse import Browse
from sources.spotify.resources.catalogue.audio import AUDIO
from sources.spotify.resources.catalogue.registry import CATALOGUE
from sources.spotify.resources.followed_artists import FOLLOWED_ARTISTS
from sources.spotify.resources.order_and_groups import ALL, GROUPS
from sources.spotify.resources.player import Player
from sources.spotify.resources.playlists.resource import Playlists
from sources.spotify.resources.plays import PLAYS
from sources.spotify.resources.profile import Profile
from sources.spotify.resources.saved_items import SAVED_ITEMS
from sources.spotify.resources.searches import Searches
from sources.spotify.resources.top_items import TopItems

_REGISTERED: tuple[Resource, ...] = (
    Playlists(),
    SAVED_ITEMS,
    FOLLOWED_ARTISTS,
    TopItems(),
    PLAYS,
    Profile(),
    Player(),
    Browse(),
    Searches(),
    *CATALOGUE,
    AUDIO,
)

RESOURCES: dict[str, Resource] = {
    resource.name: resource for resource in sorted(_REGISTERED, key=lambda resource: ALL.index(resource.name))
}
"""All that can be selected, by name, in the order of `order_and_groups.ALL`, in which they are read."""

DEFAULT = ("playlists",)


class Selection(NamedTuple):
    """Resources that were selected.

    Attributes:
        resources: what to read, in this order.
        named: those that were named one by one, and so are missed if they are not available.
    """

    resources: tuple[Resource, ...]
    named: frozenset[str]


def selected(names: Sequence[str] = DEFAULT) -> Selection:
    """Resources by their names, or by names of groups; each is read once.

    Raises:
        ConfigurationError: a name is neither a resource nor a group.
    """
    for name in names:
        if name not in RESOURCES and name not in GROUPS:
            choices = [*RESOURCES, *GROUPS]
            close = get_close_matches(name, choices, 1)
            hint = f"did you mean {close[0]}?" if close else f"choose from {', '.join(choices)}."
            msg = f"resources = {name!r} is not a resource: {hint}"
            raise ConfigurationError(msg)
    wanted = {each for name in names for each in GROUPS.get(name, (name,))}
    resources = tuple(resource for resource in RESOURCES.values() if resource.name in wanted)
    return Selection(resources, frozenset(names) & RESOURCES.keys())
