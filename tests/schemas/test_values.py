"""Do the declared columns fit the objects that the Web API's answers become?"""

from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import TABLES
from schemas.spec import From, ListElement, Table, path, seen_at
from sources.spotify.models import answers, audio, catalogue, library, lists, player, playlists, rows, run_records
from sources.spotify.resources.base import ENTRIES

BY_NAME = {table.name: table for table in TABLES}

MADE_BY_THE_READER: dict[str, type] = {
    "playlists": rows.SeenPlaylist,
    "playlist_descriptions": rows.Description,
    "playlist_listings": rows.Listing,
    "playlist_additions": rows.Addition,
    "playlist_addition_authors": rows.AdditionAuthor,
    "playlist_snapshots": rows.Snapshot,
    "runs": run_records.RunRecord,
    "writes": run_records.WriteRecord,
    "playlist_reads": run_records.PlaylistRead,
    "resource_reads": run_records.ResourceRead,
    "catalogue_reads": run_records.CatalogueRead,
    "audiobooks": library.Audiobook,
    "chapters": catalogue.Chapter,
    "audio_features": audio.AudioFeatures,
    "audio_analyses": rows.TrackAnalysis,
    "artist_albums": rows.ArtistAlbum,
    "saved_additions": rows.SavedAddition,
    "saved_snapshots": rows.SavedSnapshot,
    "ranked_lists": rows.RankedList,
    "categories": lists.Category,
    "markets": lists.Market,
    "plays": rows.Play,
    "player_states": player.SeenState,
    "devices": player.SeenDevice,
    "covers": rows.Cover,
    "playlist_covers": rows.PlaylistCover,
    "cover_checks": rows.CoverCheck,
}

IN_FULL: dict[str, type] = {"albums": catalogue.FullAlbum, "artists": catalogue.FullArtist, "shows": catalogue.FullShow}
"""What rows of these tables are made from where they are described, and not only named."""

PYTHON_TYPES: dict[pa.DataType, object] = {
    pa.string(): str,
    pa.int64(): int,
    pa.float64(): float,
    pa.bool_(): bool,
    pa.binary(): bytes,
    pa.timestamp("us", tz="UTC"): datetime,
    pa.list_(pa.int64()): list[int],
    pa.list_(pa.string()): list[str | None],
}

NOTHING = {NoneType, msgspec.UnsetType}


def alternatives(type_: Any) -> set[Any]:
    """The members of a union, or the type itself."""
    return set(get_args(type_)) if get_origin(type_) in (Union, UnionType) else {type_}


def resolved(type_: type, dotted: str) -> set[Any]:
    """The types, NoneType among them, that a path of attributes may end in."""
    head, _, rest = dotted.partition(".")
    declared = getattr(type_, head, None)
    hints = get_type_hints(declared.fget if isinstance(declared, property) else type_)
    found = alternatives(hints["return" if isinstance(declared, property) else head])
    if not rest:
        return found
    (inner,) = found - NOTHING
    return resolved(inner, rest) | (found & NOTHING)


def element(types: set[Any]) -> type:
    """The class of the objects in a list that may be missing, and have gaps."""
    (only,) = types - NOTHING
    assert get_origin(only) is list
    (found,) = alternatives(get_args(only)[0]) - NOTHING
    return found  # type: ignore[no-any-return]


def row_types(table: Table) -> list[type]:
    """What a table's rows are made from; for a `child` table the class of the elements."""
    if not table.extracted_from:
        return [MADE_BY_THE_READER[table.name]]
    types: list[type] = []
    for found in table.extracted_from:
        for parent in parents(found):
            reached = resolved(parent, found.attribute)
            if found.many or found.by_position:
                types.append(element(reached))
            else:
                types += reached - NOTHING
    return types


def parents(found: From) -> list[type]:
    """In what a table's objects are found."""
    if found.table == ENTRIES:
        return [answers.Entry]
    return [IN_FULL[found.table]] if found.full else row_types(BY_NAME[found.table])


def owner_type(table: Table) -> type:
    """What holds the lists whose elements a `child` table's rows are."""
    (found,) = table.extracted_from
    (owner,) = parents(found)
    return owner


def column_types(table: Table, source: str) -> list[set[Any]]:
    """Where a path leads, from each class that the table's rows are made from."""
    if table.kind != "child":
        return [resolved(type_, source) for type_ in row_types(table)]
    head, _, rest = source.partition(".")
    if head == "position":
        return [{int}]
    return [resolved({"owner": owner_type(table), "value": row_types(table)[0]}[head], rest)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_paths_lead_to_a_value_of_the_columns_type(table: Table) -> None:
    """Every path exists on the objects that the rows are made from, and ends in what the column holds."""
    for column in table.columns:
        for types in column_types(table, column.source) if isinstance(column.source, str) else []:
            assert types - NOTHING == {PYTHON_TYPES[column.type]}, column
            # Objects without a dimension's key make no row; a fact is never left out.
            assert column.nullable or table.kind != "fact" or not types & NOTHING, column


def test_the_tables_that_the_reader_fills_are_those_that_are_found_nowhere() -> None:
    """Every other table says where its objects are found, in entries or in a table that exists."""
    assert {table.name for table in TABLES if not table.extracted_from} == set(MADE_BY_THE_READER)
    parents = {found.table for table in TABLES for found in table.extracted_from}
    assert parents <= {ENTRIES, *BY_NAME}


RAW = st.sampled_from([b"", b"null", b"[]", b'["DE", "SE"]', b'["\\u00e9", 1]', b"{}"]).map(msgspec.Raw)
FLOATS = st.floats(allow_nan=False)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
# Surrogates that stand alone cannot come from JSON in UTF-8.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture(scope="module", autouse=True)
def _decodable() -> None:
    """Objects of any kind are made of what the decoder can give."""
    for type_, strategy in ((msgspec.Raw, RAW), (int, INTEGERS), (float, FLOATS), (datetime, TIMES), (str, TEXTS)):
        st.register_type_strategy(type_, strategy)
    # No column looks into it, and it is by far the largest part of a playlist.
    st.register_type_strategy(answers.EntriesPage, st.just(answers.EntriesPage()))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@settings(max_examples=15)
@given(data=st.data())
def test_any_answer_makes_a_row(table: Table, data: st.DataObject) -> None:
    """Whatever fields are null, missing or odd, every column gets a value that its type can hold."""
    types = row_types(table) + ([IN_FULL[table.name]] if table.name in IN_FULL else [])
    row = data.draw(st.one_of([st.from_type(type_) for type_ in types]))
    if table.kind == "child":
        row = ListElement(data.draw(st.from_type(owner_type(table))), data.draw(st.integers(0, 9)), row)
    for column in table.columns:
        value = column.value(row)
        (stored,) = pa.array([value], column.type)
        assert stored.as_py() == value
        assert value is not None or column.nullable or table.kind != "fact" or column.source is seen_at


@pytest.mark.parametrize(
    ("dotted", "expected"),
    [("name", "Nana"), ("owner.id", "wizzler"), ("followers.total", None), ("followers", None), ("owner.uri", None)],
)
def test_a_null_on_the_way_gives_null(dotted: str, expected: object) -> None:
    """A path stops at the first null instead of failing there."""
    playlist = playlists.Playlist(name="Nana", owner=answers.User(id="wizzler"))
    assert path(dotted)(playlist) == expected
