"""The history that the page carries, unpacked again and compared with the tables."""

import json
import zlib
from base64 import b64decode
from collections import defaultdict
from itertools import accumulate, pairwise
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.query import query
from pipelines.operations.report.columns import dictionary, packed, steps
from pipelines.operations.report.findings import Findings, find
from tests.pipelines.operations.report.edited_lake import edited_lake

MINUTE = 60


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Eight playlists, one of which left, edited at random over ten weeks."""
    return edited_lake(tmp_path_factory.mktemp("edited"), playlists=8, items=80, tracks=50, syncs=10, seed=7)


@pytest.fixture(scope="module")
def found(lake: Lake) -> Findings:
    """What the report asks of it."""
    return find(lake)


def unpacked(found: Findings) -> dict[str, Any]:
    """The columns, as a browser gets them."""
    columns: dict[str, Any] = json.loads(zlib.decompress(b64decode(found.archive)))
    return columns


def summed(values: list[int | None]) -> list[int | None]:
    """Numbers from steps; null is no step."""
    totals = accumulate(value or 0 for value in values)
    return [None if value is None else total for value, total in zip(values, totals, strict=True)]


def test_stays_are_those_of_the_view(lake: Lake, found: Findings) -> None:
    """Each row of item_history is in the columns, in words, and nothing else is."""
    columns = unpacked(found)
    items, stays, artists = columns["items"], columns["stays"], columns["artists"]["name"]
    ends = list(accumulate(items["credits"]))
    times = [None if time is None else time * MINUTE for time in summed(columns["times"])]
    made = []
    for playlist, item, added, by, from_, until, position in zip(
        *(summed(stays[name]) for name in ("playlist",)),
        stays["item"],
        summed(stays["added"]),
        stays["by"],
        summed(stays["from"]),
        stays["until"],
        summed(stays["position"]),
        strict=True,
    ):
        assert playlist is not None
        assert from_ is not None
        assert position is not None
        credited = items["artist"][ends[item] - items["credits"][item] : ends[item]]
        made.append(
            (
                columns["playlists"]["id"][playlist],
                columns["playlists"]["name"][playlist],
                f"spotify:track:{items['uri'][item]}",
                items["title"][item],
                ", ".join(artists[artist] for artist in credited),
                items["albums"][items["album"][item]],
                added,
                columns["people"][by],
                times[from_],
                None if until < 0 else times[until],
                position + 1,
            )
        )
    expected = query(
        lake,
        """
        SELECT playlist_id, playlist, item_uri, title, artists, album, epoch(added_at)::BIGINT, added_by,
            epoch(listed_from)::BIGINT // 60 * 60, epoch(listed_until)::BIGINT // 60 * 60, first_place
        FROM item_history
        """,
    ).rows
    order = lambda row: tuple(str(value) for value in row)  # noqa: E731
    assert sorted(made, key=order) == sorted(expected, key=order)
    assert len(made) > 150


def test_artists_are_distinguished_by_id(lake: Lake, found: Findings) -> None:
    """Those who share a name are several; each has the entries that their id is credited with."""
    columns = unpacked(found)
    names = columns["artists"]["name"]
    assert len(names) > len(set(names))
    sql = """SELECT count(DISTINCT artist_id) FROM track_artists
        WHERE track_uri IN (SELECT item_uri FROM item_history)"""
    assert query(lake, sql).rows == [(len(names),)]
    assert len({artist.key for artist in found.artists}) == len(found.artists)


def test_what_is_worth_telling_is_true(lake: Lake, found: Findings) -> None:
    """What returned and what is nowhere any more, counted state by state without the views."""
    states = query(lake, "SELECT playlist_id, item_keys FROM playlist_snapshots ORDER BY playlist_id, observed_at").rows
    additions = query(lake, "SELECT playlist_id, item_key, item_uri FROM playlist_additions").rows
    uris = {(playlist, key): uri for playlist, key, uri in additions}
    library = {row[0] for row in query(lake, "SELECT playlist_id FROM playlists WHERE in_library").rows}
    contents: dict[str, list[set[str]]] = defaultdict(list)
    for playlist, keys in states:
        contents[playlist].append({uris[playlist, key] for key in keys})
    ever = {uri for sets in contents.values() for one in sets for uri in one}
    now = {uri for playlist, sets in contents.items() if playlist in library for uri in sets[-1]}
    returned = set()
    for sets in contents.values():
        seen: set[str] = set()
        for before, after in pairwise(sets):
            seen |= before
            returned |= (after - before) & seen
    told = {moment.kind: moment for moment in found.moments}
    assert told["returned"].number == len(returned) > 3
    assert told["absent"].number == len(ever - now) > 0
    assert len(unpacked(found)["absent"]) == len(ever - now)
    spread = {uri: sum(uri in sets[-1] for p, sets in contents.items() if p in library) for uri in now}
    assert told["widespread"].number == max(spread.values())
    oldest = "SELECT min(added_at) FROM items"
    assert query(lake, oldest).rows == [(told["oldest"].moment,)]


def test_packing() -> None:
    """Steps and dictionaries give back what was put in, also nothing at all."""
    assert steps([]) == []
    assert steps([5, None, 7, 7, 3]) == [5, None, 2, 0, -4]
    assert dictionary([]) == ([], [])
    assert dictionary(["b", "a", "b"]) == (["b", "a"], [0, 1, 0])
    assert json.loads(zlib.decompress(b64decode(packed({"a": ["</script>"]})))) == {"a": ["</script>"]}
