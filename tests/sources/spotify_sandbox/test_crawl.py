"""Everything that an answer names can be asked for: a walk along all links of this sandbox."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sources.spotify_sandbox import generate, load
from tests.sources.spotify_sandbox.asking import BASE, Api

REAL = b"https://api.spotify.com/v1"
NAMED = {
    "albums",
    "artists",
    "audio-analysis",
    "audio-features",
    "audiobooks",
    "categories",
    "chapters",
    "episodes",
    "playlists",
    "shows",
    "tracks",
    "users",
}
"""After these an id follows, except at the end of a path."""

LINKS = ("href", "next", "previous", "track_href", "analysis_url")


def links(value: Any) -> Iterator[tuple[str, str | None]]:
    """All links in an answer, each with the id of the object that has it."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in LINKS and isinstance(part, str):
                yield part, value.get("id") if key == "href" else None
            else:
                yield from links(part)
    elif isinstance(value, list):
        for part in value:
            yield from links(part)


def kind(address: str) -> str:
    """What an address is of: its path, ``*`` for ids."""
    parts = address.removeprefix(BASE).partition("?")[0].split("/")
    return "/".join(part if before not in NAMED else "*" for before, part in pairwise(["", *parts]))


def crawl(api: Api, starts: list[str], each: int, depth: int) -> Counter[str]:
    """Follow links, no more than some of each kind; how many of each were answered. Objects answer to their ids."""
    answered: Counter[str] = Counter()
    seen = set(starts)
    level: list[tuple[str, str | None]] = [(start, None) for start in starts]
    for _ in range(depth):
        following: list[tuple[str, str | None]] = []
        for address, object_id in level:
            # Those who added an entry may have an empty id, and then no address.
            if answered[kind(address)] >= each or address.endswith("/users/"):
                continue
            answer = api.get(address)
            assert answer.status == 200, (address, answer.body)
            answered[kind(address)] += 1
            body = answer.json
            if object_id is not None:
                assert body["id"] == object_id, address
            if body.get("type") == "album":
                assert body["total_tracks"] >= body["tracks"]["total"], address
            for link in links(body):
                if link[0] not in seen:
                    seen.add(link[0])
                    following.append(link)
        level = following
    return answered


STARTS = [
    "/me/playlists",
    "/search?q=a&type=track,album,artist,playlist,show,episode,audiobook&limit=3",
    "/browse/categories",
    "/browse/new-releases?limit=3",
    "/browse/featured-playlists",
    "/recommendations?seed_genres=techno&limit=3",
]
KINDS = {
    *(f"/{name}/*" for name in NAMED - {"audio-features", "categories"}),
    "/albums/*/tracks",
    "/artists/*/albums",
    "/audiobooks/*/chapters",
    "/browse/categories/*",
    "/playlists/*/tracks",
    "/shows/*/episodes",
    "/users/*/playlists",
}


@pytest.mark.parametrize("market", [None, "SE"])
def test_generated(market: str | None) -> None:
    """In a generated world every link leads to the object that was meant, with a market and without."""
    world = generate(seed=11, playlists=20, items=900)
    tracks = [f"/playlists/{playlist.id}/tracks" for playlist in world.listed() if playlist.is_readable]
    works = world.catalogue.works
    artist = works.track(0).artists[0].id
    features = ",".join(works.track(number).id for number in range(3))
    more = [f"/artists/{artist}/albums", f"/artists/{artist}/related-artists", f"/audio-features?ids={features}"]
    starts = [
        f"{start}{'&' if '?' in start else '?'}market={market}" if market else start for start in [*STARTS, *more]
    ]
    answered = crawl(Api(world), [*starts, *(f"{path}?additional_types=track,episode" for path in tracks)], 60, 4)
    assert answered.keys() >= KINDS


@pytest.mark.parametrize("market", ["", "SE"])
def test_recorded(tmp_path: Path, market: str) -> None:
    """In a world of recorded answers the albums, artists and shows of its contents can be asked for.

    So can the tracks from which recorded ones were relinked.
    """
    world = generate(seed=11, playlists=20, items=900)
    playlist = next(each for each in world.listed() if each.is_readable and len(each) > 100)
    address = f"/playlists/{playlist.id}"
    app = Api(world, user=False)
    recorded = app.get(address, additional_types="track,episode", market=market).body.replace(BASE.encode(), REAL)
    assert (b'"linked_from"' in recorded) is bool(market)
    (tmp_path / "playlist.json").write_bytes(recorded)
    answered = crawl(Api(load(tmp_path)), ["/me/playlists", f"{address}/tracks"], 60, 4)
    assert answered.keys() >= {
        "/albums/*",
        "/albums/*/tracks",
        "/artists/*",
        "/episodes/*",
        "/shows/*",
        "/shows/*/episodes",
        "/tracks/*",
    }
