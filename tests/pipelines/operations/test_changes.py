"""What a sync says of changes."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.changes import changes_told
from pipelines.sync.service import Report, sync
from sources.spotify.engine.recorder import new_record
from sources.spotify.models.news import Change, News
from sources.spotify.resources.playlists.changes import largest
from sources.spotify_sandbox import Sandbox, evolve, generate
from tests.pipelines.driving import playlake, settings
from tests.pipelines.tables import select

NAMES = {"a": "Road trip", "b": "Songs\nto cry to 😭", "c": "x" * 50, "d": "Gone", "n": "Winter", "m": "Summer"}


def report(*changes: Change, unchanged: int = 0) -> Report:
    """The report of a sync that found these changes."""
    run = new_record(datetime.now(UTC))
    run.unchanged, run.read = unchanged, len(changes)
    return Report(run, [], Lake(), NAMES, changes=list(changes))


ROAD = Change("a", 212, 109, 0, 0, False, added=["Tokyo", "Om"])
SONGS = Change("b", 24, 1, 2, 3, False, added=["Neon"], removed=["Ocean", "Fire"])
LONG = Change("c", 8, 0, 0, 5, False)
EMPTIED = Change("d", 0, 0, 300, 0, False, removed=["Gravity"])
NEW, NEWER = Change("n", 12, 12, 0, 0, True), Change("m", 1200, 1200, 0, 0, True)


def test_the_largest_changes_have_names() -> None:
    """Those with the most items come first, with titles and how many more; what has a message of its own does not."""
    told = replace(report(LONG, NEW, SONGS, ROAD, EMPTIED, NEWER), news=[News("d", "Gone", "emptied", 300, "")])
    assert list(changes_told(told)) == [
        "What changed:",
        "  Road trip: +109 -0; added Tokyo · Om · 107 more",
        "  Songs to cry to 😭: +1 -2, 3 moved; added Neon; removed Ocean · Fire",
        "  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…: +0 -0, 5 moved",
        "New: Summer (1,200) · Winter (12)",
    ]


@pytest.mark.parametrize(
    ("changes", "unchanged", "lines"),
    [
        ([], 3, []),
        ([NEW, NEWER], 0, []),
        ([NEW, NEWER, NEW], 1, ["New: Summer (1,200) · Winter (12) · 1 more"]),
        ([ROAD] * 7, 0, 7),
        ([ROAD] * 6, 0, 7),
    ],
)
def test_in_few_lines(changes: list[Change], unchanged: int, lines: list[str] | int) -> None:
    """Nothing is said where nothing changed or a lake is new, and of many changes how many there are besides."""
    told = list(changes_told(report(*changes, unchanged=unchanged)))
    assert told == lines if isinstance(lines, list) else len(told) == lines
    if isinstance(lines, int):
        assert told[-1] == f"  and {len(changes) - 5} more playlist{'s' if len(changes) > 6 else ''}"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_what_is_reported_is_what_the_views_show(destination: str, tmp_path: Path) -> None:
    """Each change has the numbers and titles that `item_changes` has of that sync."""
    lake = Lake(destination, str(tmp_path / "lake"))
    world = generate(seed=3, playlists=14, items=500)
    with Sandbox(world) as api:
        sync(lake=lake, **settings(api))
        evolve(world, Random(0), 20)
        done = sync(lake=lake, **settings(api))
        # Titles are as they are now, and the next sync finds tracks with other ones.
        rows_of = {
            change.playlist_id: select(
                lake,
                f"SELECT change, title FROM item_changes WHERE playlist_id = '{change.playlist_id}' "
                f"AND observed_at BETWEEN '{done.run.started_at}' AND '{done.run.finished_at}'",
            )
            for change in largest(done.changes)
        }
        evolve(world, Random(1), 20)
        where = ("--destination", destination, "--path", lake.location)
        shown = playlake("sync", *where, environment=api.environment)
        quiet = playlake("sync", *where, "--quiet", environment=api.environment)
    found = largest(done.changes)
    assert any(change.removed for change in found)
    for change in found:
        rows = rows_of[change.playlist_id]
        titles = {kind: {title for word, title in rows if word == kind} for kind in ("added", "removed")}
        kinds = [word for word, _ in rows]
        counts = (change.new_items, change.removed_items, change.moved_items)
        assert counts == tuple(map(kinds.count, ("added", "removed", "moved")))
        assert set(change.added) <= titles["added"]
        assert set(change.removed) <= titles["removed"]
    assert "What changed:\n" in shown.err
    assert "What changed" not in shown.out
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
