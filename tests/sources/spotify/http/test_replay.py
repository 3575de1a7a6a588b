"""What was recorded comes again, and nothing else."""

from pathlib import Path

import pytest
import requests

from sources.errors import ApiError, ConfigurationError, Interrupted, PlaylakeError, SignInError, TryLaterError
from sources.spotify.http.archive import Recording
from sources.spotify.http.archive_format import Failure
from sources.spotify.http.retry_policy import ATTEMPTS
from sources.spotify.http.stack import HttpStack, replay_stack
from tests.sources.spotify.http.test_archive import START, kept, one_file, written
from tests.sources.spotify.http.test_recording import recording
from tests.sources.spotify.stand_in import API, Reply, get, in_turn, reply

PROXY = "check a proxy, or unset it."


def test_errors_come_again(tmp_path: Path) -> None:
    """What came of a request comes again with its words and numbers, and then what aborted the run."""
    sender = recording(in_turn(reply({"id": 1}), reply({}, 429, Retry_After="3600")), tmp_path)
    sender.send(get(f"{API}/p"))
    errors = []
    for name in ("/q", "/r"):
        with pytest.raises(TryLaterError) as caught:
            sender.send(get(API + name))
        errors.append(caught.value)
    replay = replay_stack(Recording(one_file(tmp_path)))
    for name, error in zip(("/q", "/r", "/s"), [*errors, errors[1]], strict=True):
        with pytest.raises(TryLaterError) as caught:
            replay.send(get(API + name))
        assert (str(caught.value), caught.value.resume_at) == (str(error), error.resume_at)
        # Other threads of that run may have had more.
        replay.cancellation.abort(caught.value)
    assert replay.send(get(f"{API}/p")).body == b'{"id": 1}'
    assert replay.counter.total == sender.counter.total == 2


def test_who_interrupts_a_replay_ends_it(tmp_path: Path) -> None:
    """An interruption of the replay itself aborts it, also where answers are left."""
    replay = replay_stack(Recording(written(tmp_path, kept(1))))
    own = Interrupted("SIGINT", 130)
    replay.cancellation.abort(own)
    with pytest.raises(Interrupted) as caught:
        replay.send(get(f"{API}/p"))
    assert caught.value is own


def outcome(sender: HttpStack) -> tuple[int, bytes] | str:
    """What comes of a request: an answer, or the words of an error."""
    try:
        answer = sender.send(get(f"{API}/p"))
    except ApiError as error:
        return str(error)
    return answer.status, answer.body


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (Reply(body=b"fine"), (200, b"fine")),
        (
            Reply(502),
            f"{API}/p answered HTTP 502, {ATTEMPTS} times: check the network and api_url, or try again later.",
        ),
        (
            requests.exceptions.ProxyError("x"),
            f"{API}/p could not be reached (its proxy: connection failed), {ATTEMPTS} times: {PROXY}",
        ),
    ],
)
def test_attempts_come_again(last: Reply | Exception, expected: tuple[int, bytes] | str, tmp_path: Path) -> None:
    """Failed attempts fail again, in the same number and with the same answer or words in the end."""
    busy, slow = Reply(503), reply({}, 429, Retry_After="30")
    sender = recording(in_turn(busy, requests.ReadTimeout("x"), slow, requests.ConnectTimeout("x"), last), tmp_path)
    assert outcome(sender) == expected
    replay = replay_stack(Recording(one_file(tmp_path)))
    assert outcome(replay) == expected
    assert replay.counter.total == sender.counter.total


@pytest.mark.parametrize(
    "error",
    [
        TryLaterError("later", START),
        SignInError("sign in"),
        ConfigurationError("a proxy"),
        Interrupted("SIGTERM", 143),
        ApiError("too large", 200),
    ],
)
def test_failures_are_errors_again(error: PlaylakeError) -> None:
    """An error that is recorded as a value is the same kind of error again, with its words and numbers."""
    again = Failure.of(error).error()
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_what_was_not_recorded_is_missing(tmp_path: Path) -> None:
    """A request that the run did not make, or not so often, is an error that names it and the file."""
    file = written(tmp_path, kept(1))
    replay = replay_stack(Recording(file))
    replay.send(get(f"{API}/p"))
    for missing in ("/p", "/q?a=1"):
        with pytest.raises(ApiError, match=missing.replace("?", r"\?")) as caught:
            replay.send(get(API + missing))
        assert str(file) in str(caught.value)
