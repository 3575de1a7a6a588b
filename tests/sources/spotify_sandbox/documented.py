"""The operations of Spotify's OpenAPI document, and the requests that it gives as examples."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from sources.spotify_sandbox import World
from tests.sources.spotify_sandbox.asking import Answer, Api
from tests.sources.spotify_sandbox.deviations import EVERYWHERE, STATUSES
from tests.sources.spotify_sandbox.openapi import differences, document, resolved, shortened, unexplained

METHODS = ("get", "post", "put", "delete")

_PARAMETER = re.compile(r"\{\w+\}")
_ID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{22}(?![0-9A-Za-z])")
_URI = re.compile(r"spotify:(track|episode|album|artist|show|audiobook|playlist):[0-9A-Za-z]{22}")
_BARE_KEY = re.compile(r"(?<=[{,])\s*(\w+)\s*:")


@dataclass(frozen=True)
class Request:
    """A request as somebody would send it; a body that is text is sent as it is, any other as JSON, None not at all."""

    method: str
    path: str
    values: dict[str, str]
    query: dict[str, str]
    body: Any = None

    @property
    def address(self) -> str:
        """Path and query; what the document has quoted already, such as %20, stays as it is."""
        path = re.sub(r"\{(\w+)\}", lambda found: quote(self.values[found[1]], safe=""), self.path)
        query = "&".join(f"{name}={quote(value, safe='%:,()!*')}" for name, value in self.query.items())
        return f"{path}?{query}" if query else path

    def sent(self, api: Api) -> Answer:
        """The answer to it."""
        content = b"" if self.body is None else self.body.encode() if isinstance(self.body, str) else self.body
        return api.send(self.method.upper(), self.address, content)


class Operation:
    """One operation of the document."""

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.path = path
        self._described = document()["paths"][path][method]

    def __repr__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    def is_at(self, method: str, path: str) -> bool:
        """Whether this is the operation of a method and a path, whose parameters may be called otherwise."""
        return self.method == method.lower() and _PARAMETER.sub("{}", self.path) == _PARAMETER.sub("{}", path)

    @cached_property
    def statuses(self) -> set[int]:
        """Those of success."""
        known = {int(status) for status in self._described["responses"] if status.startswith("2")}
        more = STATUSES.get((self.method, self.path))
        return known if more is None else {*known, more[0]}

    def wrong(self, answer: Answer, circumstances: frozenset[str]) -> list[str]:
        """What about an answer of success is neither as documented nor a deviation that is listed."""
        response = resolved(self._described["responses"].get(str(answer.status), {}))
        if "content" not in response:
            return [f"{answer.body[:50]!r} is more than a status"] if answer.body else []
        found = differences(self.path, shortened(answer.json), self.method, answer.status)
        return unexplained(found, EVERYWHERE, circumstances, set())

    @cached_property
    def parameters(self) -> list[Any]:
        """Those of path and query."""
        return [resolved(each) for each in self._described.get("parameters", [])]

    def requests(self) -> Iterator[Request]:
        """The requests that its examples make: what is required alone, everything, and each example of a body."""
        bodies = [*self._bodies()]
        first = bodies[0] if bodies else None
        for everything in (False, True):
            yield Request(self.method, self.path, self._values("path"), self._values("query", everything), first)
        for body in bodies:
            query = {name: value for name, value in self._values("query").items() if name not in {"ids", "uris"}}
            yield Request(self.method, self.path, self._values("path"), query, body)

    def _values(self, place: str, everything: bool = False) -> dict[str, str]:
        wanted = [each for each in self.parameters if each["in"] == place]
        found = {each["name"]: _example(each["schema"]) for each in wanted if everything or each.get("required")}
        return {name: value for name, value in found.items() if value is not None}

    def _bodies(self) -> Iterator[Any]:
        if "requestBody" not in self._described:
            return
        (content,) = resolved(self._described["requestBody"])["content"].values()
        schema = resolved(content["schema"])
        if "example" in schema:
            yield schema["example"]
        for name, member in schema.get("properties", {}).items():
            for text in re.findall(r"`(\{.*?\}|\[.*?\])`", member.get("description", "")):
                value = json.loads(_BARE_KEY.sub(r'"\1":', text))
                if isinstance(value, list):
                    yield {name: value}
                elif name in value:
                    yield value


def operations() -> list[Operation]:
    """All operations of the document."""
    return [
        Operation(method, path) for path, known in document()["paths"].items() for method in METHODS if method in known
    ]


def _example(schema: Any) -> str | None:
    """The example of a parameter, else the first value that is allowed, else nothing."""
    if "example" in schema:
        value = schema["example"]
        return str(value).lower() if isinstance(value, bool) else str(value)
    allowed = schema.get("enum") or schema.get("items", {}).get("enum")
    return allowed[0] if allowed else None


class Known:
    """What of a world stands for the ids of the document's examples."""

    def __init__(self, world: World) -> None:
        works = world.catalogue.works
        releases, books = list(works.every_release()), list(works.every_audiobook())
        longest = max(releases, key=lambda release: len(release.tracks))
        own = [each for each in world.playlists.values() if each.owner == world.me.id]
        self.user = world.me.id
        self.device = world.personal(world.me.id).player.devices[0].id or ""
        self.ids = {
            "track": works.track(works.every_track()[0]).id,
            "episode": works.episode(works.every_episode()[0]).id,
            "album": longest.album.id,
            "artist": next(works.every_performer()).artist.id,
            "show": next(works.every_show()).id,
            "audiobook": books[0].id,
            "chapter": works.chapters(books[0])[0].id,
            "playlist": max(own, key=len).id,
        }

    def put_into(self, request: Request) -> Request:
        """A request about what is there: its ids are changed for some of this world."""
        kind = self._kind(request.path, request.query)
        values = {name: self._value(name, value, kind) for name, value in request.values.items()}
        query = {name: self._value(name, value, kind) for name, value in request.query.items()}
        return replace(request, values=values, query=query, body=self._changed("", request.body, kind))

    def _kind(self, path: str, query: dict[str, str]) -> str:
        parts = path.replace("/me/", "/").split("/")
        kind = query.get("type", "") if "following" in parts else parts[1]
        return {"audio-features": "track", "audio-analysis": "track"}.get(kind, kind.removesuffix("s"))

    def _changed(self, name: str, value: Any, kind: str) -> Any:
        if isinstance(value, dict):
            return {name: self._changed(name, part, kind) for name, part in value.items()}
        if isinstance(value, list):
            return [self._changed(name, part, kind) for part in value]
        return self._value(name, value, kind) if isinstance(value, str) else value

    def _value(self, name: str, value: str, kind: str) -> str:
        seeds = {"seed_artists": "artist", "seed_tracks": "track"}
        fixed = {"user_id": self.user, "device_id": self.device, "device_ids": self.device, "category_id": "pop"}
        if name in fixed:
            return fixed[name]
        if _URI.search(value):
            return _URI.sub(lambda found: f"spotify:{found[1]}:{self.ids[found[1]]}", value)
        kind = "playlist" if name == "playlist_id" else seeds.get(name, kind)
        return _ID.sub(self.ids[kind], value) if kind in self.ids else value
