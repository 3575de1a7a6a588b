"""Objects become rows, and what is found in them becomes rows of other tables."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.merging import merged
from schemas.spec import REMOVED, TEXT, Column, From, Table, key
from sources.spotify.engine.batches import Rows
from sources.spotify.models.answers import Item
from tests.examples import examples

PLAYS = Table("plays", "A play.", ("play_id",), (key("play_id", TEXT, "Id.", "id"),), "fact")
SONGS = Table(
    "songs", "A song.", ("song_id",), (key("song_id", TEXT, "Id.", "id"),), "dimension", (From("plays", "song"),)
)
TAGS = Table(
    "tags",
    "A tag of a play.",
    ("play_id", "position"),
    (
        key("play_id", TEXT, "Play.", "owner.id"),
        key("position", TEXT, "Place.", lambda part: str(part.position)),
        Column("tag", TEXT, "Tag.", "value"),
        REMOVED,
    ),
    "child",
    (From("plays", "tags", by_position=True),),
)


def test_a_fact_may_be_a_parent() -> None:
    """Each of its rows is kept, and objects and lists that are found in them fill their tables."""
    rows = Rows((PLAYS, SONGS, TAGS))
    for number in ("1", "2"):
        rows.add("plays", SimpleNamespace(id=number, song=SimpleNamespace(id="s"), tags=["a", "b"]))
    found = {batch.table.name: batch.rows.to_pylist() for batch in rows.flush(everything=True)}
    assert found["plays"] == [{"play_id": "1"}, {"play_id": "2"}]
    assert found["songs"] == [{"song_id": "s"}]
    assert [(row["play_id"], row["tag"]) for row in found["tags"]] == [("1", "a"), ("1", "b"), ("2", "a"), ("2", "b")]


ARTISTS = Table(
    "artists",
    "An artist.",
    ("artist_id",),
    (
        key("artist_id", TEXT, "Id.", "id"),
        Column("name", TEXT, "Name.", "name", update="coalesce"),
        Column("genre", TEXT, "Genre.", "genre", update="value"),
        Column("state", TEXT, "State.", "state"),
    ),
    "dimension",
)
VALUES = st.sampled_from([None, "x", "y"])
SIGHTS = st.lists(
    st.one_of(
        st.builds(
            lambda id, name, genre, state: SimpleNamespace(id=id, name=name, genre=genre, state=state),  # noqa: A006
            st.sampled_from("ab"),
            VALUES,
            VALUES,
            VALUES,
        ),
        st.sampled_from(["batch", "load", "resource"]),
    ),
    max_size=12,
)


@settings(max_examples=examples(500))
@given(SIGHTS)
def test_what_later_resources_tell_is_merged(sights: list[SimpleNamespace | str]) -> None:
    """A load has one row of an object, and no sight of it by another resource is lost that nothing was written before.

    In a resource the first sight counts. Rows of a load are merged with those of earlier loads, as a destination does.
    """
    rows, stored = Rows((ARTISTS,)), dict[str, list[object]]()
    wanted, seen, written = dict[str, list[object]](), set[str](), set[str]()
    for sight in [*sights, "load"]:
        if sight == "resource":
            rows.begin_resource()
            # Of what is in a batch of this load nothing more is taken before the next one.
            seen = set(written)
        elif isinstance(sight, str):
            batches = list(rows.flush(everything=sight == "load"))
            keys = [row["artist_id"] for batch in batches for row in batch.rows.to_pylist()]
            assert len(keys) == len(set(keys))
            assert not written & set(keys)
            for row in (row for batch in batches for row in batch.rows.to_pylist()):
                _merge(stored, list(row.values()))
            written = written | set(keys) if sight == "batch" else set()
        else:
            rows.add("artists", sight)
            if sight.id not in seen:
                seen.add(sight.id)
                _merge(wanted, [sight.id, sight.name, sight.genre, sight.state])
    assert stored == wanted


def _merge(stored: dict[str, list[object]], values: list[object]) -> None:
    before = stored.get(str(values[0]))
    stored[str(values[0])] = values if before is None else merged(ARTISTS, before, values)


def test_keys_are_those_of_the_objects_that_are_compared() -> None:
    """Of a dimension those of its rows; of lists those of their owners, also where a list is empty."""
    rows = Rows()
    for track_id, artists in (("a", [{"id": "one", "name": "One"}]), ("b", [])):
        rows.add("tracks", item(track_id, artists=artists))
    keys = {batch.table.name: sorted(batch.keys) for batch in rows.flush(everything=True)}
    assert {name: keys[name] for name in ("tracks", "artists", "track_artists")} == {
        "tracks": ["spotify:track:a", "spotify:track:b"],
        "artists": ["one"],
        "track_artists": ["spotify:track:a", "spotify:track:b"],
    }


def test_what_was_blanked_and_then_named_is_known_for_the_run() -> None:
    """Blanked once more in a later load of the run, it is no row again."""
    rows = Rows(seen_at=datetime(2026, 11, 27, tzinfo=UTC))
    for name in ("", "Title"):
        rows.add("tracks", item("a", name=name, artists=[{"id": "one", "name": "One" if name else ""}]))
    (first,) = (batch.rows for batch in rows.flush(everything=True) if batch.table.name == "tracks")
    assert first.select(["name", "taken_down_at"]).to_pylist() == [{"name": "Title", "taken_down_at": None}]
    rows.add("tracks", item("a", name="", artists=[{"id": "one", "name": ""}]))
    assert [batch.table.name for batch in rows.flush(everything=True) if batch.table.name == "tracks"] == []


def test_of_one_sync_the_named_one_counts_in_either_resource() -> None:
    """Seen with its name by one resource and blanked by the next, or the other way round, it is there."""
    for names in (["Title", ""], ["", "Title"]):
        rows = Rows(seen_at=datetime(2026, 11, 27, tzinfo=UTC))
        for name in names:
            rows.begin_resource()
            rows.add("tracks", item("a", name=name, explicit=bool(name)))
        (found,) = (batch.rows for batch in rows.flush(everything=True) if batch.table.name == "tracks")
        assert found.select(["name", "explicit", "taken_down_at"]).to_pylist() == [
            {"name": "Title", "explicit": True, "taken_down_at": None}
        ]


def item(track_id: str, **more: Any) -> Item:
    """A track as the API sends it."""
    return msgspec.convert({"id": track_id, "uri": f"spotify:track:{track_id}", "name": track_id} | more, Item)
