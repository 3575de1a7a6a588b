"""Keeps the raw JSON of items whose type has no table.

Types come and go (videos, chapters of audiobooks), and the decoder takes only the fields that it knows. So an answer
with such an item is parsed once more, for the item's own JSON.
"""

import json
from typing import Any

from msgspec import Struct

from sources.spotify.models.answers import KINDS, EntriesPage, Entry, Item, UnknownItem
from sources.spotify.models.json_repair import plain
from sources.spotify.models.player import PlayerState, Queue
from sources.spotify.models.playlists import Playlist
from sources.spotify.models.plays import PlaysPage


def keep_unknown(answer: Any, body: bytes) -> None:
    """Gives the items of unknown kinds in an answer their JSON.

    Args:
        answer: a decoded answer of any endpoint; changed in place.
        body: what it was decoded from.
    """
    if isinstance(answer, PlayerState | Queue):
        _keep_played(answer, body)
        return
    found = [(names, page) for names, page in _pages(answer) if any(map(_is_unknown, page.items or ()))]
    if not found:
        return
    document = plain(body)[0]
    for names, page in found:
        value = document
        for name in names:
            value = value[name]
        for entry, sent in zip(page.items or (), value["items"], strict=True):
            if entry is not None and _is_unknown(entry):
                _keep(entry, sent)


def _pages(answer: Any) -> list[tuple[list[str], EntriesPage | PlaysPage]]:
    if isinstance(answer, EntriesPage | PlaysPage):
        return [([], answer)]
    if isinstance(answer, Playlist):
        named = (("items", answer.items), ("tracks", answer.tracks))
        return [([name], page) for name, page in named if isinstance(page, EntriesPage)]
    return []


def _is_unknown(entry: Entry | None) -> bool:
    content = entry.content if entry is not None else None
    return entry is not None and content is not None and entry.type_of(content) not in KINDS


def _keep_played(answer: PlayerState | Queue, body: bytes) -> None:
    """The items that play, or are in the queue."""
    items = [answer.item] if isinstance(answer, PlayerState) else answer.queue or []
    if not any(item is not None and item.type not in KINDS for item in items):
        return
    document = plain(body)[0]
    sent = [document["item"]] if isinstance(answer, PlayerState) else document["queue"]
    kept = [
        UnknownItem(**_fields(item), body=_text(json_)) if item is not None and item.type not in KINDS else item
        for item, json_ in zip(items, sent, strict=True)
    ]
    if isinstance(answer, PlayerState):
        [answer.item] = kept
    else:
        answer.queue = kept


def _text(sent: object) -> str:
    return json.dumps(sent, ensure_ascii=False, separators=(",", ":"), default=lambda _: None)


def _keep(entry: Entry, sent: dict[str, Any]) -> None:
    for name in ("item", "track"):
        item = getattr(entry, name)
        if isinstance(item, Item):
            setattr(entry, name, UnknownItem(**_fields(item), body=_text(sent[name])))


def _fields(item: Struct) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__struct_fields__}
