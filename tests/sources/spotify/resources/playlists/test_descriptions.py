"""What is written of how playlists are described."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from sources.spotify.models.rows import Description
from sources.spotify.resources.playlists.descriptions import Descriptions
from sources.spotify.resources.playlists.lookup import Lookup

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KNOWN = Description("p", NOON, "Mix", "About.", "me", True, False, 7, 3, True)


def written(at: datetime, *seen: Description, newest: Description | None = KNOWN) -> list[Description]:
    """What is written of what was seen."""
    descriptions = Descriptions(Lookup(lambda _: {newest.playlist_id: newest} if newest else {}))
    for each in seen:
        descriptions.see(each)
    rows = list(descriptions.changed(at))
    assert list(descriptions.changed(at)) == []
    return rows


def known(**changed: Any) -> Description:
    """The known description, changed."""
    return msgspec.structs.replace(KNOWN, **changed)


def test_the_same_writes_nothing() -> None:
    """A list and the playlist itself that say what is known, or less."""
    less = Description("p", NOON, "Mix", None, "me", None, False, None, 3, True)
    assert written(NOON + timedelta(days=9), less, KNOWN, less) == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Blend"},
        {"description": ""},
        {"owner_id": "you"},
        {"public": False},
        {"collaborative": True},
        {"items_total": 0},
        {"in_library": False},
        {"name": "Blend", "followers_total": 8},
    ],
    ids=str,
)
def test_a_change_is_written_at_once(change: dict[str, Any]) -> None:
    """With all else that is known, and whatever the order in which list and playlist are seen."""
    at = NOON + timedelta(hours=1)
    assert written(at, Description("p", at, **change)) == [known(observed_at=at, **change)]
    assert written(at, known(**change), Description("p", at)) == [known(observed_at=at, **change)]


def test_followers_alone_are_written_once_a_day() -> None:
    """The day is that of UTC."""
    grown = known(followers_total=8)
    assert written(NOON + timedelta(hours=11), grown) == []
    tomorrow = NOON + timedelta(hours=12)
    assert written(tomorrow, grown) == [known(followers_total=8, observed_at=tomorrow)]


def test_the_first_is_written_and_nothing_of_nothing() -> None:
    """What is not known at all makes no row."""
    assert written(NOON, KNOWN, newest=None) == [KNOWN]
    assert written(NOON, Description("p", NOON), newest=None) == []


def test_a_clock_that_was_set_back_keeps_the_order() -> None:
    """What is seen later is written as later."""
    [row] = written(NOON - timedelta(days=1), known(name="Blend"))
    assert row.observed_at > NOON
