"""`playlake restore` and `playlake push`, in both modes of the API."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from unittest.mock import patch

import pytest

from sources.spotify.writes.playlist_requests import PlaylistRequests
from sources.spotify_sandbox import Fault, Weather
from tests.pipelines.writing import READING, Desk, contents, desk, now


@pytest.fixture(scope="module", params=["extended", "development"])
def at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("writing"), request.param) as made:
        yield made


@pytest.fixture(autouse=True)
def calm(at: Desk) -> Iterator[None]:
    yield
    at.api.weather = Weather()
    at.api._service.intercept = None


class KilledError(BaseException):
    """The process is gone."""


def killed(after: int) -> AbstractContextManager[object]:
    """Kills the process at the request of a number."""
    send, left = PlaylistRequests.send, iter(range(after))

    def last(self: PlaylistRequests, *arguments: object) -> str | None:
        made = send(self, *arguments)  # type: ignore[arg-type]
        if next(left, None) is None:
            raise KilledError
        return made

    return patch.object(PlaylistRequests, "send", last)


@pytest.mark.sampled(1)
def test_a_mangled_playlist_comes_back(at: Desk) -> None:
    """A dry run and a command that may not ask write nothing; then all is as it was, dates of what stayed too."""
    playlist = at.playlist("Mangled", 12)
    at("sync", playlist.id)
    before, moment = contents(playlist), now()
    playlist.move(0, 9, 3)
    playlist.remove([4, 5])
    playlist.insert(2, at.some(1, 50))
    sent = len(at.written)
    dry = at("restore", playlist.id, "--as-of", moment, "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert "2 added, 1 removed" in dry.out
    assert "; 3 requests" in dry.out
    mute = at("restore", playlist.id, "--as-of", moment)
    assert (mute.code, "--yes" in mute.err) == (2, True)
    assert at.written[sent:] == []
    done = at("restore", "Mangled", "--as-of", moment, "--yes")
    assert (done.code, done.err) == (0, "")
    assert [uri for uri, _ in contents(playlist)] == [uri for uri, _ in before]
    assert len(set(contents(playlist)) & set(before)) == 10
    assert len(at.written[sent:]) == 3
    again = at("restore", playlist.id, "--as-of", moment, "--yes", "--quiet")
    assert (again.code, again.out, again.err, len(at.written[sent:])) == (0, "", "", 3)
    rows = at.rows(
        "SELECT operation, outcome, snapshot_before <> snapshot_after, user_id FROM writes "
        f"WHERE playlist_id = '{playlist.id}' ORDER BY started_at"
    )
    assert rows == [f"restore,done,True,{at.api.world.me.id}", f"restore,done,False,{at.api.world.me.id}"]
    changes = at.rows(
        f"SELECT change, count(*) FROM playlist_changes WHERE playlist_id = '{playlist.id}' GROUP BY 1 ORDER BY 1"
    )
    assert [line.partition(",")[0] for line in changes] == ["added", "moved", "removed"]


@pytest.mark.long
def test_a_deleted_playlist_comes_back_as_a_new_one(at: Desk) -> None:
    """With its details; made once, whatever becomes of the answers and of the process."""
    playlist = at.playlist("Deleted", 110)
    playlist.describe("Rock &amp; roll")
    at("sync", playlist.id)
    before, moment = contents(playlist), now()
    at.api.world.delete_playlist(playlist.id)
    gone = at("restore", playlist.id, "--as-of", moment, "--yes")
    assert (gone.code, "--new" in gone.err) == (1, True)
    path = "/v1/**/playlists"
    at.api.weather = Weather(
        [Fault("cut", method="POST", path=path, times=1), Fault("cut", path="/v1/me/playlists", method="POST", times=1)]
    )
    with killed(1), pytest.raises(KilledError):
        at("restore", playlist.id, "--as-of", moment, "--new", "--details", "--yes")
    done = at("restore", playlist.id, "--as-of", moment, "--new", "--details", "--yes")
    assert (done.code, done.err) == (0, "")
    (made,) = [each for each in at.api.world.playlists.values() if each.name == "Deleted"]
    assert [uri for uri, _ in contents(made)] == [uri for uri, _ in before]
    assert (made.description, made.public) == ("Rock &amp; roll", True)


@pytest.mark.long
def test_a_query_becomes_a_playlist(at: Desk) -> None:
    """A push replaces or appends, the same one again writes nothing, and a restore undoes it."""
    playlist = at.playlist("Pushed", 8)
    at("sync", playlist.id)
    before, moment, sent = contents(playlist), now(), len(at.written)
    query = f"SELECT item_uri FROM items WHERE playlist_id = '{playlist.id}' AND place <> 3 ORDER BY item_uri"
    with killed(0), pytest.raises(KilledError):
        at("push", query, "--to", playlist.id, "--yes")
    assert at("push", query, "--to", playlist.id, "--yes").code == 0
    wanted = sorted(str(uri) for number, (uri, _) in enumerate(before) if number != 2)
    assert [uri for uri, _ in contents(playlist)] == wanted
    other = at.some(2, 60)
    more = f"SELECT unnest(['{other[0]}', '{wanted[0]}', '{other[1]}']) AS item_uri"
    for _ in range(2):
        assert at("push", more, "--to", playlist.id, "--mode", "append", "--yes").code == 0
    assert [uri for uri, _ in contents(playlist)] == [*wanted, *other]
    assert at("restore", playlist.id, "--as-of", moment, "--yes").code == 0
    assert [uri for uri, _ in contents(playlist)] == [uri for uri, _ in before]
    assert {path.split("/")[2] for _, path in at.written[sent:]} == {playlist.id}


@pytest.mark.long
def test_what_somebody_else_does_meanwhile_is_reported(at: Desk) -> None:
    """It ends with 75, what they did is in the lake, and the same command goes on from there."""
    playlist = at.playlist("Shared", 6)
    at("sync", playlist.id)
    wanted = at.some(5, 70)
    query = "SELECT unnest(" + str(wanted) + ") AS item_uri"
    (theirs,) = at.some(1, 90)
    left = iter([None])

    def edit(asked: object) -> None:
        if asked.method == "POST" and "/playlists/" in asked.url.path:  # type: ignore[attr-defined]
            for _ in left:
                playlist.insert(0, [theirs])

    at.api._service.intercept = edit
    stopped = at("push", query, "--to", playlist.id, "--yes")
    assert (stopped.code, "changed by somebody else" in stopped.err) == (75, True)
    assert theirs in [uri for uri, _ in contents(playlist)]
    stored = at.rows(
        f"SELECT count(*) FROM playlist_additions WHERE playlist_id = '{playlist.id}' AND item_uri = '{theirs}'"
    )
    assert stored == ["1"]
    assert at("push", query, "--to", playlist.id, "--yes").code == 0
    assert [uri for uri, _ in contents(playlist)] == wanted
    outcomes = at.rows(f"SELECT outcome FROM writes WHERE playlist_id = '{playlist.id}' ORDER BY started_at")
    assert outcomes == ["edited_elsewhere", "done"]


@pytest.mark.long
def test_a_track_that_another_one_plays_for(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a market is set, it is neither added once more, nor taken off, nor thought to be somebody else's edit."""
    monkeypatch.setenv("SOURCES__SPOTIFY__MARKET", "US")
    catalogue = at.api.world.catalogue
    tracks = (catalogue.works.track(number) for number in range(3000))
    found = (track for track in tracks if track.replacement is not None and "US" not in track.markets.codes)
    relinked = [f"spotify:track:{next(found).id}" for _ in range(3)]
    playlist = at.playlist("Relinked", 4)
    playlist.insert(1, [relinked[0]], added_at="2024-02-01T00:00:00Z")
    at("sync", playlist.id)
    before, moment = contents(playlist), now()
    playlist.remove([0])
    done = at("restore", playlist.id, "--as-of", moment, "--yes")
    assert (done.code, "1 added, 0 removed, 0 moved; 1 request" in done.out) == (0, True), done.err
    assert contents(playlist)[1:] == before[1:]
    wanted = [relinked[1], relinked[2], relinked[1], str(before[0][0])]
    for items, mode in ((wanted, "replace"), (wanted, "replace"), (wanted[1:3], "append"), (wanted[::-2], "replace")):
        query = f"SELECT unnest({items}) AS item_uri"
        end = at("push", query, "--to", playlist.id, "--mode", mode, "--yes")
        assert end.code == 0, end.err
        assert [uri for uri, _ in contents(playlist)] == (items if mode == "replace" else wanted)


@pytest.mark.parametrize(
    ("arguments", "scope", "code", "said"),
    [
        (("restore", "{own}", "--as-of", "{now}", "--yes"), READING, 3, "playlake login --write"),
        (("restore", "saved:tracks", "--as-of", "{now}", "--yes"), READING, 3, "playlake login --write"),
        (("push", "SELECT '{track}' AS item_uri", "--to", "{theirs}", "--yes"), None, 2, "only they may change it"),
        (("push", "SELECT 'x' AS item_uri", "--to", "{own}", "--yes"), None, 2, "cannot be added"),
        (("push", "SELECT 'spotify:track:' AS item_uri", "--to", "{own}", "--yes"), None, 2, "cannot be added"),
        (("push", "SELECT '{track},{track}' AS item_uri", "--to", "{own}", "--yes"), None, 2, "cannot be added"),
        (("push", "SELECT '{track}'", "--new", "  ", "--yes"), None, 2, "--to PLAYLIST or --new NAME"),
        (("push", "SELECT 1 AS a, 2 AS b", "--to", "{own}", "--yes"), None, 2, "item_uri"),
        (("push", "SELECT '{track}' FROM range(10001)", "--to", "{own}", "--yes"), None, 2, "10,000"),
        (("push", "SELECT '{track}'", "--yes"), None, 2, "--to PLAYLIST or --new NAME"),
        (("restore", "{own}", "--as-of", "2020-01-01", "--yes"), None, 2, "was first read at"),
        (("restore", "{own}", "--as-of", "2999-01-01", "--yes"), None, 2, "is in the future"),
        (("restore", "No such name", "--as-of", "{now}", "--yes"), None, 2, "nor the name of one"),
        (("restore", "saved:films", "--as-of", "{now}", "--yes"), None, 2, "is not a collection"),
    ],
)
def test_refusals(at: Desk, arguments: tuple[str, ...], scope: str | None, code: int, said: str) -> None:
    """Each is a line and an exit code, and nothing was written."""
    world = at.api.world
    own = next((each for each in world.playlists.values() if each.name == "Own"), None) or at.playlist("Own", 3)
    named = next((each for each in world.playlists.values() if each.name == "Theirs"), None)
    theirs = named or world.create_playlist("Theirs", owner="1199287766")
    if not at.rows(f"SELECT 1 FROM playlists WHERE playlist_id = '{own.id}'"):
        at("sync", own.id)
    given = [each.format(own=own.id, theirs=theirs.id, now=now(), track=at.some(1)[0]) for each in arguments]
    sent = len(at.written)
    end = at(*given, **({"scope": scope} if scope else {}))
    assert (end.code, said in end.err, end.err.count("\n")) == (code, True, 1), end.err
    assert at.written[sent:] == []


@pytest.mark.long
def test_what_was_saved_is_saved_again(at: Desk) -> None:
    """Old dates come back where the app may say them, else the old order; what was saved since stays."""
    library = at.api.world.personal(at.api.world.me.id).library
    at("sync", "--resources", "saved_items,followed_artists")
    before, moment = library.listed("track"), now()
    artists = library.listed("artist")
    lost = [item for item, _ in before[:85]]
    for item in lost:
        library.remove("track", item)
    for item, _ in artists:
        library.remove("artist", item)
    dry = at("restore", "saved:tracks", "--as-of", moment, "--dry-run")
    assert (dry.code, f"{len(lost)} saved again" in dry.out) == (0, True), dry.err
    # Fifty at once by the older path, forty by the newer one.
    expected, sent = {"extended": 2, "development": 3}[at.api.regime], len(at.written)
    done = at("restore", "saved:tracks", "--as-of", moment, "--yes")
    assert (done.code, done.err) == (0, "")
    assert (f"; {expected} requests" in dry.out, len(at.written) - sent) == (True, expected)
    after = library.listed("track")
    # An app in development mode is told the track that plays, which may be another one than was saved.
    both = {item for item, _ in after} & {item for item, _ in before}
    assert [item for item, _ in after if item in both] == [item for item, _ in before if item in both]
    assert (len(after), len(both) > 200) == (len(before), True)
    assert (after == before) == (at.api.regime == "extended")
    dry, sent = at("restore", "saved:artists", "--as-of", moment, "--dry-run"), len(at.written)
    assert at("restore", "saved:artists", "--as-of", moment, "--yes").code == 0
    assert f"; {len(at.written) - sent} request" in dry.out
    assert {item for item, _ in library.listed("artist")} == {item for item, _ in artists}
