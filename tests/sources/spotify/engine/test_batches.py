"""Objects become rows, and what is found in them becomes rows of other tables."""

from types import SimpleNamespace

from schemas.spec import REMOVED, TEXT, Column, From, Table, key
from sources.spotify.engine.batches import Rows

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
    "part",
    (From("plays", "tags", part=True),),
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
