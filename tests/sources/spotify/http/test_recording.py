"""What is recorded of a run."""

import gzip
from pathlib import Path

import msgspec
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from sources.errors import ApiError, DestinationError, PlaylakeError, TryLaterError
from sources.spotify.http.archive import RecordingFile
from sources.spotify.http.archive_format import Exchange
from sources.spotify.http.body_limits import MOST
from sources.spotify.http.stack import HttpStack, http_stack
from sources.spotify.http.transport import Service
from tests.sources.spotify.http.test_archive import HEADER, one_file, read
from tests.sources.spotify.stand_in import (
    ACCOUNTS,
    API,
    TOKEN,
    Clock,
    Reply,
    StandIn,
    get,
    in_turn,
    post,
    refusal,
    reply,
    session_of,
)


def recording(server: StandIn, folder: Path) -> HttpStack:
    """A transport that reaches only a stand-in, waits for nothing and records in a folder."""
    archive, clock = RecordingFile(folder), Clock()
    archive.header = lambda: HEADER
    return http_stack(
        60.0,
        archive=archive,
        api_url=API,
        tick=lambda: clock.now().timestamp(),
        sleep=clock.sleep,
        session=session_of(server),
    )


def lines(folder: Path) -> list[Exchange]:
    """What was recorded, without the header."""
    with gzip.open(one_file(folder)) as found:
        return [msgspec.json.decode(line, type=Exchange) for line in list(found)[1:]]


@given(bodies=st.lists(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), max_size=5))
def test_bytes_come_back_as_they_were(bodies: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever a server sends, text or not, is recorded byte for byte, each answer in its turn."""
    folder = tmp_path_factory.mktemp("bytes")
    sender = recording(in_turn(*(Reply(body=body) for body in bodies), Reply(body=b"last")), folder)
    got = [sender.send(get(f"{API}/p")).body for _ in [*bodies, b"last"]]
    assert read(one_file(folder)) == got == [*bodies, b"last"]


def test_what_is_recorded(tmp_path: Path) -> None:
    """Every attempt of a request to the API with a few headers of its answer; of tokens nothing but their number."""
    server = in_turn(
        Reply(body=TOKEN, headers={"Set-Cookie": "SECRET"}),
        reply({"error": 1}, 502, Date="now"),
        requests.ReadTimeout("SECRET"),
        reply({"id": 1}, ETag='"x"', Set_Cookie="SECRET", Authorization="Bearer SECRET"),
        refusal(404, "gone"),
    )
    sender = recording(server, tmp_path)
    sender.send(post(f"{ACCOUNTS}/api/token", service=Service.ACCOUNTS, data={"refresh_token": "SECRET"}))
    sender.send(get(f"{API}/p", params={"b": 1, "a": "x,y"}))
    sender.send(get(f"{API}/q"))
    found = lines(tmp_path)
    assert [(line.path, line.status, line.requests, line.headers, line.body) for line in found] == [
        # The request for the token counts, too.
        ("/p?a=x%2Cy&b=1", 502, 2, {"Date": "now"}, '{"error": 1}'),
        ("/p?a=x%2Cy&b=1", None, 1, {}, None),
        ("/p?a=x%2Cy&b=1", 200, 1, {"ETag": '"x"'}, '{"id": 1}'),
        ("/q", 404, 1, {}, '{"error": {"status": 404, "message": "gone"}}'),
    ]
    assert found[1].no_answer is not None
    assert found[1].no_answer.reason == "timeout"
    assert b"SECRET" not in gzip.decompress(one_file(tmp_path).read_bytes())


def test_what_no_other_attempt_can_change(tmp_path: Path) -> None:
    """In the place of an answer that is too large the error is recorded, for that request."""
    sender = recording(in_turn(Reply(body=bytes(MOST + 1))), tmp_path)
    with pytest.raises(ApiError) as caught:
        sender.send(get(f"{API}/p"))
    [line] = lines(tmp_path)
    assert (line.path, line.requests) == ("/p", 1)
    assert line.failure is not None
    assert (line.failure.message, line.failure.exit_code) == (str(caught.value), 1)


def test_what_aborted_the_run_is_recorded_once(tmp_path: Path) -> None:
    """Requests that are no longer sent leave one line, which says why."""
    sender = recording(in_turn(reply({}, 429, Retry_After="3600")), tmp_path)
    for _ in range(3):
        with pytest.raises(TryLaterError) as caught:
            sender.send(get(f"{API}/p"))
    refused, end = lines(tmp_path)
    assert (refused.path, refused.status, refused.requests) == ("/p", 429, 1)
    assert (end.path, end.requests) == (None, 0)
    assert end.failure is not None
    error = end.failure.error()
    assert isinstance(error, TryLaterError)
    assert (str(error), error.resume_at) == (str(caught.value), caught.value.resume_at)


def test_what_cannot_be_recorded_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is not used before it is on the disk; and the error that this fails with is the one that is told."""

    def full(_path: Path, _member: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sources.spotify.http.archive._append", full)
    server = in_turn(Reply())
    sender = recording(server, tmp_path)
    with pytest.raises(DestinationError, match="No space left") as caught:
        sender.send(get(f"{API}/p"))
    sender.cancellation.abort(caught.value)
    with pytest.raises(PlaylakeError) as again:
        sender.send(get(f"{API}/p"))
    assert (again.value, len(server.requests)) == (caught.value, 1)
