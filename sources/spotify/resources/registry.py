"""The resources, by name."""

from sources.spotify.resources.base import Resource
from sources.spotify.resources.playlists.resource import Playlists

RESOURCES: dict[str, Resource] = {resource.name: resource for resource in (Playlists(),)}
"""All that can be selected."""

DEFAULT: tuple[Resource, ...] = (RESOURCES["playlists"],)
"""What is read where nothing is selected."""
