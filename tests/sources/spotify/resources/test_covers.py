"""How pictures of covers are fetched: from where, with what, and up to which size."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from sources.errors import Interrupted
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.models.answers import Image
from sources.spotify.models.playlists import Playlist
from sources.spotify.models.rows import Cover, CoverCheck, PlaylistCover
from sources.spotify.resources.base import Row
from sources.spotify.resources.covers import GIVE_UP, MOST, Covers
from sources.spotify_sandbox.api.pictures import cover
from tests.sources.spotify.stand_in import Reply, StandIn

NOW = datetime(2026, 11, 22, tzinfo=UTC)
JPEG = cover("a" * 24, 64)
Handler = Callable[[requests.PreparedRequest], Reply | Exception]


def covers(handler: Handler) -> tuple[Covers, StandIn]:
    """What fetches, and the server that it asks."""
    made, server = Covers(2, Cancellation()), StandIn(handler)
    for scheme in ("https://", "http://"):
        made.session.mount(scheme, server)
    return made, server


def seen(playlist_id: str, *urls: str) -> Playlist:
    """A playlist with images at these addresses."""
    return Playlist(playlist_id, images=[Image(url) for url in urls])


def fetched(made: Covers, checks: dict[str, CoverCheck] | None = None) -> list[Row]:
    """The rows that come of it."""
    return [row for row in made.read(checks or {}, set(), lambda: NOW) if isinstance(row, Row)]


def test_no_secret_is_sent_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Image hosts get neither a token, nor cookies of other answers, nor what a .netrc file holds for them."""
    (tmp_path / ".netrc").write_text("machine i.scdn.co login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    made, server = covers(lambda _: Reply(200, JPEG, {"Set-Cookie": "a=b; Path=/"}))
    made.see(seen("one", "https://i.scdn.co/1"))
    made.see(seen("two", "https://i.scdn.co/2"))
    assert len(fetched(made)) == 1 + 2 * 2
    assert [{"Authorization", "Cookie"} & set(request.headers) for request in server.requests] == [set(), set()]


def test_a_picture_is_kept_once() -> None:
    """Two playlists with the same picture make one row of it; widest and narrowest are both kept."""
    small = cover("a" * 24, 60)
    made, _ = covers(lambda request: Reply(200, small if request.url and request.url.endswith("60") else JPEG))
    made.see(seen("one", "https://i.scdn.co/640", "https://i.scdn.co/300", "https://i.scdn.co/60"))
    made.see(seen("two", "https://i.scdn.co/640"))
    rows = fetched(made)
    pictures = [row for _, row in rows if isinstance(row, Cover)]
    assert [(row.data, row.size, row.width) for row in pictures] == [(JPEG, len(JPEG), 64), (small, len(small), 60)]
    history = [row for _, row in rows if isinstance(row, PlaylistCover)]
    big, little = (row.sha256 for row in pictures)
    assert [(row.cover_sha256, row.thumbnail_sha256) for row in history] == [(big, little), (big, big)]
    assert made.problems == []


@pytest.mark.parametrize(
    "url",
    [
        "http://i.scdn.co/1",
        "https://images.example/1",
        "https://scdn.co.images.example/1",
        "https://xscdn.co/1",
        "https://i.scdn.co:8443/1",
        "https://i.scdn.co@images.example/1",
        "https://images.example\\@i.scdn.co/1",
        "https://images.example#@i.scdn.co/1",
        "https://10.0.0.7/1",
        "https://192.168.1.1/1",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00::1]/1",
        "https://2130706433/1",
        "https://i.scdn.co\n.images.example/1",
        "http://127.0.0.1:9/1",
        "https://127.0.0.1:9/1",
        "https://localhost/1",
        "ftp://i.scdn.co/1",
        "file:///etc/passwd",
        "https:///1",
        "//i.scdn.co/1",
        "https://[::1/1",
    ],
)
def test_only_spotifys_image_hosts_are_asked(url: str) -> None:
    """An address that is not https, or leads elsewhere, into a network or to this machine, is not asked for."""
    made, server = covers(lambda _: Reply(200, JPEG))
    made.see(seen("one", url))
    ((table, check),) = fetched(made)
    assert (table, server.requests) == ("cover_checks", [])
    assert isinstance(check, CoverCheck)
    assert "only https" in str(check.message)
    assert made.summary.startswith("1 cover could not be fetched, and the next sync tries again: playlist one: ")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(302, b"", {"Location": "https://elsewhere.example/"}), "HTTP 302"),
        (Reply(403), "HTTP 403"),
        (Reply(200, b"<!doctype html>"), "not a picture"),
        (Reply(200, JPEG + b"\0" * MOST), "more than 5,000,000 bytes"),
        (requests.ConnectionError("secret"), "ConnectionError"),
    ],
)
def test_what_does_not_come(reply: Reply | Exception, said: str) -> None:
    """Redirects are not followed, and what is too large or no picture is not kept; the cover before it stays."""
    made, server = covers(lambda _: reply)
    made.see(seen("one", "https://i.scdn.co/new"))
    before = CoverCheck("one", NOW, "https://i.scdn.co/old", "aa", "bb")
    ((_, check),) = fetched(made, {"one": before})
    assert len(server.requests) == 1
    assert isinstance(check, CoverCheck)
    assert (check.cover_sha256, check.thumbnail_sha256) == ("aa", "bb")
    assert said in str(check.message)
    assert "secret" not in str(check.message)


def test_what_is_known_is_not_asked_for() -> None:
    """A cover is fetched if its address is new or failed last time; one that is gone is noted without a request."""
    url = "https://i.scdn.co/1"
    checks = {
        "same": CoverCheck("same", NOW, url, "aa", "aa"),
        "failed": CoverCheck("failed", NOW, url, None, None, "HTTP 403"),
        "gone": CoverCheck("gone", NOW, url, "aa", "aa"),
        "never": CoverCheck("never", NOW),
    }
    made, server = covers(lambda _: Reply(200, JPEG))
    for name in ("same", "failed"):
        made.see(seen(name, url))
    for name in ("gone", "never"):
        made.see(seen(name))
    made.see(Playlist("not said"))
    rows = fetched(made, checks)
    assert len(server.requests) == 1
    history = {row.playlist_id: row.cover_sha256 for _, row in rows if isinstance(row, PlaylistCover)}
    assert history.keys() == {"gone", "failed"}
    assert history["gone"] is None
    assert {row.playlist_id for _, row in rows if isinstance(row, CoverCheck)} == {"gone", "failed"}


def test_a_host_that_is_down_is_let_be() -> None:
    """After a dozen failures in a row no more pictures are requested."""
    made, server = covers(lambda _: requests.ConnectTimeout())
    for number in range(100):
        made.see(seen(str(number), f"https://i.scdn.co/{number}"))
    assert len(fetched(made)) == GIVE_UP
    assert len(server.requests) < GIVE_UP + 8


def test_an_aborted_run_fetches_nothing() -> None:
    """Once the run is aborted no cover is asked for."""
    made, server = covers(lambda _: Reply(200, JPEG))
    made.see(seen("one", "https://i.scdn.co/1"))
    made.cancellation.abort(Interrupted("SIGINT", 130))
    assert (fetched(made), server.requests) == ([], [])


@pytest.mark.parametrize("host", ["i.scdn.co", "mosaic.scdn.co", "image-cdn-ak.spotifycdn.com", "I.SCDN.CO:443"])
def test_spotifys_image_hosts(host: str) -> None:
    """All hosts that Spotify's answers name are asked."""
    made, server = covers(lambda _: Reply(200, JPEG))
    made.see(seen("one", f"https://{host}/image/1"))
    fetched(made)
    assert (len(server.requests), made.problems) == (1, [])


def test_a_sandbox_has_its_own_pictures() -> None:
    """Where the Web API is on this machine pictures may be, too, but nowhere else in the network."""
    made, server = covers(lambda _: Reply(200, JPEG))
    made.allows_loopback = True
    for number, place in enumerate(("127.0.0.1:8642", "10.0.0.7:8642", "[fe80::1]:8642")):
        made.see(seen(str(number), f"http://{place}/1"))
    fetched(made)
    assert [request.url for request in server.requests] == ["http://127.0.0.1:8642/1"]
    assert len(made.problems) == 2
