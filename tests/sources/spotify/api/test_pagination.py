"""Pages by offset."""

from typing import Any

import pytest

from sources.errors import ApiError
from sources.spotify.api.pagination import my_playlists, next_offset
from sources.spotify.models.answers import EntriesPage, Entry
from tests.sources.spotify.stand_in import API, Reply, StandIn, asked, client, in_turn, path, query, reply

LINK = f"{API}/users/me/playlists?offset={{}}&limit=50"


def listed(*ids: str | None, following: str | None = None, limit: int = 50, total: int = 0) -> Reply:
    """A page of playlists."""
    rows = [None if playlist_id is None else {"id": playlist_id} for playlist_id in ids]
    return reply({"items": rows, "next": following, "limit": limit, "total": total})


def found(server: StandIn) -> list[str | None]:
    """The ids listed, null for hidden playlists."""
    return [None if playlist is None else playlist.id for playlist in my_playlists(client(server))]


def offsets(server: StandIn) -> list[str]:
    """The offsets asked for."""
    return [query(request)["offset"] for request in server.requests if path(request) != "/api/token"]


def test_links_are_read_but_never_followed() -> None:
    """`next` names a path closed to new apps, or any host: only its offset is used, on the list's own address."""
    server = in_turn(
        listed("a", following=LINK.format(1)),
        listed("b", following="https://evil.example/v1/me/playlists?limit=20&offset=2"),
        listed("c", following="?offset=3"),
        listed("d"),
    )
    assert found(server) == ["a", "b", "c", "d"]
    assert asked(server) == ["/v1/me/playlists"] * 4
    assert {str(request.url).split("/v1")[0] for request in server.requests[1:]} == {"https://api.example"}
    assert [query(request)["limit"] for request in server.requests[1:]] == ["50"] * 4


def test_hidden_and_short_pages() -> None:
    """Rows hidden from the app are null or left out; `next` says where to go on, and nothing is lost."""
    server = in_turn(
        listed("a", None, "b", following=LINK.format(5), limit=5),
        listed(following=LINK.format(10), limit=5),
        listed("c", following=LINK.format(11), limit=1),
        listed(),
    )
    assert found(server) == ["a", None, "b", "c"]
    assert offsets(server) == ["0", "5", "10", "11"]


def test_a_list_short_of_its_total() -> None:
    """Rows that are counted but not shown come as hidden ones; a list that shows none of its rows is an error."""
    server = in_turn(listed("a", following=LINK.format(50), total=9), listed("b", None, total=5))
    assert found(server) == ["a", "b", None, None, None]
    with pytest.raises(ApiError, match="says 4 playlists and shows none"):
        found(in_turn(listed(total=4)))


def test_a_playlist_pushed_onto_the_next_page_is_listed_once() -> None:
    """What is added at the top while the pages are read moves the rest down, but makes no playlist two."""
    server = in_turn(listed("a", "b", following=LINK.format(2)), listed("b", None, "c", None))
    assert found(server) == ["a", "b", None, "c", None]


@pytest.mark.parametrize("answer", [{}, {"items": None}, {"total": 3}, {"error": {"status": 500}}])
def test_a_page_without_rows_is_not_the_end(answer: dict[str, Any]) -> None:
    """A list that breaks off is an error: playlists after it would silently not be synced."""
    with pytest.raises(ApiError, match="/me/playlists answered a page without items at offset 2"):
        found(in_turn(listed("a", "b", following=LINK.format(2)), reply(answer)))


@pytest.mark.parametrize("following", [LINK.format(0), LINK.format(-5), LINK.format("1"), ""])
def test_pages_that_lead_back_are_noticed(following: str) -> None:
    """A link back to rows that were read would never end."""
    server = in_turn(listed("a", following=LINK.format(1)), listed(following=following))
    with pytest.raises(ApiError, match="as the page after offset 1: report this"):
        found(server)
    assert len(offsets(server)) == 2


def test_empty_pages_without_end_are_noticed() -> None:
    """A server that always names a next page is left at the API's own largest offset."""
    server = StandIn(lambda request: listed(following=LINK.format(int(query(request)["offset"]) + 50)))
    with pytest.raises(ApiError, match="offset=100050"):
        found(server)


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ("https://h/?offset=18&limit=20", 18),
        ("https://h/?offset=20", 20),
        ("https://h/?offset=21", 20),
        ("https://h/?offset=99999999999999999999", 20),
        ("https://h/?offset=" + "9" * 5000, 13),
        ("https://h/?offset=first", 13),
        ("https://h/?offset=", 13),
        ("https://h/", 13),
        ("https://[::1", 13),
        ("offset", 13),
    ],
)
def test_a_link_is_believed_as_far_as_no_row_is_lost(link: str, following: int) -> None:
    """After 3 of 10 rows from 10 on, the next page begins between 13 and 20, whatever the link says beyond."""
    page = EntriesPage(items=[Entry(), None, Entry()], limit=10, next=link)
    assert next_offset(page, 10, "there") == following


def test_the_last_page() -> None:
    """Without a link there is nothing more, however few rows came."""
    assert next_offset(EntriesPage(items=[], limit=10, total=100), 0, "there") is None
