"""Invalid JSON is repaired where the meaning is certain, and left out or refused elsewhere."""

import msgspec
import pytest

from sources.spotify.models.answers import EntriesPage
from sources.spotify.models.json_repair import REPLACED
from sources.spotify.models.lenient_decode import decode_leniently


def page_of(name: bytes, rest: bytes = b"") -> bytes:
    """A page of two tracks, of which the first has this name, and perhaps more."""
    first = b'{"track":{"uri":"spotify:track:t","name":' + name + rest + b',"popularity":7}}'
    return b'{"items":[' + first + b',{"track":{"uri":"spotify:track:u","name":"U"}}],"total":2}'


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (rb'"Cut \ud83d"', "Cut \ufffd"),
        (rb'"\ud83d tail"', "\ufffd tail"),
        (rb'"\ude00 low"', "\ufffd low"),
        (rb'"\uDE00\uD83D"', "\ufffd\ufffd"),
        (rb'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"),
        (rb'"\ud83dx\ude00"', "\ufffdx\ufffd"),
        (rb'"a\u0000b"', "a\ufffdb"),
        (b'"a\x00b"', "a\ufffdb"),
        (b'"caf\xe9"', "caf\ufffd"),
        (b'"\xed\xa0\xbd"', "\ufffd\ufffd\ufffd"),
        (b'"\xc0\x80"', "\ufffd\ufffd"),
        (b'"\xf0\x9f\x98"', "\ufffd\ufffd\ufffd"),
        (b'"\xf5\x80\x80\x80 \xf0\x9f\x98\x80"', "\ufffd\ufffd\ufffd\ufffd \U0001f600"),
    ],
)
def test_invalid_characters_are_replaced(sent: bytes, read: str) -> None:
    """U+FFFD takes their place, the rest is read, and they are reported: each time the same."""
    found = [decode_leniently(page_of(sent), EntriesPage) for _ in range(2)]
    assert found[0] == found[1]
    page, replaced = found[0]
    assert [row and row.content and row.content.name for row in page.items or ()] == [read, "U"]
    assert [(what.place, what.problem, what.is_replaced) for what in replaced] == [
        ("items[].track.name", REPLACED, True)
    ]


@pytest.mark.parametrize("sent", [b'"tab\there"', b'"line\nbreak"', b'"\x1b[2J"'])
def test_control_characters_are_accepted(sent: bytes) -> None:
    """JSON requires them to be escaped, but the meaning is certain."""
    page, left_out = decode_leniently(page_of(sent), EntriesPage)
    assert [row and row.content and row.content.name for row in page.items or ()] == [sent[1:-1].decode(), "U"]
    assert left_out == []


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_byte_order_mark_is_skipped(codec: str) -> None:
    """Whatever Unicode encoding a proxy made of it."""
    body = page_of(b'"Sm\xc3\xa5"')
    assert decode_leniently(body.decode().encode(codec), EntriesPage) == decode_leniently(body, EntriesPage)


@pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"-1e999", b"9" * 5000])
@pytest.mark.parametrize("place", ["disc_number", "explicit", "description", "album", "artists", "unheard_of"])
def test_invalid_numbers_are_left_out(value: bytes, place: str) -> None:
    """`NaN` and numbers without bounds are left out, whatever type the field has; the rest is read."""
    page, left_out = decode_leniently(page_of(b'"T"', b',"' + place.encode() + b'":' + value), EntriesPage)
    plain, _ = decode_leniently(page_of(b'"T"'), EntriesPage)
    assert page == plain
    if left_out:
        assert [(what.place, what.is_replaced) for what in left_out] == [(f"items[].track.{place}", False)]
    else:
        assert place == "unheard_of"


@pytest.mark.parametrize("place", ["uri", "id", "linked_from"])
def test_invalid_numbers_in_identities_are_errors(place: str) -> None:
    """The identity of a track must not be missing: the answer is an error."""
    body = page_of(b'"T"').replace(b'"uri":"spotify:track:t"', b'"' + place.encode() + b'":NaN')
    with pytest.raises(msgspec.ValidationError):
        decode_leniently(body, EntriesPage)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("levels", [200, 900, 1100, 100_000])
@pytest.mark.parametrize("place", ["description", "unheard_of"])
def test_deep_nesting_is_left_out(opening: bytes, closing: bytes, levels: int, place: str) -> None:
    """Of any depth, only the nested value is missing."""
    nested = opening * levels + b"1" + closing * levels
    page, left_out = decode_leniently(page_of(b'"T"', b',"' + place.encode() + b'":' + nested), EntriesPage)
    assert page == decode_leniently(page_of(b'"T"'), EntriesPage)[0]
    assert len(left_out) <= 2


def test_brackets_in_text_nest_nothing() -> None:
    """Only brackets of JSON count."""
    page, left_out = decode_leniently(page_of(b'"' + b'[{\\"' * 300 + rb'\ud83d"'), EntriesPage)
    assert page.items is not None
    assert page.items[0] is not None
    assert page.items[0].content is not None
    assert page.items[0].content.name == '[{"' * 300 + "\ufffd"
    assert [what.problem for what in left_out] == [REPLACED]


def test_of_two_values_of_one_name_the_last_counts() -> None:
    """As in every JSON parser; the type of the first one does not matter."""
    twice = [page_of(b'"T"', b',"popularity":%b,"disc_number":2' % first) for first in (b"3", b'"x"', b"NaN", b"[]")]
    pages = [decode_leniently(body, EntriesPage) for body in twice]
    assert all(page == pages[0][0] for page, _ in pages)
    assert [left_out for _, left_out in pages] == [[], [], [], []]


def test_names_of_fields_are_repaired() -> None:
    """Even where that makes them alike."""
    body = page_of(b'"T"', rb',"x\ud800":{"a":NaN},"x\ufffd":5,"x\udc00":NaN')
    assert decode_leniently(body, EntriesPage)[0] == decode_leniently(page_of(b'"T"'), EntriesPage)[0]


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"items":[', b"[" * 1000, b'"', b'"\\', b"<html>", b'{"a":1}x', b"\x00\x01\xff"]
)
def test_what_is_not_json_is_an_error(body: bytes) -> None:
    """Nothing is guessed."""
    with pytest.raises(msgspec.DecodeError):
        decode_leniently(body, EntriesPage)


def test_items_are_distinguished_by_what_was_sent() -> None:
    """A replaced address is the same for the same bytes, wherever it is."""
    cut = rb'{"items":[{"track":{"uri":"spotify:local:a\ud83d"}},{"track":{"uri":"spotify:local:b\ud83d"}}]}'
    turned = rb'{"items":[{"track":{"uri":"spotify:local:b\ud83d"}},{"track":{"uri":"spotify:local:a\ud83d"}}]}'
    uris = [
        [row and row.content and row.content.uri for row in decode_leniently(body, EntriesPage)[0].items or ()]
        for body in (cut, turned)
    ]
    assert uris == [
        ["spotify:local:a\ufffd", "spotify:local:b\ufffd"],
        ["spotify:local:b\ufffd", "spotify:local:a\ufffd"],
    ]
