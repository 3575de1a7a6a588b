"""Every answer about playlists and the user validates against the OpenAPI document, but for deviations by name."""

from collections.abc import Iterator
from typing import Any

import pytest

from sources.spotify_sandbox import World, generate
from sources.spotify_sandbox.accounts.scopes import SCOPES
from tests.sources.spotify_sandbox import deviations
from tests.sources.spotify_sandbox.asking import Answer, Api
from tests.sources.spotify_sandbox.openapi import differences, shortened, unexplained

EVERYTHING = " ".join(SCOPES)

Asked = tuple[str, str, Answer]
"""The path of an operation in the document, its method, and an answer of it."""


def reads(api: Api, world: World, **market: object) -> Iterator[Asked]:
    """Everything that a user reads."""
    for kind in ("tracks", "albums", "episodes", "shows", "audiobooks"):
        yield f"/me/{kind}", "get", api.get(f"/me/{kind}", limit=4, **market)
        yield f"/me/{kind}/contains", "get", api.get(f"/me/{kind}/contains", ids="7" * 22)
    for kind in ("artists", "tracks"):
        yield "/me/top/{type}", "get", api.get(f"/me/top/{kind}", limit=12)
    yield "/me", "get", api.get("/me")
    yield "/me/library/contains", "get", api.get("/me/library/contains", uris="spotify:user:x")
    yield "/me/following", "get", api.get("/me/following", type="artist", limit=12)
    yield "/me/following/contains", "get", api.get("/me/following/contains", type="user", ids="x")
    yield "/me/playlists", "get", api.get("/me/playlists", limit=50)
    yield "/users/{user_id}/playlists", "get", api.get(f"/users/{world.me.id}/playlists", limit=12)
    for playlist_id in some_playlists(world):
        path, types = f"/playlists/{playlist_id}", "track,episode"
        yield "/playlists/{playlist_id}", "get", api.get(path, additional_types=types, **market)
        yield "/playlists/{playlist_id}", "get", api.get(path, **market)
        for part in ("tracks", "items"):
            page = api.get(f"{path}/{part}", additional_types=types, limit=40, offset=5, **market)
            yield f"/playlists/{{playlist_id}}/{part}", "get", page
        yield "/playlists/{playlist_id}/images", "get", api.get(f"{path}/images")
        yield "/playlists/{playlist_id}/followers/contains", "get", api.get(f"{path}/followers/contains")


def some_playlists(world: World) -> list[str]:
    """A playlist of each sort: empty, without cover, not to be changed by the user, with everything in it."""
    odd = {None, "track", "episode", "local"}
    kinds = {
        (
            len(each) == 0,
            each.images == b"null",
            each.belongs_to(world.me.id),
            odd <= {entry.kind for entry in each.entries[:100]},
        ): each.id
        for each in world.playlists.values()
    }
    assert any(everything for *_, everything in kinds)
    return [*kinds.values()]


def listens(api: Api, world: World, **market: object) -> Iterator[Asked]:
    """The player, while a track, an episode and a local file play."""
    device = api.get("/me/player/devices").json["devices"][0]["id"]
    catalogue = world.catalogue
    numbers = (5, catalogue.works.every_episode()[0], catalogue.works.every_episode()[-1] + 1)
    assert [*map(catalogue.kind, numbers)] == ["track", "episode", "local"]
    for number in numbers:
        body = {"uris": [catalogue.uri(number), catalogue.uri(0)]}
        assert api.send("PUT", "/me/player/play", body, device_id=device).status == 204
        types = {"additional_types": "track,episode", **market}
        yield "/me/player", "get", api.get("/me/player", **types)
        yield "/me/player/currently-playing", "get", api.get("/me/player/currently-playing", **types)
        yield "/me/player/queue", "get", api.get("/me/player/queue")
    yield "/me/player/devices", "get", api.get("/me/player/devices")
    yield "/me/player/recently-played", "get", api.get("/me/player/recently-played", limit=12)


def writes(api: Api, world: World) -> Iterator[Asked]:
    """What a user writes, where that is answered with more than a status."""
    created = api.send("POST", "/me/playlists", {"name": "New"})
    yield "/me/playlists", "post", created
    yield "/users/{user_id}/playlists", "post", api.send("POST", f"/users/{world.me.id}/playlists", {"name": "New"})
    for part in ("tracks", "items"):
        path, there = f"/playlists/{created.json['id']}/{part}", f"/playlists/{{playlist_id}}/{part}"
        uri = world.catalogue.uri(3)
        yield there, "post", api.send("POST", path, {"uris": [uri]})
        yield there, "put", api.send("PUT", path, {"uris": [uri]})
        yield there, "delete", api.send("DELETE", path, {part: [{"uri": uri}]})


@pytest.mark.parametrize("part", ["reads", "listens", "writes"])
def test_answers_are_as_documented(part: str) -> None:
    """No answer to a user differs from the document, except in ways that are listed, each of which occurs."""
    allowed = deviations.PERSONAL[part]
    met: set[str] = set()
    wrong: set[str] = set()
    answered: set[Any] = set()
    expected: set[Any] = set()
    for regime in ("extended", "development", "transition"):
        for market in ({}, {"market": "SE"}) if regime != "transition" else ({},):
            world = generate(seed=5, playlists=16, items=600, null_playlists=1)
            api = Api(world, regime, scope=EVERYTHING)
            asked = {"reads": reads, "listens": listens}.get(part)
            circumstances = frozenset({*market} | ({"development"} if regime == "development" else set()))
            for path, method, answer in asked(api, world, **market) if asked else writes(api, world):
                expected.add((path, method))
                if answer.status not in {200, 201}:
                    # Gone for development apps, or withheld from them.
                    assert (regime, answer.status) in {("development", 403), ("development", 404)}, path
                    continue
                answered.add((path, method))
                found = differences(path, shortened(answer.json), method, answer.status)
                rest = unexplained(found, allowed, circumstances, met)
                wrong.update(f"{regime} {method} {path}: {difference}" for difference in rest)
    assert sorted(wrong) == []
    assert answered == expected
    assert met == allowed.keys()
