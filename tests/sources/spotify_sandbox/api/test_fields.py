"""The fields parameter keeps what it names."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.spotify_sandbox.api.fields import parse
from sources.spotify_sandbox.errors import ApiError

PLAYLIST = {
    "name": "n",
    "owner": {"id": "o", "uri": "u"},
    "images": [{"url": 1, "width": 2}, {"url": 3, "width": 4}],
    "tracks": {
        "total": 1,
        "items": [
            {"added_at": "t", "track": {"uri": "x", "name": "y", "album": {"name": "a", "href": "h", "id": "i"}}}
        ],
        "next": None,
    },
    "gone": None,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name", {"name": "n"}),
        (" name , owner.id ", {"name": "n", "owner": {"id": "o"}}),
        ("owner(id,uri)", {"owner": {"id": "o", "uri": "u"}}),
        ("images.url", {"images": [{"url": 1}, {"url": 3}]}),
        ("tracks(total)", {"tracks": {"total": 1}}),
        ("tracks.items.track.uri,tracks.next", {"tracks": {"items": [{"track": {"uri": "x"}}], "next": None}}),
        (
            "tracks.items(added_at,track(name,album(!name,href)))",
            {"tracks": {"items": [{"added_at": "t", "track": {"name": "y", "album": {"id": "i"}}}]}},
        ),
        ("tracks.items(track(album.id))", {"tracks": {"items": [{"track": {"album": {"id": "i"}}}]}}),
        ("!tracks,images,owner", {"name": "n", "gone": None}),
        ("owner.id,owner", {"owner": {"id": "o", "uri": "u"}}),
        ("gone(anything)", {"gone": None}),
        ("unknown", {}),
        ("owner(unknown),name", {"owner": {}, "name": "n"}),
    ],
)
def test_selection(text: str, expected: object) -> None:
    """The documented grammar selects, excludes and nests; unknown names do no harm."""
    assert parse(text).apply(PLAYLIST) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", PLAYLIST),
        ("!", PLAYLIST),
        ("()", PLAYLIST),
        (",,name,", {"name": "n"}),
        ("owner(id", {"owner": {"id": "o"}}),
        ("owner(id))", {"owner": {"id": "o"}}),
        ("name),owner", {"name": "n"}),
        ("owner.", {"owner": {"id": "o", "uri": "u"}}),
        ("owner..id", {"owner": {"id": "o", "uri": "u"}}),
        ("owner.(id)", {"owner": {"id": "o"}}),
        ("owner()", {"owner": {"id": "o", "uri": "u"}}),
        ("(name)", {"name": "n"}),
        ("Name,OWNER", {}),
    ],
)
def test_malformed(text: str, expected: object) -> None:
    """What is malformed is read as far as it makes sense."""
    assert parse(text).apply(PLAYLIST) == expected


def test_nested_beyond_measure() -> None:
    """A text that nests thousands deep is refused like any bad request."""
    for text in ("a(" * 50_000, "a." * 50_000 + "a", "(" * 50_000):
        with pytest.raises(ApiError) as caught:
            parse(text)
        assert caught.value.status == 400


@dataclass(frozen=True)
class Field:
    """A path of names, and the group that follows it, if any."""

    path: tuple[str, ...]
    group: "Group | None"

    def __str__(self) -> str:
        return ".".join(self.path) + (f"({self.group})" if self.group else "")


@dataclass(frozen=True)
class Group:
    """Some fields, wanted or unwanted."""

    fields: tuple[Field, ...]
    excludes: bool = False

    def __str__(self) -> str:
        return "!" * self.excludes + ",".join(map(str, self.fields))


NAMES = ("a", "b", "c", "added_at")
names = st.sampled_from(NAMES)
values = st.recursive(
    st.none() | st.integers(0, 9) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


def fields_of(groups: st.SearchStrategy[Group]) -> st.SearchStrategy[Field]:
    """Fields whose groups are drawn from some."""
    return st.builds(Field, st.lists(names, min_size=1, max_size=3).map(tuple), st.none() | groups)


def first(field: Field) -> str:
    """The name that a field begins with."""
    return field.path[0]


wanted = st.deferred(
    lambda: st.builds(Group, st.lists(fields_of(groups), min_size=1, max_size=3, unique_by=first).map(tuple))
)
unwanted = st.builds(
    lambda paths: Group(tuple(Field((path,), None) for path in paths), excludes=True),
    st.lists(names, min_size=1, max_size=3, unique=True),
)
groups: st.SearchStrategy[Group] = wanted | unwanted


def reference(group: Group, value: Any) -> Any:
    """What the documentation says of a group: field by field, from the value's side."""
    if isinstance(value, list):
        return [reference(group, element) for element in value]
    if not isinstance(value, dict):
        return value
    if group.excludes:
        return {key: part for key, part in value.items() if all(field.path != (key,) for field in group.fields)}
    kept = {}
    for field in group.fields:
        key, rest = field.path[0], field.path[1:]
        if key in value:
            inside = Group((Field(rest, field.group),)) if rest else field.group
            kept[key] = value[key] if inside is None else reference(inside, value[key])
    return {key: kept[key] for key in value if key in kept}


@given(groups, values)
def test_against_the_documentation(group: Group, value: object) -> None:
    """Whatever the grammar can say is answered as the documentation reads, with keys in their order."""
    assert json.dumps(parse(str(group)).apply(value)) == json.dumps(reference(group, value))


@given(st.lists(names, min_size=1, max_size=6), st.lists(names, min_size=1, max_size=6), values)
def test_several_fields_of_one_object(one: list[str], other: list[str], value: object) -> None:
    """Fields in a row are the sum of each alone, also where they lead into the same object."""

    def leaves(part: object, path: tuple[object, ...] = ()) -> set[tuple[object, ...]]:
        inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        return {path, *(leaf for key, below in inside for leaf in leaves(below, (*path, key)))}

    both = parse(f"{'.'.join(one)},{'.'.join(other)}").apply(value)
    alone = [leaves(parse(".".join(path)).apply(value)) for path in (one, other)]
    assert leaves(both) == alone[0] | alone[1]


@given(st.text(alphabet="ab(),.! ", max_size=40), values)
def test_anything_is_read(text: str, value: object) -> None:
    """No text is an error, and none gives what is not there."""

    def is_part(part: object, whole: object) -> bool:
        if isinstance(whole, dict) and isinstance(part, dict):
            return part.keys() <= whole.keys() and all(is_part(part[key], whole[key]) for key in part)
        if isinstance(whole, list) and isinstance(part, list):
            return len(part) == len(whole) and all(map(is_part, part, whole))
        return part == whole

    assert is_part(parse(text).apply(value), value)
