"""Checks which resources other than playlists are available."""

from collections.abc import Iterator

from pipelines.operations.doctor.finding import Finding
from sources.errors import PlaylakeError
from sources.spotify.api.client import Client
from sources.spotify.auth.scope_purposes import PURPOSES
from sources.spotify.resources.base import Probeable, Resource
from sources.spotify.resources.order_and_groups import login_for
from sources.spotify.resources.registry import RESOURCES


def resources_findings(client: Client) -> Iterator[Finding]:
    """Each resource: available, or why not and what to do; the playlists have findings of their own."""
    for resource in RESOURCES.values():
        if resource.name != "playlists":
            yield _checked(resource, client)


def _checked(resource: Resource, client: Client) -> Finding:
    lacking = client.tokens.lacking(resource.scopes)
    if lacking:
        scopes = ", ".join(f"{scope} ({PURPOSES[scope]})" if scope in PURPOSES else scope for scope in lacking)
        message = f"The consent lacks {scopes}: {login_for(resource.name)}."
        return Finding(resource.name, "note", message)
    if isinstance(resource, Probeable):
        try:
            resource.probe(client)
        except PlaylakeError as error:
            return Finding(resource.name, "note", f"Not available: {error}")
    return Finding(resource.name, "well", f"Available: playlake sync --resources {resource.name}")
