"""Reading one playlist: a whole state of it in the fewest requests, or nothing."""

from math import ceil
from typing import Any

import pytest
import requests

from sources.errors import ApiError, ChangedWhileReading, ForbiddenError, NotFoundError
from sources.spotify.resources.addition_identity import identity
from sources.spotify.resources.playlists.consistent_reading import Reading, read_playlist
from tests.sources.spotify.fake_api import ID, FakeApi, entry
from tests.sources.spotify.stand_in import StandIn, asked, client, in_turn, path, query, refusal, reply

REGIMES = ["extended", "development", "transition"]


def read(server: StandIn, known: str | None = None) -> Reading:
    """A reading of the playlist behind a server."""
    return read_playlist(client(server), ID, known)


def uris(reading: Reading) -> list[str | None]:
    """The entries read, by their URIs."""
    return [identity(row)[0] for row in reading.entries or ()]


def first(size: int) -> list[str | None]:
    """The URIs of a playlist's entries."""
    return [f"spotify:track:{number}" for number in range(size)]


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 150, 151, 250])
def test_the_fewest_requests(regime: str, size: int) -> None:
    """One request for 100 entries, one for every 50 more, and one look at the snapshot if there were several."""
    server = FakeApi(size, regime).server()
    assert uris(read(server)) == first(size)
    more = ceil(max(0, size - 100) / 50)
    assert len(asked(server)) == 1 + more + (1 if more else 0)


def test_episodes_are_asked_for_on_every_page() -> None:
    """Without `additional_types` episodes come in the shape of tracks, on later pages too."""
    server = FakeApi(250).server()
    read(server)
    contents = [query(request) for request in server.requests if path(request) != "/api/token"][:-1]
    assert [page.get("additional_types") for page in contents] == ["track,episode"] * 4
    assert [page.get("offset") for page in contents] == [None, "100", "150", "200"]
    assert query(server.requests[-1]) == {"fields": "snapshot_id"}


def test_a_known_snapshot_stops_after_one_request() -> None:
    """Nothing more is read of a playlist that is as it was."""
    server = FakeApi(250).server()
    reading = read(server, known="one")
    assert (reading.unchanged, reading.entries, len(asked(server))) == (True, None, 1)
    assert not read(FakeApi(1).server(), known="other").unchanged


def test_withheld_contents_are_not_empty_contents() -> None:
    """A playlist of which only the description comes has null entries, an empty one has none."""
    assert read(FakeApi(3, withheld=True).server()).entries is None
    assert read(FakeApi(0).server()).entries == []


def test_later_pages_withheld() -> None:
    """403 after a first page with entries is a failed reading: neither 100 entries nor contents withheld."""
    with pytest.raises(ApiError, match="only be read in part"):
        read(FakeApi(101, "development", shut=("items",)).server())


@pytest.mark.parametrize("fault", ["shut", "missing"])
@pytest.mark.parametrize("path_shut", ["items", "tracks"])
def test_in_the_transition_either_path_may_be_closed(fault: str, path_shut: str) -> None:
    """Where an answer names both paths, the open one is found at the price of at most one request."""
    api = FakeApi(250, "transition")
    setattr(api, fault, (path_shut,))
    server = api.server()
    assert uris(read(server)) == first(250)
    assert len(asked(server)) == 5 + (path_shut == "items")


def test_old_names_on_the_new_path() -> None:
    """An answer that only names `tracks` is read to its end although only `/items` is open."""
    api = FakeApi(150, "transition", shut=("tracks",))
    api.change = lambda answer, _request: answer.pop("items") if "tracks" in answer else None
    assert uris(read(api.server())) == first(150)


def test_items_before_tracks() -> None:
    """`tracks: null` beside `items`, and `track: null` beside `item`, do not hide the contents."""

    def nulls(answer: dict[str, Any], _request: requests.PreparedRequest) -> None:
        answer["tracks"] = None
        for row in answer["items"]["items"]:
            row["track"] = None

    assert uris(read(FakeApi(3, "development", change=nulls).server())) == first(3)


def test_a_total_without_rows_is_read_by_pages() -> None:
    """A first page of which only `total` came is asked for like the others."""

    def summary(answer: dict[str, Any], _request: requests.PreparedRequest) -> None:
        if "tracks" in answer:
            answer["tracks"] = {"href": "x", "total": 60}

    server = FakeApi(60, change=summary).server()
    assert uris(read(server)) == first(60)


def test_a_change_between_pages_is_read_again() -> None:
    """Pages during which the snapshot changed are dropped; a second reading that equals the first is accepted."""
    api = FakeApi(150, snapshots=["one", "two"])
    server = api.server()
    reading = read(server)
    assert (reading.playlist.snapshot_id, uris(reading)) == ("two", first(150))
    assert len(asked(server)) == 5


def test_a_playlist_that_grows_between_pages_is_read_again() -> None:
    """Rows that are not as many as `total` said are no whole state, whatever the snapshot says."""
    api = FakeApi(150)

    def grow(_answer: dict[str, Any], request: requests.PreparedRequest) -> None:
        if "offset" in query(request) and api.size == 150:
            api.size = 170

    api.change = grow
    api.cap = 30
    assert uris(read(api.server())) == first(170)


def test_a_playlist_that_never_rests_is_given_up() -> None:
    """After a bounded number of readings nothing is returned, so that nothing half is written."""

    class Restless(FakeApi):
        def snapshot(self) -> str:
            self.size += 1
            return str(self.size)

    server = Restless(120).server()
    with pytest.raises(ChangedWhileReading, match=f"{ID} was not seen whole in 3 readings"):
        read(server)
    assert len(asked(server)) == 9


def test_a_snapshot_that_moves_without_reason() -> None:
    """Two equal readings count as whole: the snapshot of generated lists may differ from request to request."""
    server = FakeApi(120, snapshots=list("abcdefgh")).server()
    assert uris(read(server)) == first(120)
    assert len(asked(server)) == 5


def test_without_a_snapshot_two_readings_must_agree() -> None:
    """Where no snapshot comes, its absence before and after proves nothing."""
    server = FakeApi(120, snapshots=[None]).server()
    assert uris(read(server)) == first(120)
    assert len(asked(server)) == 4


@pytest.mark.parametrize(("size", "total"), [(3, 2), (3, 4), (3, 0), (100, 101), (120, 121), (120, 119), (0, 1)])
def test_another_total_than_rows_takes_a_second_reading(size: int, total: int) -> None:
    """What two readings show alike is what there is, and how far it is from the total is said."""
    server = FakeApi(size, total=total).server()
    reading = read(server)
    assert (uris(reading), reading.lacking) == (first(size), total - size)
    assert len(asked(server)) == 2 * (1 if size <= 100 else 2)


def test_changing_totals_are_not_accepted() -> None:
    """Equal rows with changing totals are not accepted."""
    totals = iter((4, 5, 6))

    def drifting(answer: dict[str, Any], _request: requests.PreparedRequest) -> None:
        answer["tracks"]["total"] = next(totals)

    with pytest.raises(ChangedWhileReading):
        read(FakeApi(3, change=drifting).server())


def test_a_null_total_promises_nothing() -> None:
    """Broken generated lists have `total: null`: their pages are read to the end."""

    def broken(answer: dict[str, Any], _request: requests.PreparedRequest) -> None:
        for page in (answer, answer.get("tracks", {})):
            page["total"] = None

    assert uris(read(FakeApi(120, change=broken).server())) == first(120)


def test_pages_may_be_shorter_than_asked() -> None:
    """A server that gives 18 rows where 50 were asked is followed in its steps."""
    assert uris(read(FakeApi(190, cap=18).server())) == first(190)


def test_null_entries_and_null_contents_keep_their_place() -> None:
    """What is gone is still an entry: positions and `total` count it."""

    def hollow(answer: dict[str, Any], _request: requests.PreparedRequest) -> None:
        answer["tracks"]["items"][0] = None
        answer["tracks"]["items"][1]["track"] = None
        del answer["tracks"]["items"][2]["track"]

    reading = read(FakeApi(4, change=hollow).server())
    assert uris(reading) == [None, None, None, "spotify:track:3"]
    assert [row.item_type for row in reading.entries or ()] == [None, None, None, "track"]


def test_gone_and_forbidden_playlists() -> None:
    """Neither is taken for an empty playlist."""
    with pytest.raises(NotFoundError):
        read(in_turn(refusal(404, "Resource not found")))
    with pytest.raises(ForbiddenError):
        read(in_turn(refusal(403, "Forbidden")))


def test_deleted_between_pages() -> None:
    """A playlist that vanishes while it is read was read in part; the next reading finds it gone."""
    with pytest.raises(ApiError, match="only be read in part"):
        read(FakeApi(150, missing=("tracks",)).server())


@pytest.mark.parametrize("answer", [{}, {"id": None}, {"id": ""}, {"name": "x"}, {"error": "no"}])
def test_an_answer_that_is_not_a_playlist(answer: object) -> None:
    """An object without an id is an error, not a playlist whose contents are withheld."""
    with pytest.raises(ApiError, match=f"/playlists/{ID} answered something that is not a playlist"):
        read(in_turn(reply(answer)))


@pytest.mark.parametrize("missing", [True, False])
def test_a_page_without_items(missing: bool) -> None:
    """A page that lacks its rows is an error, not the end."""

    def rowless(answer: dict[str, Any], request: requests.PreparedRequest) -> None:
        if query(request).get("offset") == "150":
            answer.clear()
            answer.update({} if missing else {"items": None, "next": None})

    with pytest.raises(ApiError, match=f"/playlists/{ID}/tracks answered a page without items at offset 150"):
        read(FakeApi(250, change=rowless).server())


def test_a_reading_takes_the_order_of_the_answer() -> None:
    """Positions are the array's, whatever `added_at` says."""

    def dated(answer: dict[str, Any], _request: requests.PreparedRequest) -> None:
        rows = answer["tracks"]["items"]
        rows[:] = [entry(2), entry(0), entry(1)]
        for row, day in zip(rows, (2, 3, 1), strict=True):
            row["added_at"] = f"2020-01-0{day}T00:00:00Z"

    assert uris(read(FakeApi(3, change=dated).server())) == ["spotify:track:2", "spotify:track:0", "spotify:track:1"]
