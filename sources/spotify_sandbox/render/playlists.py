"""Playlists in full and as elements of a list."""

from collections.abc import Callable
from urllib.parse import quote

import msgspec

from sources.spotify_sandbox.accounts.api_modes import Rules
from sources.spotify_sandbox.render import covers
from sources.spotify_sandbox.render.json import boolean, quoted
from sources.spotify_sandbox.render.users import owner
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.users import User

_WEB = "https://open.spotify.com"

Member = tuple[str, Callable[[], bytes]]


def members(
    playlist: Playlist, user: User, base: str, *, echo: str, pages: list[Member], followers: bool = True
) -> list[Member]:
    """The keys of a playlist in the recorded order, each with the function that writes its value.

    ``pages`` are the pages of entries, or their summaries; they come between ``snapshot_id`` and ``type``.
    """
    address = f"{base}/playlists/{playlist.id}"
    head: list[tuple[str, str]] = [
        ("collaborative", boolean(playlist.collaborative)),
        ("description", quoted(playlist.description)),
        ("external_urls", f'{{"spotify":"{_WEB}/playlist/{playlist.id}"}}'),
        ("followers", f'{{"href":null,"total":{playlist.followers}}}'),
        ("href", quoted(address + echo)),
        ("id", quoted(playlist.id)),
        ("images", covers.addressed(playlist.images, base.removesuffix("/v1"), playlist.moment).decode()),
        ("name", quoted(playlist.name)),
        ("owner", owner(user, base)),
        ("primary_color", quoted(playlist.primary_color)),
        ("public", boolean(playlist.public)),
        ("snapshot_id", quoted(playlist.snapshot_id)),
    ]
    tail = [("type", '"playlist"'), ("uri", f'"spotify:playlist:{playlist.id}"')]
    return [
        *(_constant(key, value) for key, value in head if followers or key != "followers"),
        *pages,
        *(_constant(key, value) for key, value in tail),
    ]


def _constant(key: str, value: str) -> Member:
    return key, value.encode


def joined(parts: list[Member]) -> bytes:
    """An object of JSON from its members."""
    return b"{" + b",".join([b'"%b":%b' % (key.encode(), write()) for key, write in parts]) + b"}"


def summary(playlist: Playlist, user: User, base: str, rules: Rules) -> bytes:
    """A playlist in a list: no followers, and of its entries only the address and the number."""
    pages = [
        _constant(name, f'{{"href":"{base}/playlists/{playlist.id}/{name}","total":{len(playlist)}}}')
        for name in rules.collections
    ]
    return joined(members(playlist, user, base, echo="", pages=pages, followers=False))


def created(playlist: Playlist, user: User, base: str, rules: Rules) -> bytes:
    """A new playlist in the answer to its creation: keys in another order, an owner without a name (recorded 2024)."""
    address = f"{base}/playlists/{playlist.id}"
    path = quote(user.id, safe="")
    head: dict[str, object] = {
        "collaborative": playlist.collaborative,
        "description": playlist.description,
        "external_urls": {"spotify": f"{_WEB}/playlist/{playlist.id}"},
        "followers": {"href": None, "total": 0},
        "href": address,
        "id": playlist.id,
        "images": [],
        "primary_color": None,
        "name": playlist.name,
        "type": "playlist",
        "uri": f"spotify:playlist:{playlist.id}",
        "owner": {
            "href": f"{base}/users/{path}",
            "id": user.id,
            "type": "user",
            "uri": f"spotify:user:{path}",
            "display_name": None,
            "external_urls": {"spotify": f"{_WEB}/user/{path}"},
        },
        "public": playlist.public,
        "snapshot_id": playlist.snapshot_id,
    }
    page: dict[str, object] = {"limit": 100, "next": None, "offset": 0, "previous": None}
    pages = {name: page | {"href": f"{address}/{name}", "total": 0, "items": []} for name in rules.collections}
    return msgspec.json.encode(head | pages)
