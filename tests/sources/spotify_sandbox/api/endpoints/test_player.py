"""The player over HTTP: commands and what they change, refusals, and what was played."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from sources.spotify_sandbox import Playlist, World, generate
from sources.spotify_sandbox.world.timestamps import standing
from sources.spotify_sandbox.world.users import User
from tests.sources.spotify_sandbox.asking import BASE, Answer, Api

ALL = (
    "user-read-playback-state user-read-currently-playing user-modify-playback-state user-read-recently-played "
    "user-library-read user-read-playback-position playlist-read-private"
)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def pass_by(self, milliseconds: int) -> None:
        """Let some time pass."""
        self.now += timedelta(milliseconds=milliseconds)


class Listening:
    """A user with a clock, three devices and a playlist of five tracks."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.world: World = generate(seed=5, playlists=20, items=3_000, clock=self.clock)
        self.playlist: Playlist = self.world.create_playlist("Five")
        self.uris = [self.world.catalogue.uri(number) or "" for number in range(20, 25)]
        self.playlist.insert(0, self.uris)
        # The token does not age while the listener's time passes.
        self.api = Api(self.world, scope=ALL, clock=standing)
        self.computer, self.phone, self.speaker = self.api.get("/me/player/devices").json["devices"]
        self.context = f"spotify:playlist:{self.playlist.id}"

    def send(self, method: str, command: str, body: object = b"", **query: object) -> Answer:
        """A command to the player."""
        return self.api.send(method, f"/me/player{command}", body, **query)

    def play(self, **body: object) -> None:
        """Begin on the computer."""
        assert self.send("PUT", "/play", body, device_id=self.computer["id"]).status == 204

    def state(self, **query: object) -> Any:
        """The player's state."""
        return self.api.get("/me/player", **query).json

    def current(self) -> int:
        """Which of the five tracks plays."""
        return self.uris.index(self.state()["item"]["uri"])

    def length(self, number: int) -> int:
        """The milliseconds of one of the five."""
        content = self.world.content(self.world.number(self.uris[number]))
        duration = content.duration_ms  # type: ignore[union-attr]
        assert isinstance(duration, int)
        return duration


@pytest.fixture
def listening() -> Listening:
    """Somebody about to listen."""
    return Listening()


def error(answer: Answer) -> tuple[int, str, str | None]:
    """Status, message and reason of an error."""
    body = answer.json["error"]
    assert body["status"] == answer.status
    return answer.status, body["message"], body.get("reason")


NO_DEVICE = (404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE")
RESTRICTED = (403, "Player command failed: Restriction violated", "UNKNOWN")
COMMANDS = (
    ("PUT", "/play"),
    ("PUT", "/pause"),
    ("POST", "/next"),
    ("POST", "/previous"),
    ("PUT", "/seek?position_ms=1"),
    ("PUT", "/repeat?state=off"),
    ("PUT", "/shuffle?state=true"),
    ("PUT", "/volume?volume_percent=3"),
    ("POST", "/queue?uri=spotify:track:x"),
)


def split(command: str) -> tuple[str, dict[str, str]]:
    """A command and its parameters."""
    path, _, query = command.partition("?")
    return path, dict(pair.split("=") for pair in query.split("&") if pair)


@pytest.mark.parametrize(("method", "command"), COMMANDS)
def test_nothing_is_active(listening: Listening, method: str, command: str) -> None:
    """Without an active device a command is refused, to an unknown one too, and there is nothing to be seen."""
    path, query = split(command)
    assert error(listening.send(method, path, **query)) == NO_DEVICE
    assert error(listening.send(method, path, **query, device_id="other")) == (404, "Device not found", None)
    for quiet in ("/me/player", "/me/player/currently-playing"):
        answer = listening.api.get(quiet)
        assert (answer.status, answer.body) == (204, b"")
    assert listening.api.get("/me/player/queue").json == {"currently_playing": None, "queue": []}


@pytest.mark.parametrize(("method", "command"), COMMANDS)
def test_premium(listening: Listening, method: str, command: str) -> None:
    """Commands are for Premium, looking is not."""
    me = listening.world.me
    listening.world.users.add(User(me.id, me.display_name, product="free"))
    path, query = split(command)
    refused = (403, "Player command failed: Premium required", "PREMIUM_REQUIRED")
    assert error(listening.send(method, path, **query)) == refused
    assert error(listening.send("PUT", "", {"device_ids": [listening.phone["id"]]})) == refused
    assert listening.api.get("/me/player/devices").status == 200
    assert listening.api.get("/me").json.get("product", "free") == "free"


def test_play_a_playlist(listening: Listening) -> None:
    """A context plays from where it was told to, and the state says all of that."""
    listening.play(context_uri=listening.context, offset={"position": 1}, position_ms=4_000)
    listening.clock.pass_by(1_500)
    state = listening.state()
    assert state["device"] == listening.computer | {"is_active": True}
    assert state["context"] == {
        "external_urls": {"spotify": f"https://open.spotify.com/playlist/{listening.playlist.id}"},
        "href": f"{BASE}/playlists/{listening.playlist.id}",
        "type": "playlist",
        "uri": listening.context,
    }
    assert (state["progress_ms"], state["is_playing"], listening.current()) == (5_500, True, 1)
    assert state["actions"] == {"disallows": {"resuming": True}}
    inside = {key: state[key] for key in state.keys() - {"device", "shuffle_state", "smart_shuffle", "repeat_state"}}
    assert listening.api.get("/me/player/currently-playing").json == inside
    queue = listening.api.get("/me/player/queue").json
    assert queue["currently_playing"] == state["item"]
    assert [item["uri"] for item in queue["queue"]] == listening.uris[2:]


def test_time_passes(listening: Listening) -> None:
    """Tracks end by themselves, the next begins, each is remembered as played, and after the last there is silence."""
    listening.play(context_uri=listening.context)
    for number in range(4):
        listening.clock.pass_by(listening.length(number) - 1)
        assert listening.current() == number
        listening.clock.pass_by(1)
        assert listening.current() == number + 1
        assert listening.state()["progress_ms"] == 0
    listening.clock.pass_by(listening.length(4) + 86_400_000)
    state = listening.state()
    assert (state["is_playing"], state["progress_ms"], listening.current()) == (False, 0, 0)
    played = listening.api.get("/me/player/recently-played", limit=5).json["items"]
    assert [play["track"]["uri"] for play in played] == listening.uris[::-1]
    assert {play["context"]["uri"] for play in played} == {listening.context}
    assert list(played[0]["context"]) == ["type", "external_urls", "href", "uri"]


def test_pause_seek_and_resume(listening: Listening) -> None:
    """A paused track stands still; pausing it twice is refused, as playing on twice is."""
    listening.play(uris=listening.uris)
    assert listening.state()["context"] is None
    listening.clock.pass_by(7_000)
    assert listening.send("PUT", "/pause").status == 204
    listening.clock.pass_by(60_000)
    state = listening.state()
    assert (state["progress_ms"], state["is_playing"]) == (7_000, False)
    assert state["actions"] == {"disallows": {"pausing": True, "skipping_prev": True}}
    assert error(listening.send("PUT", "/pause")) == RESTRICTED
    assert listening.send("PUT", "/seek", position_ms=20_000).status == 204
    assert listening.send("PUT", "/play").status == 204
    listening.clock.pass_by(500)
    assert listening.state()["progress_ms"] == 20_500
    assert error(listening.send("PUT", "/play")) == RESTRICTED
    assert listening.send("PUT", "/seek", position_ms=listening.length(0)).status == 204
    assert (listening.current(), listening.state()["progress_ms"]) == (1, 0)


def test_next_previous_and_queue(listening: Listening) -> None:
    """What was queued comes first, then the context goes on; there is nothing before the first."""
    listening.play(context_uri=listening.context, offset={"uri": listening.uris[2]})
    extra = listening.world.catalogue.uri(0) or ""
    assert listening.send("POST", "/queue", uri=extra).status == 204
    upcoming = listening.api.get("/me/player/queue").json["queue"]
    assert [item["uri"] for item in upcoming] == [extra, *listening.uris[3:]]
    listening.send("POST", "/next")
    assert listening.state()["item"]["uri"] == extra
    listening.send("POST", "/next")
    assert listening.current() == 3
    for number in (2, 1, 0):
        assert listening.send("POST", "/previous").status == 204
        assert listening.current() == number
    assert error(listening.send("POST", "/previous")) == RESTRICTED
    listening.send("PUT", "/repeat", state="context")
    assert listening.send("POST", "/previous").status == 204
    assert listening.current() == 4
    listening.clock.pass_by(listening.length(4))
    assert (listening.current(), listening.state()["is_playing"]) == (0, True)
    listening.send("PUT", "/repeat", state="track")
    listening.clock.pass_by(3 * listening.length(0) + 5)
    assert (listening.current(), listening.state()["progress_ms"]) == (0, 5)


def test_shuffle(listening: Listening) -> None:
    """Shuffled, every track still comes once, and the one that plays stays; unshuffled, the order is the context's."""
    listening.play(context_uri=listening.context, offset={"position": 2})
    listening.send("PUT", "/shuffle", state="true")
    state = listening.state()
    assert (state["shuffle_state"], listening.current()) == (True, 2)
    rest = [item["uri"] for item in listening.api.get("/me/player/queue").json["queue"]]
    assert {*rest} == {*listening.uris} - {listening.uris[2]}
    listening.send("PUT", "/shuffle", state="false")
    rest = [item["uri"] for item in listening.api.get("/me/player/queue").json["queue"]]
    assert rest == listening.uris[3:]


def test_devices(listening: Listening) -> None:
    """Playback goes to another device and on; a phone keeps its volume, a speaker without id takes no commands."""
    listening.play(context_uri=listening.context)
    assert listening.send("PUT", "/volume", volume_percent=7).status == 204
    assert listening.state()["device"]["volume_percent"] == 7
    assert listening.send("PUT", "", {"device_ids": [listening.phone["id"]]}).status == 204
    assert listening.state()["device"] == listening.phone | {"is_active": True}
    assert listening.state()["is_playing"]
    answer = listening.send("PUT", "/volume", volume_percent=7)
    assert error(answer)[2] == "VOLUME_CONTROL_DISALLOW"
    player = listening.world.player
    player.device = player.devices[2]
    assert listening.speaker["id"] is None
    assert error(listening.send("PUT", "/pause")) == RESTRICTED
    assert listening.send("PUT", "/pause", device_id=listening.phone["id"]).status == 204


@pytest.mark.parametrize(
    ("context", "first"),
    [("album", "album"), ("artist", "track"), ("show", "episode"), ("collection", "track")],
)
def test_contexts(listening: Listening, context: str, first: str) -> None:
    """Albums, artists, podcasts and liked tracks play as a whole."""
    world = listening.world
    works = world.catalogue.works
    uri = {
        "album": f"spotify:album:{next(works.every_release()).album.id}",
        "artist": f"spotify:artist:{next(works.every_performer()).artist.id}",
        "show": f"spotify:show:{next(works.every_show()).id}",
        "collection": f"spotify:user:{world.me.id}:collection",
    }[context]
    listening.play(context_uri=uri)
    state = listening.state(additional_types="track,episode")
    assert state["context"]["uri"] == uri
    assert listening.api.get(state["context"]["href"]).status == 200
    assert state["currently_playing_type"] == ("episode" if first == "episode" else "track")
    if first == "episode":
        assert state["item"]["show"]["uri"] == uri
        assert listening.state()["item"] is None
    if first == "album":
        assert state["item"]["album"]["uri"] == uri


@pytest.mark.parametrize(
    "body",
    [
        {"context_uri": "spotify:album:" + "7" * 22},
        {"context_uri": "nonsense"},
        {"uris": ["spotify:track:" + "7" * 22]},
        {"uris": "spotify:track:1"},
        {"context_uri": "PLAYLIST", "offset": {"position": 5}},
        {"context_uri": "PLAYLIST", "offset": {"position": -1}},
        {"context_uri": "PLAYLIST", "offset": {"uri": "spotify:track:" + "7" * 22}},
        {"context_uri": "PLAYLIST", "position_ms": -1},
    ],
)
def test_nothing_to_play(listening: Listening, body: dict[str, object]) -> None:
    """What is not there, or not there in the context, cannot be played."""
    sent = {key: listening.context if value == "PLAYLIST" else value for key, value in body.items()}
    assert listening.send("PUT", "/play", sent, device_id=listening.computer["id"]).status == 400
    assert listening.world.player.current is None


@pytest.mark.parametrize(
    ("method", "command"),
    [
        ("PUT", "/seek"),
        ("PUT", "/seek?position_ms=-1"),
        ("PUT", "/volume?volume_percent=101"),
        ("PUT", "/repeat?state=always"),
        ("PUT", "/shuffle?state=maybe"),
        ("PUT", "/shuffle"),
        ("POST", "/queue?uri=spotify:album:7777777777777777777777"),
        ("POST", "/queue"),
    ],
)
def test_bad_parameters(listening: Listening, method: str, command: str) -> None:
    """A parameter that is missing or out of range is a bad request."""
    listening.play(context_uri=listening.context)
    path, query = split(command)
    assert listening.send(method, path, **query).status == 400


@pytest.mark.parametrize("ids", [None, [], ["a", "b"], [7]])
def test_bad_transfers(listening: Listening, ids: object) -> None:
    """One device at a time."""
    assert listening.send("PUT", "", {"device_ids": ids}).status == 400


def test_recently_played(listening: Listening) -> None:
    """Plays come the latest first, by cursors that lead to the next page, 50 in all."""
    api = listening.api
    page = api.get("/me/player/recently-played", limit=9).json
    assert list(page) == ["items", "next", "cursors", "limit", "href"]
    assert page["href"] == f"{BASE}/me/player/recently-played?limit=9"
    plays = [*page["items"]]
    while page["next"]:
        assert page["next"] == f"{BASE}/me/player/recently-played?before={page['cursors']['before']}&limit=9"
        page = api.get(page["next"]).json
        plays += page["items"]
    times = [play["played_at"] for play in plays]
    assert len(times) == 50
    assert all(later > earlier for later, earlier in pairwise(times))
    middle = int(datetime.fromisoformat(times[25]).timestamp() * 1000)
    assert api.get("/me/player/recently-played", after=middle, limit=50).json["items"] == plays[:25]
    assert api.get("/me/player/recently-played", before=middle, limit=50).json["items"] == plays[26:]
    none = api.get("/me/player/recently-played", before=0).json
    assert (none["items"], none["next"], none["cursors"]) == ([], None, None)
    for query in ({"before": 1, "after": 1}, {"before": "x"}, {"limit": 51}):
        assert api.get("/me/player/recently-played", **query).status == 400


def test_a_skipped_track_was_played_if_it_was_heard(listening: Listening) -> None:
    """Half a minute makes a play."""
    listening.play(context_uri=listening.context)
    listening.clock.pass_by(29_999)
    listening.send("POST", "/next")
    listening.clock.pass_by(30_000)
    listening.send("POST", "/next")
    played = listening.api.get("/me/player/recently-played", limit=2).json["items"]
    assert played[0]["track"]["uri"] == listening.uris[1]
    assert played[1]["track"]["uri"] not in listening.uris


def test_local_file(listening: Listening) -> None:
    """A local file plays, as a track without a home."""
    catalogue = listening.world.catalogue
    file = next(uri for uri in map(catalogue.uri, range(1_500, 2_200)) if uri and uri.startswith("spotify:local:"))
    listening.playlist.insert(0, [file])
    listening.play(context_uri=listening.context)
    state = listening.state()
    assert state["currently_playing_type"] == "track"
    assert (state["item"]["uri"], state["item"]["is_local"], state["item"]["id"]) == (file, True, None)


@pytest.mark.parametrize("position", [10**9, 10**14])
def test_a_position_behind_the_end(listening: Listening, position: int) -> None:
    """Playing begins with the next content then, as seeking does, and no play is dated before the others."""
    listening.play(uris=listening.uris, position_ms=position)
    assert listening.current() == 1
    played = listening.api.get("/me/player/recently-played")
    assert played.status == 200
    times = [play["played_at"] for play in played.json["items"]]
    assert times == sorted(times, reverse=True)
