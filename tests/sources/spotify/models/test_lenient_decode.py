"""Answers in which a value is not of its type."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.spotify.models.accounts import Token
from sources.spotify.models.answers import EntriesPage
from sources.spotify.models.lenient_decode import MOST, decode_leniently
from sources.spotify.models.playlists import Playlist, PlaylistsPage
from sources.spotify.models.refusals import Refusal
from sources.spotify.resources.addition_identity import identity
from tests.sources.spotify.models.test_json_repair import page_of
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
    """What a page says of what was put where."""
    if isinstance(value, list):
        return value
    return kept(
        value,
        *("limit", "next", "offset", "total"),
        items=lambda rows: kept(rows, "added_at", item=what, track=what),
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
    """An answer in which nearly every value is wrong is an error, which is found in bounded time."""
    body = msgspec.json.encode({"items": [{"track": {"name": 5, "uri": "x"}}] * (MOST + 1)})
    with pytest.raises(msgspec.ValidationError):
        decode_leniently(body, EntriesPage)


def test_places_are_reported() -> None:
    """What was left out is reported with the decoder's words, and the rest of its object is there."""
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


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("5", 5),
        ("5.0", 5),
        ("5e0", 5),
        ("-0.0", 0),
        ('"5"', 5),
        ('"5.0"', 5),
        ('"-5"', -5),
        ("1e3", 1000),
        ("5.5", None),
        ('"5.5"', None),
        ('"five"', None),
        ('""', None),
        ("true", None),
        ("9223372036854775808", None),
        ("1e30", None),
    ],
)
def test_whole_numbers_in_another_notation(sent: str, read: int | None) -> None:
    """What is exactly a whole number is read as one; anything else is left out and reported."""
    page, left_out = decode_leniently(page_of(b'"T"', f',"duration_ms":{sent}'.encode()), EntriesPage)
    assert page.items is not None
    assert page.items[0] is not None
    assert page.items[0].content is not None
    assert page.items[0].content.duration_ms == read
    assert [what.place for what in left_out] == ["items[].track.duration_ms"] * (read is None)


@pytest.mark.parametrize(
    ("sent", "read"),
    [("true", True), ('"true"', True), ('"False"', False), ("1", True), ("0", False), ('"1"', True), ("2", None),
     ('"yes"', None), ('""', None), ("1.0", None)],
)  # fmt: skip
def test_truth_values_in_another_notation(sent: str, read: bool | None) -> None:
    """As text, or as 0 and 1."""
    playlist, left_out = decode_leniently(f'{{"id":"p","public":{sent}}}'.encode(), Playlist)
    assert playlist.public is read
    assert [what.place for what in left_out] == ["public"] * (read is None)


@pytest.mark.parametrize("kind", [EntriesPage, PlaylistsPage])
@pytest.mark.parametrize("change", [float, str, lambda number: f"{number}.0"])
def test_pages_with_numbers_in_another_notation(kind: type, change: Callable[[int], Any]) -> None:
    """A page says the same, whether its numbers are bare, have a point, or are text."""
    numbers = {"limit": 50, "offset": 100, "total": 1234}
    changed = {name: change(number) for name, number in numbers.items()}
    expected: Any = msgspec.convert(numbers | {"items": []}, kind)
    assert decode_leniently(msgspec.json.encode(changed | {"items": []}), kind) == (expected, [])


@pytest.mark.parametrize("total", ["5.5", '"5.5"', "NaN", '"many"', "1e400", "true"])
def test_an_invalid_total_is_an_error(total: str) -> None:
    """No other value takes its place."""
    with pytest.raises(msgspec.ValidationError):
        decode_leniently(f'{{"items":[],"total":{total}}}'.encode(), EntriesPage)


@pytest.mark.parametrize(
    ("sent", "lasts"),
    [("3600", 3600), ("3600.0", 3600), ('"3600"', 3600), ('"1800.0"', 1800), ("59.5", 59.5), ("null", 3600),
     ("NaN", 3600), ('"NaN"', 3600), ('"inf"', 3600), ("-1e300", 3600), ('"soon"', 3600), ("1e999", 3600)],
)  # fmt: skip
def test_lifetimes_of_tokens_in_another_notation(sent: str, lasts: float) -> None:
    """An invalid lifetime counts as missing; the token is valid nevertheless."""
    token, _ = decode_leniently(f'{{"access_token":"A","expires_in":{sent},"scope":["x"]}}'.encode(), Token)
    assert (token.access_token, token.expires_in, token.scope) == ("A", lasts, None)


@pytest.mark.parametrize("field", ["access_token", "refresh_token"])
def test_secrets_are_not_made_up(field: str) -> None:
    """A token of another type is an error, and not silently lost."""
    with pytest.raises(msgspec.ValidationError):
        decode_leniently(msgspec.json.encode({"access_token": "A", field: 5}), Token)


def test_refusals_are_read_too() -> None:
    """Half a character in an error's message hides neither the message nor the error."""
    refusal, _ = decode_leniently(rb'{"error":{"status":"404","message":"No \ud83d here"}}', Refusal)
    assert refusal.error is not None
    assert refusal.error.message == "No \ufffd here"


@pytest.mark.parametrize("name", ["null", "Null", "NULL", "None", "true", "5", "1e3", "nan"])
def test_text_that_reads_like_another_value_stays_text(name: str) -> None:
    """A song called Null keeps its name, also on a page whose numbers came as text."""
    body = msgspec.json.encode({"items": [ENTRY | {"track": TRACK | {"name": name}}], "total": "1"})
    page, left_out = decode_leniently(body, EntriesPage)
    assert page.items is not None
    assert page.items[0] is not None
    assert page.items[0].content is not None
    assert (page.items[0].content.name, page.total, left_out) == (name, 1, [])
