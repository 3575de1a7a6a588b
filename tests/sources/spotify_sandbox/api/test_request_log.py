"""The log of requests."""

from sources.spotify_sandbox.api.request_log import RequestLog, RequestRecord


def test_the_log_ends() -> None:
    """A log holds the last requests only, and knows how many there were."""
    log = RequestLog(length=3)
    for number in range(10):
        log.append(RequestRecord("GET", f"/{number}", {}, 200))
    assert [record.path for record in log] == ["/7", "/8", "/9"]
    assert log.ever == 10
    log.clear()
    assert (log, log.ever) == ([], 10)


def test_what_makes_requests_equal() -> None:
    """Two requests are equal if they asked the same and got the same status, however long it took."""
    one = RequestRecord("GET", "/v1/me", {}, 200, size=300, at=1.0, client_id="a", faults=("latency",))
    assert one == RequestRecord("GET", "/v1/me", {}, 200)
    assert one != RequestRecord("GET", "/v1/me", {}, 429)
