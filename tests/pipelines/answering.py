"""An API of a few answers that are written by hand, for what the sandbox's worlds never say."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sources.spotify_sandbox import Sandbox, generate

Json = dict[str, Any]


class Answers:
    """Playlists of a library by their ids, each with the contents of its entries, to be changed between syncs."""

    def __init__(self) -> None:
        self.playlists: dict[str, list[Json]] = {}
        self.version = 0

    @contextmanager
    def served(self) -> Iterator[Sandbox]:
        """As an API; anything else that is asked is the sandbox's to answer."""
        with Sandbox(generate(seed=1, playlists=1, items=1), intercept=self._answer) as api:
            yield api

    def show(self, **playlists: list[Json]) -> None:
        """From now on these are the playlists, in this order, and all of them have changed."""
        self.playlists = {name.ljust(22, "0"): contents for name, contents in playlists.items()}
        self.version += 1

    def _answer(self, request: Request) -> Response | None:
        place = request.url.path.removeprefix("/v1/")
        if place == "me/playlists":
            rows = [self._playlist(playlist_id) for playlist_id in self.playlists]
            return JSONResponse({"items": rows, "total": len(rows), "limit": 50, "offset": 0, "next": None})
        playlist_id = place.removeprefix("playlists/")
        return JSONResponse(self._playlist(playlist_id)) if playlist_id in self.playlists else None

    def _playlist(self, playlist_id: str) -> Json:
        entries = [{"added_at": "2020-05-06T07:08:09Z", "item": item} for item in self.playlists[playlist_id]]
        page = {"items": entries, "total": len(entries), "limit": 100, "offset": 0, "next": None}
        described = {"id": playlist_id, "name": playlist_id, "snapshot_id": f"{self.version}", "owner": {"id": "me"}}
        return described | {"items": page, "type": "playlist"}
