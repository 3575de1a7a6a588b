"""Answers in which a value is not of its type."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.spotify.objects import EntriesPage, Playlist, PlaylistsPage
from sources.spotify.reading import identity
from sources.spotify.salvage import MOST, decode_leniently
from tests.sources.spotify.test_hostile import EPISODE, IMAGE, TRACK

USER = {"id": "u", "uri": "spotify:user:u", "display_name": "U", "external_urls": {"spotify": "https://x"}}
ENTRY = {"added_at": "2020-05-06T07:08:09Z", "added_by": USER, "is_local": False, "video_thumbnail": {"url": None}}
ENTRIES = {
    "items": [ENTRY | {"track": TRACK}, ENTRY | {"item": EPISODE}, None, ENTRY | {"track": None}],
    "limit": 4,
    "next": "https://api.example/v1/playlists/p/items?offset=4&limit=4",
    "total": 9,
}
PLAYLIST = {"id": "p", "name": "P", "owner": USER, "snapshot_id": "s", "images": [IMAGE], "followers": {"total": 3}}
ANSWERS: dict[type, Any] = {
    EntriesPage: ENTRIES,
    Playlist: PLAYLIST | {"tracks": ENTRIES},
    PlaylistsPage: {"items": [PLAYLIST | {"items": {"total": 9}}, None, PLAYLIST], "next": None, "total": 3},
}
ODD = st.sampled_from(["", "x", 5, -1.5, 2**70, True, [], [1], {}, {"id": 4}, [None]])


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value inside."""
    steps: Any = ()
    if isinstance(value, dict):
        steps = value.items()
    elif isinstance(value, list):
        steps = enumerate(value)
    for step, inner in steps:
        yield (*place, step)
        yield from places(inner, (*place, step))


def kept(value: Any, *names: str, **inner: Callable[[Any], Any]) -> Any:
    """Of an object only some values, of a list those of each element; anything else as it is."""
    if isinstance(value, list):
        return [kept(element, *names, **inner) for element in value]
    if not isinstance(value, dict):
        return value
    picked = {name: value[name] for name in names if name in value}
    return picked | {name: pick(value[name]) for name, pick in inner.items() if name in value}


def who(value: Any) -> Any:
    """What tells users apart."""
    return value if isinstance(value, list) else kept(value, "id")


def what(value: Any) -> Any:
    """What tells contents apart."""
    return value if isinstance(value, list) else kept(value, "id", "uri", "type", linked_from=linked)


def linked(value: Any) -> Any:
    """What tells linked tracks apart."""
    return value if isinstance(value, list) else kept(value, "id", "uri")


def entries(value: Any) -> Any:
    """What a page says of who put what where."""
    if isinstance(value, list):
        return value
    return kept(
        value,
        *("limit", "next", "offset", "total"),
        items=lambda rows: kept(rows, "added_at", added_by=who, item=what, track=what),
    )


def decisive(kind: type, value: Any) -> Any:
    """What an answer says of which playlists there are and what is on them."""
    if kind is EntriesPage:
        return entries(value)
    if kind is Playlist:
        return kept(value, "id", "snapshot_id", owner=who, items=entries, tracks=entries)
    return kept(value, "next", "total", items=lambda rows: kept(rows, "id", "snapshot_id", owner=who))


def told(kind: type, value: Any) -> Any:
    """The same, as strictly decoded; playlists of a list that cannot be are null."""
    lean = decisive(kind, value)
    if kind is PlaylistsPage and isinstance(lean.get("items"), list):
        lean["items"] = [row if is_valid(row, Playlist | None) else None for row in lean["items"]]
    return msgspec.json.decode(msgspec.json.encode(lean), type=kind)


def held(answer: Any) -> Any:
    """What an answer says of which playlists there are and what is on them, as plain values."""
    if isinstance(answer, PlaylistsPage):
        return answer.next, answer.total, [row and held(row)[:3] for row in answer.items or ()]
    if isinstance(answer, Playlist):
        return answer.id, answer.snapshot_id, answer.owner and answer.owner.id, held(answer.contents)
    if isinstance(answer, EntriesPage):
        rows = [row and (identity(row), row.item_type, row.content and row.content.id) for row in answer.items or ()]
        return answer.next, answer.total, rows
    return answer


def is_valid(value: Any, kind: Any) -> bool:
    """Whether something can be read as it is."""
    try:
        msgspec.json.decode(msgspec.json.encode(value), type=kind)
    except msgspec.ValidationError:
        return False
    return True


@pytest.mark.parametrize("kind", list(ANSWERS), ids=lambda kind: kind.__name__)
@given(st.data())
def test_what_is_left_out_decides_nothing(kind: type, data: st.DataObject) -> None:
    """Whatever values are of a wrong type: what is on which playlist is read as if all others were missing.

    Only where one of these is itself wrong is the answer not read.
    """
    whole = deepcopy(ANSWERS[kind])
    changed = deepcopy(whole)
    for place in data.draw(st.lists(st.sampled_from(list(places(whole))), min_size=1, max_size=4, unique=True)):
        spot = changed
        try:
            for step in place[:-1]:
                spot = spot[step]
            spot[place[-1]] = deepcopy(data.draw(ODD))
        except (KeyError, IndexError, TypeError):
            # It is inside something that has been replaced.
            continue
    try:
        expected = told(kind, changed)
    except msgspec.ValidationError:
        expected = None
    answer: Any
    try:
        answer, left_out = decode_leniently(msgspec.json.encode(changed), kind)
    except msgspec.ValidationError:
        assert expected is None
        return
    assert expected is not None
    assert held(answer) == held(expected)
    assert bool(left_out) is not is_valid(changed, kind)


def test_an_answer_of_another_kind() -> None:
    """Where nearly every value is wrong the answer is not believed, and the time to find out is bounded."""
    body = msgspec.json.encode({"items": [{"track": {"name": 5, "uri": "x"}}] * (MOST + 1)})
    with pytest.raises(msgspec.ValidationError):
        decode_leniently(body, EntriesPage)


def test_places_are_told() -> None:
    """What was left out is told with the decoder's words, and the rest of its object is there."""
    body = b'{"items":[{"track":{"uri":"spotify:track:t","album":{"id":5,"name":"L"},"popularity":"x","name":"T"}}]}'
    page, left_out = decode_leniently(body, EntriesPage)
    assert [str(what) for what in left_out] == [
        "items[].track.album (Expected `str | null`, got `int`)",
        "items[].track.popularity (Expected `int | null`, got `str`)",
    ]
    [entry] = page.items or []
    assert entry is not None
    assert entry.content is not None
    assert (entry.content.name, entry.content.album, entry.content.popularity) == ("T", None, None)


def test_the_rest_is_as_it_was() -> None:
    """What is kept as the API's own text has the same bytes, whether or not something beside it was left out."""
    body = b'{"id":"p","name":1,"tracks":{"items":[{"track":{"id":"t","available_markets":["SE","NO"]}}]}}'
    whole, nothing = decode_leniently(body.replace(b"1", b"null"), Playlist)
    found, left_out = decode_leniently(body, Playlist)
    assert (whole, nothing, [what.place for what in left_out]) == (found, [], ["name"])
