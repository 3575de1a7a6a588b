"""Covers: none, one, three; uploads; pictures behind every address; addresses that expire."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest

from sources.spotify_sandbox import Playlist, World, generate
from sources.spotify_sandbox.world import snapshot_ids
from sources.spotify_sandbox.world.timestamps import standing
from tests.sources.spotify_sandbox.asking import BASE, Api

EVERY = "ugc-image-upload playlist-modify-public playlist-modify-private playlist-read-private"
HERE = BASE.removesuffix("/v1") + "/images/"

# The smallest picture that the reference gives as an example: one grey pixel.
EXAMPLE = (
    b"/9j/2wCEABoZGSccJz4lJT5CLy8vQkc9Ozs9R0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0cBHCcnMyYzPS"
    b"YmPUc9Mj1HR0dEREdHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR//dAAQAAf/uAA5BZG9iZQBkwAAAAAH/"
    b"wAARCAABAAEDACIAAREBAhEB/8QASwABAQAAAAAAAAAAAAAAAAAAAAYBAQAAAAAAAAAAAAAAAAAAAAAQAQAAAAAAAAAAAAAAAAAAAAARAQAAAA"
    b"AAAAAAAAAAAAAAAAD/2gAMAwAAARECEQA/AJgAH//Z"
)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now


@pytest.fixture
def playlist() -> Playlist:
    """An empty playlist of the signed-in user."""
    return generate(1, 1, 0).create_playlist("Bare")


def world_of(playlist: Playlist) -> World:
    """The world of a playlist."""
    return playlist._world


def size(jpeg: bytes) -> tuple[int, int]:
    """Width and height, from the frame header of a baseline JPEG that ends as one."""
    assert jpeg.startswith(b"\xff\xd8\xff")
    assert jpeg.endswith(b"\xff\xd9")
    frame = jpeg.index(b"\xff\xc0")
    height, width = (int.from_bytes(jpeg[frame + at : frame + at + 2], "big") for at in (5, 7))
    return width, height


def test_every_image_is_a_picture() -> None:
    """Covers of playlists, albums and shows, and a user's portrait, are JPEG files as large as they are said to be."""
    world = generate(1, 40, 4_000)
    api = Api(world)
    images = api.get("/me").json["images"]
    kinds = set()
    for playlist in world.listed():
        body = api.get(f"/playlists/{playlist.id}", additional_types="track,episode").json
        images += body["images"] or []
        kinds.add(len(body["images"] or []))
        for entry in body["tracks"]["items"][:3]:
            content = entry["track"] or {}
            images += content.get("album", content).get("images", [])
            images += content.get("show", {}).get("images", [])
    assert kinds == {0, 1, 3}
    assert {image["width"] for image in images} == {None, 60, 64, 300, 640}
    for url, width in {image["url"]: image["width"] for image in images}.items():
        assert url.startswith(HERE)
        answer = api.fetch(url)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
        assert size(answer.body) == (width or 300, width or 300)


def test_sizes_of_a_cover_show_the_same_and_others_another() -> None:
    """A cover looks like itself in every size; two playlists do not look alike."""
    world = generate(1, 40, 400)
    api = Api(world)
    covers = [api.get(f"/playlists/{playlist.id}/images").json for playlist in world.listed()]
    mosaics = [images for images in covers if len(images) == 3]
    pictures = [[api.fetch(image["url"]).body for image in images] for images in mosaics[:5]]
    assert all(len(set(versions)) == 3 for versions in pictures)
    assert len({versions[0] for versions in pictures}) == len(pictures) > 1


def test_addresses_of_playlist_images_expire() -> None:
    """Within a day a cover has another address and the old one is refused; an album's cover stays where it is."""
    clock = Clock()
    world = generate(1, 8, 400, clock=clock)
    playlist = next(playlist for playlist in world.listed() if playlist.images.startswith(b"[{") and len(playlist))
    api = Api(world, clock=standing)

    def addresses() -> tuple[str, str]:
        body = api.get(f"/playlists/{playlist.id}").json
        tracks = (entry["track"] for entry in body["tracks"]["items"] if entry["track"] and not entry["is_local"])
        return body["images"][0]["url"], next(track["album"]["images"][0]["url"] for track in tracks)

    cover, album = addresses()
    picture = api.fetch(cover).body
    clock.now += timedelta(minutes=5)
    assert addresses() == (cover, album)
    clock.now += timedelta(days=1)
    assert api.fetch(cover).status == 403
    assert api.fetch(album).status == 200
    later, same = addresses()
    assert later != cover
    assert same == album
    assert api.fetch(later).body == picture
    assert api.fetch(cover[:-1] + "x").status == 403
    assert api.fetch(cover.rpartition("-")[0].replace("/image/", "/image/x")).status == 403


def test_upload(playlist: Playlist) -> None:
    """An uploaded JPEG comes back byte for byte, is the cover everywhere, and moves the snapshot id once."""
    api = Api(world_of(playlist), scope=EVERY)
    path = f"/playlists/{playlist.id}"
    assert api.get(f"{path}/images").json == []
    for _ in range(2):
        answer = api.send("PUT", f"{path}/images", EXAMPLE)
        assert (answer.status, answer.body) == (202, b"")
    [image] = api.get(f"{path}/images").json
    assert (image["height"], image["width"]) == (None, None)
    assert api.fetch(image["url"]).body == b64decode(EXAMPLE)
    assert api.get(path).json["images"] == [image] == api.get("/me/playlists").json["items"][0]["images"]
    assert snapshot_ids.revision(playlist.snapshot_id) == 2


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b64encode(b"\xff\xd8\xff" + bytes(200_000) + b"\xff\xd9"), 413, "Payload too large"),
        (EXAMPLE + b"\n", 400, "Bad request."),
        (b"data:image/jpeg;base64," + EXAMPLE, 400, "Bad request."),
        (b64encode(b"\x89PNG\r\n\x1a\n"), 400, "Bad request."),
        (b64decode(EXAMPLE), 400, "Bad request."),
        (b"", 400, "Bad request."),
    ],
)
def test_what_is_no_cover(playlist: Playlist, body: bytes, status: int, message: str) -> None:
    """More than 256 KB of base64, and what is not base64 of a JPEG, is refused and changes nothing."""
    before = playlist.snapshot_id
    answer = Api(world_of(playlist), scope=EVERY).send("PUT", f"/playlists/{playlist.id}/images", body)
    assert answer.json == {"error": {"status": status, "message": message}}
    assert (playlist.images, playlist.snapshot_id) == (b"[]", before)


def test_largest_upload(playlist: Playlist) -> None:
    """Exactly 256 KB of base64 are accepted."""
    body = b64encode(b"\xff\xd8\xff" + bytes(196_608 - 5) + b"\xff\xd9")
    assert len(body) == 256 * 1024
    assert Api(world_of(playlist), scope=EVERY).send("PUT", f"/playlists/{playlist.id}/images", body).status == 202


@pytest.mark.parametrize("missing", EVERY.split()[:2])
def test_scopes_of_an_upload(playlist: Playlist, missing: str) -> None:
    """A cover takes the scope for images and the one for the playlist."""
    api = Api(world_of(playlist), scope=" ".join(set(EVERY.split()) - {missing}))
    answer = api.send("PUT", f"/playlists/{playlist.id}/images", EXAMPLE)
    assert answer.json == {"error": {"status": 403, "message": "Insufficient client scope"}}


def test_cover_of_somebody_elses_playlist(playlist: Playlist) -> None:
    """Only the owner gives a playlist a cover."""
    playlist.transfer("marcel#spotify")
    answer = Api(world_of(playlist), scope=EVERY).send("PUT", f"/playlists/{playlist.id}/images", EXAMPLE)
    assert answer.status == 403
