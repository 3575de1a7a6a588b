"""Pieces of the catalogue's objects: JSON objects as dictionaries, in the order of their keys."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from sources.spotify_sandbox.render.paging import Page
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.markets import Markets

Json = dict[str, Any]

ImageKeys = tuple[Literal["url", "height", "width"], ...]
"""The keys of an image, in some order."""

WEB = "https://open.spotify.com"

_ALBUM = ((640, "ab67616d0000b273"), (300, "ab67616d00001e02"), (64, "ab67616d00004851"))
_ARTIST = ((640, "ab6761610000e5eb"), (320, "ab67616100005174"), (160, "ab6761610000f178"))
_SHOW = ((640, "ab6765630000ba8a"), (300, "ab67656300005f1f"), (64, "ab6765630000f68d"))
_AUDIOBOOK = ((640, "ab676663000022a8"), (300, "ab6766630000db5b"), (64, "ab6766630000703b"))


def encoded(value: object) -> bytes:
    """A JSON value as bytes."""
    return msgspec.json.encode(value)


def external_urls(kind: str, object_id: str) -> Json:
    """The address of an object's page on the web."""
    return {"spotify": f"{WEB}/{kind}/{object_id}"}


def available_markets(markets: Markets) -> msgspec.Raw:
    """The codes of a set of markets, whose JSON is written only once."""
    return msgspec.Raw(markets.json.encode())


def ordered(value: Json, keys: Sequence[str]) -> Json:
    """The same object with its keys in another order; missing keys are skipped."""
    return {key: value[key] for key in keys if key in value}


def album_images(cover: str | None, view: View, order: ImageKeys = ("url", "height", "width")) -> list[Json]:
    """The three covers of an album; none without a cover. The order of keys differs from answer to answer."""
    return _images(_ALBUM, cover, view, order)


def artist_images(picture: str | None, view: View) -> list[Json]:
    """The three pictures of an artist; none without a picture."""
    return _images(_ARTIST, picture, view, ("url", "height", "width"))


def show_images(cover: str, view: View, order: ImageKeys = ("height", "url", "width")) -> list[Json]:
    """The three covers of a podcast or its episode."""
    return _images(_SHOW, cover, view, order)


def audiobook_images(cover: str, view: View, order: ImageKeys) -> list[Json]:
    """The three covers of an audiobook, which its chapters have too."""
    return _images(_AUDIOBOOK, cover, view, order)


def _images(sizes: Sequence[tuple[int, str]], name: str | None, view: View, order: ImageKeys) -> list[Json]:
    if name is None:
        return []
    return [
        ordered({"url": f"{view.pictures}/{prefix}{name}", "height": size, "width": size}, order)
        for size, prefix in sizes
    ]


def html(text: str) -> str:
    """A description as a paragraph of HTML, quoted as Spotify quotes it."""
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<p>{quoted.replace(chr(34), '&#34;').replace(chr(39), '&#39;')}</p>"


def page_items_first(page: Page, items: Sequence[object], total: int) -> Json:
    """A page with its items after ``href``, as the pages of albums' tracks and shows' episodes have them."""
    return {
        "href": page.href,
        "items": items,
        "limit": page.limit,
        "next": page.next(total),
        "offset": page.offset,
        "previous": page.previous(),
        "total": total,
    }


def page_items_last(page: Page, items: Sequence[object], total: int) -> Json:
    """A page with its items at the end, as discographies, search and pages inside objects have them."""
    body = page_items_first(page, items, total)
    body["items"] = body.pop("items")
    return body
