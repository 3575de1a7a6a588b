"""Who waits for a rate limit."""

import threading

from sources.errors import TryLaterError
from sources.spotify.http.stack import http_stack
from sources.spotify.http.transport import Service
from tests.sources.spotify.stand_in import Clock, Reply, StandIn, get, in_turn, refusal, session_of, transport

URL = "https://api.example/v1/me"
OK = Reply(body=b"fine")


def test_a_refusal_holds_back_all_requests() -> None:
    """After a 429 nobody asks the same service before the time that it named; the other service has its own limit."""
    server, clock = in_turn(refusal(429, "slow", Retry_After="7"), refusal(429, "slow", Retry_After="5"), OK), Clock()
    sender = transport(server, clock)
    sender.retry.inner.send(get(URL))
    sender.retry.inner.send(get(URL, service=Service.ACCOUNTS))
    assert clock.slept == []
    sender.retry.inner.send(get(URL, service=Service.ACCOUNTS))
    assert clock.slept == [5.0]
    sender.retry.inner.send(get(URL))
    assert clock.slept == [5.0, 2.0]


def test_a_refusal_without_a_time_holds_back_for_the_back_off() -> None:
    """Where a 429 does not say how long, it is as long as the request says."""
    server, clock = in_turn(refusal(429, "slow", Retry_After="0"), OK), Clock()
    sender = transport(server, clock)
    sender.retry.inner.send(get(URL, back_off=3.0))
    sender.retry.inner.send(get(URL))
    assert clock.slept == [3.0]


def test_an_abort_ends_the_wait_for_a_turn() -> None:
    """A thread that waits for the rate limit is woken by an abort, and sends nothing."""
    refused, errors = threading.Event(), list[TryLaterError]()
    server = in_turn(refusal(429, "slow", Retry_After="200"))
    sender, error = http_stack(300.0, session=session_of(server)), TryLaterError("enough")
    sender.retry.inner.send(get(URL))

    def ask() -> None:
        refused.set()
        try:
            sender.send(get(URL))
        except TryLaterError as raised:
            errors.append(raised)

    asking = threading.Thread(target=ask)
    asking.start()
    assert refused.wait(timeout=30)
    sender.cancellation.abort(error)
    asking.join(timeout=30)
    assert (errors, len(server.requests)) == ([error], 1)


def test_so_many_requests_are_under_way() -> None:
    """As many as are allowed are sent at the same time, and not one more."""
    gate, lock, busy, most = threading.Barrier(2), threading.Lock(), 0, 0

    def answer(_: object) -> Reply:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        gate.wait(timeout=30)
        with lock:
            busy -= 1
        return OK

    sender = http_stack(300.0, parallel=2, session=session_of(StandIn(answer)))
    threads = [threading.Thread(target=sender.send, args=(get(URL),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert most == 2
