"""What `playlake restore` brings back besides the items, and what it leaves alone."""

import sys
from collections.abc import Iterator
from hashlib import blake2b
from io import StringIO
from unittest.mock import patch

import pytest

from pipelines.operations.writing import new_playlist
from sources.spotify_sandbox import Fault, Playlist, Weather
from sources.spotify_sandbox.api.pictures import cover
from sources.spotify_sandbox.render.json import image
from sources.spotify_sandbox.world.library import Kind
from tests.pipelines.writing import Desk, contents, desk, now

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("restoring"), "development") as made, patch.object(new_playlist, "PAUSE", 0.0):
        yield made


@pytest.fixture(autouse=True)
def calm(at: Desk) -> Iterator[None]:
    yield
    at.api.weather = Weather()


def named(at: Desk, name: str) -> list[Playlist]:
    return [each for each in at.api.world.playlists.values() if each.name == name]


def show_cover(at: Desk, playlist: Playlist, picture: bytes) -> None:
    """Gives a playlist a picture of its own."""
    name = "ab67706c0000da84" + blake2b(picture, digest_size=12).hexdigest()
    at.api.world.pictures[name] = picture
    playlist.set_images(f"[{image(f'https://image-cdn-ak.spotifycdn.com/image/{name}', None)}]".encode())


def test_what_was_taken_off_the_list_is_listed_again(at: Desk) -> None:
    """A playlist that its owner deleted in the app is still there by its id; it comes back with all its dates."""
    playlist = at.playlist("Taken off", 4)
    at("sync", playlist.id)
    before, moment = contents(playlist), now()
    at.api.world.unlist(playlist.id)
    sent = len(at.written)
    dry = at("restore", playlist.id, "--as-of", moment, "--dry-run")
    assert (dry.code, "no longer in your library" in dry.out, "take 1 request" in dry.out) == (0, True, True)
    assert at.written[sent:] == []
    for _ in range(2):
        assert at("restore", playlist.id, "--as-of", moment, "--yes").code == 0
    assert (playlist.id in at.api.world.listing, contents(playlist)) == (True, before)
    assert at.written[sent:] == [("PUT", "/me/library")]


def test_a_list_of_the_same_name_is_left_alone(at: Desk) -> None:
    """After a start that made nothing, a list that the user made by hand is not taken for the one to fill."""
    playlist = at.playlist("Same name", 3)
    at("sync", playlist.id)
    command = ("restore", playlist.id, "--as-of", now(), "--new", "--yes")
    at.api.weather = Weather([Fault("too_many_requests", retry_after=4000, method="POST", path="/v1/me/playlists")])
    assert at(*command).code == 75
    at.api.weather = Weather()
    by_hand = at.playlist("Same name", 2)
    before = contents(by_hand)
    assert at(*command).code == 0
    assert contents(by_hand) == before
    assert [len(each) for each in named(at, "Same name")] == [3, 2, 3]


def test_half_of_a_new_list_that_was_deleted_is_made_again(at: Desk) -> None:
    """Who throws away what a killed command had made, and gives it again, gets another one."""
    playlist = at.playlist("Half made", 3)
    at("sync", playlist.id)
    command = ("restore", playlist.id, "--as-of", now(), "--new", "--yes")
    at.api.weather = Weather([Fault("too_many_requests", retry_after=4000, method="POST", path="/v1/playlists/**")])
    assert at(*command).code == 75
    at.api.weather = Weather()
    _, half = named(at, "Half made")
    at.api.world.unlist(half.id)
    assert at(*command).code == 0
    assert [len(each) for each in named(at, "Half made")] == [3, 0, 3]


def test_details_come_back(at: Desk) -> None:
    """Name, description, visibility and the kept cover; what Spotify would not take is reported."""
    playlist = at.playlist("Described", 2)
    show_cover(at, playlist, cover("before", 64))
    at("sync", playlist.id, "--covers")
    images, moment = playlist.images, now()
    playlist.rename("Mangled")
    playlist.describe("bad &amp; worse")
    playlist.set_public(False)
    show_cover(at, playlist, cover("after", 64))
    sent = len(at.written)
    done = at("restore", playlist.id, "--as-of", moment, "--details", "--yes")
    assert (done.code, done.err, "2 requests" in done.out) == (0, "", True)
    assert (playlist.name, playlist.description, playlist.public) == ("Described", "", True)
    assert (playlist.images == images, len(at.written[sent:])) == (True, 2)
    picture = cover("large", 64)
    show_cover(at, playlist, picture[:-2] + bytes(200_000) + picture[-2:])
    at("sync", playlist.id, "--covers")
    moment = now()
    playlist.rename("Mangled")
    done = at("restore", playlist.id, "--as-of", moment, "--details", "--yes")
    assert (done.code, playlist.name, done.err.startswith("Not restored: the cover")) == (4, "Described", True)
    theirs = at.api.world.create_playlist("Shared", owner="1199287766", public=False, collaborative=True)
    theirs.insert(0, at.some(2))
    at("sync", theirs.id)
    moment, sent = now(), len(at.written)
    theirs.remove([0])
    refused = at("restore", theirs.id, "--as-of", moment, "--details", "--yes")
    assert (refused.code, "leave out --details" in refused.err, at.written[sent:]) == (2, True, [])
    assert at("restore", theirs.id, "--as-of", moment, "--yes").code == 0
    assert len(theirs) == 2


@pytest.mark.parametrize(("answer", "code"), [("n\n", 0), ("\n", 0), ("", 130)])
def test_a_refused_question_writes_nothing(at: Desk, answer: str, code: int) -> None:
    """No, nothing, and an end of input are all no; only a yes writes."""

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    (playlist,) = named(at, "Asked") or [at.playlist("Asked", 3)]
    if answer == "n\n":
        at("sync", playlist.id)
        playlist.remove([0])
    sent = len(at.written)
    with patch.object(sys, "stdin", Terminal(answer)):
        end = at("push", f"SELECT '{at.some(1)[0]}' AS item_uri", "--to", playlist.id)
    assert (end.code, at.written[sent:]) == (code, [])


def test_an_interrupted_write_does_not_claim_to_have_left_what_it_found(at: Desk) -> None:
    """The row of a command that was stopped in the middle has no version that nobody has seen after it."""
    playlist = at.playlist("Stopped", 1)
    at("sync", playlist.id)
    at.api.weather = Weather([Fault("quota_exceeded", method="POST", path="/v1/playlists/**", nth=[2])])
    query = f"SELECT unnest({at.some(150, 8)}) AS item_uri"
    assert at("push", query, "--to", playlist.id, "--yes").code == 75
    columns = "outcome, snapshot_before IS NULL, snapshot_after"
    rows = at.rows(f"SELECT {columns} FROM writes WHERE playlist_id = '{playlist.id}'")
    assert len(playlist) > 1
    assert rows in (["rate_limited,False,"], [f"rate_limited,False,{playlist.snapshot_id}"])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", ["album", "episode", "show", "audiobook"])
@pytest.mark.parametrize("regime", ["extended", "development"])
def test_each_collection_is_saved_again(at: Desk, kind: Kind, regime: str) -> None:
    """What was saved is saved again in its old order, by the paths of either mode; what is saved since then stays."""
    library = at.api.world.library
    at.api.regime = regime
    try:
        at("sync", "--resources", "saved_items")
        # Spotify shows no URI of what is hidden, so nobody can save it again.
        shown = "".join(at.rows(f"SELECT item_uri FROM saved_items WHERE collection = '{kind}s'"))
        before, moment = [item for item, _ in library.listed(kind) if item in shown], now()
        for item in before[::2]:
            library.remove(kind, item)
        dry, sent = at("restore", f"saved:{kind}s", "--as-of", moment, "--dry-run"), len(at.written)
        done = at("restore", f"saved:{kind}s", "--as-of", moment, "--yes")
        assert f"would take {len(at.written) - sent} request" in dry.out
    finally:
        at.api.regime = "development"
    after = [item for item, _ in library.listed(kind) if item in shown]
    assert done.code == 0, done.err
    # Another one may be hidden by the time of the restore; Spotify hides one of each kind at most.
    assert len(set(before) - set(after)) <= 1
    again = set(before[::2]) & set(after)
    assert [item for item in after if item in again] == [item for item in before if item in again]


def test_what_spotify_hides_of_saved_things_is_named(at: Desk) -> None:
    """A saved episode without a URI cannot be saved again: it is reported, with the time at which it was saved."""
    library = at.api.world.library
    library.save("episode", "0" * 22, 1_700_000_000)
    at("sync", "--resources", "saved_items")
    moment, sent = now(), len(at.written)
    there = at("restore", "saved:episodes", "--as-of", moment, "--yes")
    assert (there.code, "hidden" in there.err) == (0, False)
    library.remove("episode", "0" * 22)
    gone = at("restore", "saved:episodes", "--as-of", moment, "--yes")
    assert (gone.code, at.written[sent:]) == (4, [])
    assert "Not restored: a hidden item that was saved at 2023-11-14 22:13:20 UTC, its URI is not known" in gone.err


def test_a_lake_of_parquet_files(at: Desk) -> None:
    """A restore and a push from Parquet files do as from DuckDB, and leave their rows in `writes`."""
    place = ("--destination", "parquet", "--path", str(at.lake.with_suffix("")))
    playlist = at.playlist("From files", 5)
    at("sync", playlist.id, *place)
    before, moment = contents(playlist), now()
    playlist.remove([0, 3])
    done = at("restore", "From files", "--as-of", moment, "--yes", *place)
    assert (done.code, done.err) == (0, "")
    assert [uri for uri, _ in contents(playlist)] == [uri for uri, _ in before]
    query = f"SELECT item_uri FROM items WHERE playlist_id = '{playlist.id}' ORDER BY place DESC"
    assert at("push", query, "--to", playlist.id, "--yes", *place).code == 0
    assert [uri for uri, _ in contents(playlist)] == [uri for uri, _ in reversed(before)]
    rows = at("query", "SELECT operation, outcome FROM writes ORDER BY started_at", "--format", "csv", *place)
    assert rows.out.splitlines()[1:] == ["restore,done", "push,done"]
