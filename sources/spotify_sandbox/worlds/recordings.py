"""Recorded API answers on disk: which file holds what.

A file is the bare body of an answer, or an object with ``body`` and perhaps ``request``, ``status`` and ``headers``.
Playlists, pages of their entries, pages of lists of playlists, and ``GET /me`` are read; everything else, and every
error, is ignored.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.world import ids

Json = dict[str, Any]

_PLAYLIST = re.compile(r"/playlists/([^/?]+)(?:/(?:tracks|items))?(?:\?|$)")
_STARRED = re.compile(r"/users/([^/?]+)/starred(?:/tracks)?(?:\?|$)")


@dataclass(slots=True)
class Recordings:
    """The answers in a set of files, in their order."""

    playlists: list[Json] = field(default_factory=list)
    listed: list[Json | None] = field(default_factory=list)
    pages: list[tuple[str, Json]] = field(default_factory=list)
    me: Json | None = None

    def add(self, body: Any, url: str) -> None:
        """Add an answer of any kind."""
        if not isinstance(body, dict) or "error" in body:
            return
        if body.get("type") == "playlist" and isinstance(body.get("id"), str):
            self.playlists.append(body)
        elif body.get("type") == "user" and ("product" in body or "account_id" in body or url.endswith("/v1/me")):
            self.me = body
        elif isinstance(body.get("items"), list):
            self._add_list(body, str(body.get("href") or url))

    def _add_list(self, body: Json, url: str) -> None:
        elements = body["items"]
        if any(isinstance(element, dict) and element.get("type") == "playlist" for element in elements):
            self.listed.extend(elements)
        elif elements and all(isinstance(element, dict) and "added_at" in element for element in elements):
            playlist_id = _playlist_id(url)
            if playlist_id is not None:
                self.pages.append((playlist_id, body))


def read(place: Path) -> Recordings:
    """Everything recorded in a file, or in a folder and the folders below it."""
    recordings = Recordings()
    for path in sorted(place.rglob("*.json")) if place.is_dir() else [place]:
        for body, url in _answers(path):
            recordings.add(body, url)
    return recordings


def _answers(path: Path) -> Iterator[tuple[Any, str]]:
    try:
        value = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        message = f"{path} cannot be read as JSON: {error}"
        raise WorldError(message) from error
    if not (isinstance(value, dict) and "body" in value):
        yield value, ""
    elif value.get("status", 200) == 200:
        request = value.get("request")
        yield value["body"], str(request.get("url", "")) if isinstance(request, dict) else ""


def _playlist_id(url: str) -> str | None:
    """The playlist that a page belongs to; "starred" lists of old had no id, so they get one."""
    named, starred = _PLAYLIST.search(url), _STARRED.search(url)
    if named is not None:
        return named[1] if ids.is_id(named[1]) else ids.derive("page", named[1])
    return ids.derive("starred", starred[1]) if starred is not None else None
