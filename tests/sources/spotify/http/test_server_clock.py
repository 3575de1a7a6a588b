"""This machine's clock against the servers'."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sources.errors import TryLaterError, WrongClockError
from sources.spotify.http.server_clock import ANSWERS, MOST, ServerTime, check, header_time
from tests.sources.spotify.stand_in import Clock, Reply, get, in_turn, transport

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YEAR = timedelta(days=400)


def date(time: datetime) -> dict[str, str]:
    """The header of an answer at a time."""
    return {"Date": format_datetime(time, usegmt=True)}


def after(*answers: dict[str, str], now: datetime = NOW) -> timedelta | None:
    """How far ahead a clock is, after these answers."""
    servers = ServerTime(lambda: 0.0)
    for headers in answers:
        servers.note(headers)
    difference = servers.difference(now)
    return difference.ahead if difference is not None else None


@pytest.mark.parametrize("wrong", [YEAR, -YEAR, timedelta(hours=1), -timedelta(hours=1), MOST + timedelta(seconds=1)])
def test_two_answers_that_agree_tell_the_time(wrong: timedelta) -> None:
    """In both directions, whatever the distance."""
    assert after(date(NOW - wrong), date(NOW - wrong)) == wrong


@pytest.mark.parametrize("right", [timedelta(0), MOST, -MOST, timedelta(minutes=2)])
def test_clocks_drift(right: timedelta) -> None:
    """A difference of a few minutes is no error."""
    assert after(date(NOW - right), date(NOW - right)) is None


@pytest.mark.parametrize(
    "answers",
    [
        (),
        (date(NOW - YEAR),),
        (date(NOW - YEAR), {}),
        (date(NOW - YEAR), {"Date": "yesterday"}),
        (date(NOW - YEAR), {"Date": ""}),
        (date(NOW - YEAR), date(NOW - YEAR / 2)),
        (date(NOW - YEAR), date(NOW - YEAR), date(NOW)),
        (date(NOW), date(NOW - YEAR), date(NOW - YEAR)),
        (date(NOW - YEAR) | {"Age": "86400"}, date(NOW - YEAR) | {"Age": "86401"}),
        (date(NOW - YEAR), date(NOW - YEAR) | {"Age": "3"}),
        ({"Date": "Fri, 31 Dec 9999 23:59:59 -2359"}, {"Date": "Fri, 31 Dec 9999 23:59:59 -2359"}),
        ({"Date": "Sun, 06 Nov 99999999999999999999 08:49:37 GMT"},) * 2,
        ({"Date": "0"}, {"Date": "0"}),
    ],
)
def test_one_wrong_answer_does_not_stop_a_sync(answers: tuple[dict[str, str], ...]) -> None:
    """Nor do those that a cache repeats, that contradict each other or another that says that all is well, or none."""
    assert after(*answers) is None


def test_headers_have_any_case_and_form() -> None:
    """What `requests` gives is asked as it is."""
    clock = Clock()
    sender = transport(in_turn(Reply(headers={"date": "Sunday, 22-Nov-26 11:00:00 GMT"})), clock)
    for _ in range(2):
        sender.send(get("https://api.example/v1/me"))
    found = sender.clock_difference
    assert found is not None
    assert found.ahead == timedelta(hours=1)


def test_time_goes_on_between_answers() -> None:
    """An answer of before says what time it is now; where that is not so, the clock was set meanwhile."""
    seconds = 0.0
    servers = ServerTime(lambda: seconds)
    servers.note(date(NOW))
    seconds = 1800.0
    servers.note(date(NOW + timedelta(minutes=30)))
    seconds = 3600.0
    assert servers.difference(NOW + timedelta(hours=1)) is None
    found = servers.difference(NOW + timedelta(hours=1) + YEAR)
    assert found is not None
    assert (found.theirs, found.ahead) == (NOW + timedelta(hours=1), YEAR)


def test_a_clock_that_was_set_right_is_right() -> None:
    """Only the latest answers count."""
    assert after(*[date(NOW)] * ANSWERS, *[date(NOW - YEAR)] * ANSWERS) == YEAR


def test_the_message_has_both_times() -> None:
    """And says what to do; a later run may find the clock set."""
    servers = ServerTime(lambda: 0.0)
    for _ in range(2):
        servers.note(date(NOW - timedelta(hours=1)))
    with pytest.raises(WrongClockError) as caught:
        check(servers.difference(NOW))
    assert str(caught.value) == (
        "This machine's clock says 2026-11-22 12:00:00 UTC, 3600 s ahead of Spotify's, which says 2026-11-22 11:00:00: "
        "set the clock right, and sync again. Nothing was written."
    )
    assert isinstance(caught.value, TryLaterError)
    assert (caught.value.exit_code, caught.value.resume_at) == (75, None)
    check(None)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Sun, 22 Nov 2026 12:00:00 GMT", NOW),
        ("Sun, 22 Nov 2026 13:00:00 +0100", NOW),
        ("Sun Nov 22 12:00:00 2026", NOW),
        ("2026-11-22T12:00:00Z", NOW),
        ("noon", None),
        ("", None),
        (None, None),
    ],
)
def test_times_in_headers(text: str | None, time: datetime | None) -> None:
    """In the forms that HTTP knows, and the one that people use."""
    assert header_time(text) == time
