"""One playlist behind the Web API's paths, with the faults that reading has to survive."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.sources.spotify.stand_in import API, Reply, StandIn, path, query, refusal, reply

ID = "37i9dQZF1DXcBWIGoYBM5M"
NAMES = {"extended": ("tracks",), "development": ("items",), "transition": ("tracks", "items")}
"""Under which names a regime gives the entries of a playlist; the paths are called the same."""


def entry(number: int, name: str = "track") -> dict[str, Any]:
    """An entry that holds a track."""
    track = {"type": "track", "uri": f"spotify:track:{number}", "id": str(number), "track": True, "episode": False}
    return {"added_at": "2015-01-15T12:39:22Z", "added_by": {"id": "me"}, name: track}


@dataclass
class FakeApi:
    """A playlist of `size` entries.

    Attributes:
        size: how many entries it has.
        regime: which names the answers use.
        snapshots: its snapshot ids, one for each time it is looked at; the last one forever.
        cap: the most rows a page holds after the first.
        withheld: whether contents are left out.
        shut: paths (`tracks`, `items`) that answer 403.
        missing: paths that answer 404.
        change: called with an answer and the request before it is sent.
        total: what the answers say, if not the truth.
    """

    size: int
    regime: str = "extended"
    snapshots: list[str | None] = field(default_factory=lambda: ["one"])
    cap: int = 50
    withheld: bool = False
    shut: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    change: Callable[[dict[str, Any], requests.PreparedRequest], object] = lambda _answer, _request: None
    total: int | None = None

    def server(self) -> StandIn:
        """This playlist as a server."""
        return StandIn(self.answer)

    def answer(self, request: requests.PreparedRequest) -> Reply:
        """What the API answers."""
        place = path(request).removeprefix(f"/v1/playlists/{ID}").strip("/")
        if place in self.shut:
            return refusal(403, "Forbidden")
        if place in self.missing or place not in ("", *NAMES[self.regime]):
            return refusal(404, "Resource not found")
        asked = query(request)
        if place:
            answer = self.page(place, int(asked["offset"]), min(int(asked["limit"]), self.cap))
        elif "fields" in asked:
            answer = {"snapshot_id": self.snapshot()}
        else:
            answer = {"id": ID, "name": "Mix", "snapshot_id": self.snapshot()}
            answer |= {} if self.withheld else {name: self.page(name, 0, 100) for name in NAMES[self.regime]}
        self.change(answer, request)
        return reply(answer)

    def snapshot(self) -> str | None:
        """The snapshot id at this moment."""
        return self.snapshots.pop(0) if len(self.snapshots) > 1 else self.snapshots[0]

    def page(self, place: str, offset: int, limit: int) -> dict[str, Any]:
        """A page as the API gives it."""
        end = min(offset + limit, self.size)
        content = {"tracks": "track", "items": "item"}[place]
        following = f"{API}/playlists/{ID}/{place}?offset={end}&limit={limit}" if end < self.size else None
        return {
            "href": f"{API}/playlists/{ID}/{place}",
            "items": [entry(number, content) for number in range(offset, end)],
            "limit": limit,
            "next": following,
            "offset": offset,
            "total": self.size if self.total is None else self.total,
        }
