"""Worlds in files."""

import zlib
from pathlib import Path

import pytest

from sources.spotify_sandbox import World, WorldError, evolve, generate, load
from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue
from tests.sources.spotify_sandbox.asking import Api, dice

PATHS = ("/me", "/me/playlists", "/me/tracks", "/me/player", "/me/player/recently-played", "/me/following?type=artist")


def edited(seed: int) -> World:
    """A world that people and a player have used."""
    world = generate(seed, 9, 700, null_playlists=1)
    evolve(world, dice(seed), 150)
    playlist = world.create_playlist("Näv & “more”", public=False, description=None)
    playlist.insert(0, [world.catalogue.uri(0), None], added_at="1970-01-01T00:00:00Z")
    world.rename_track(world.catalogue.uri(0) or "", "Another name")
    world.restrict_track(world.catalogue.uri(1) or "", ("SE", "DE"))
    world.pictures["a" * 24] = b"\xff\xd8 a picture"
    world.library.save("artist", "0LyfQWJT6nXafLPZqxe9Of", 1_700_000_000)
    world.player.start([3, 1, 2], None, 1, 5_000, 1_800_000_000_000)
    return world


def answered(world: World) -> list[bytes]:
    """Everything that a signed-in client reads of a world's playlists and of the user."""
    api = Api(world)
    answers = [api.get(path).body for path in PATHS]
    for playlist_id in world.playlists:
        offsets = range(0, len(world.playlist(playlist_id)) + 1, 100)
        page = f"/playlists/{playlist_id}/tracks?additional_types=episode"
        answers += [api.get(f"{page}&offset={offset}").body for offset in offsets]
        answers.append(api.get(f"/playlists/{playlist_id}").body)
    return answers


@pytest.mark.parametrize("seed", range(3))
def test_the_same_answers(seed: int, tmp_path: Path) -> None:
    """A world from a file answers byte for byte as the saved one, and the same edits lead both to the same place."""
    world, path = edited(seed), tmp_path / "world"
    world.save(path)
    twin = load(path)
    assert answered(twin) == answered(world)
    assert twin.pictures == world.pictures
    assert evolve(twin, dice(9), 150) == evolve(world, dice(9), 150)
    assert answered(twin) == answered(world)
    twin.save(path)
    again = path.read_bytes()
    world.save(path)
    assert path.read_bytes() == again
    assert [file.name for file in tmp_path.iterdir()] == ["world"]


def test_a_new_world_is_small(tmp_path: Path) -> None:
    """An entry takes a few bytes of the file."""
    generate(1, 40, 40_000).save(tmp_path / "world")
    assert (tmp_path / "world").stat().st_size < 40_000 * 12


def test_what_is_no_saved_world(tmp_path: Path) -> None:
    """A file cut short, changed, or of another version is refused in a sentence, and not half read."""
    path = tmp_path / "world"
    generate(1, 3, 50).save(path)
    line, _, stream = path.read_bytes().partition(b"\n")
    body = zlib.decompress(stream)
    damaged = {
        "another version": b"playlake world 1\n" + stream,
        "damaged": line + b"\n" + stream[:-9],
        "damaged: 50 entries": line + b"\n" + zlib.compress(body[:-1]),
        "damaged: Expected": line + b"\n" + zlib.compress(body.replace(b'"public":true', b'"public":"nonsense"')),
    }
    for message, content in damaged.items():
        path.write_bytes(content)
        with pytest.raises(WorldError, match=message):
            load(path)


def test_other_tracks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is refused by a version that would make other tracks of the same numbers."""
    path = tmp_path / "world"
    generate(1, 3, 50).save(path)
    make = GeneratedCatalogue.content
    monkeypatch.setattr(GeneratedCatalogue, "content", lambda self, index: make(self, (index + 1) % self.tracks))
    with pytest.raises(WorldError, match="another version of playlake"):
        load(path)


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    """A place that cannot be written to, and a world of recordings, are errors of this package."""
    with pytest.raises(WorldError, match="cannot be written"):
        generate(1, 1, 0).save(tmp_path / "nowhere" / "world")
    recorded = tmp_path / "playlist.json"
    recorded.write_text('{"id":"37i9dQZF1DXcBWIGoYBM5M","type":"playlist","tracks":{"items":[],"total":0}}')
    with pytest.raises(WorldError, match="only generated worlds"):
        load(recorded).save(tmp_path / "world")
