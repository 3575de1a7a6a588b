"""From each state of a real playlist to each: needs the shared folder with two years of public playlists."""

from collections.abc import Mapping
from functools import cache
from itertools import groupby, product
from math import ceil

import duckdb
import pytest

from sources.spotify.writes.request_plan import PRICE, Limits, plan
from sources.spotify.writes.steps import Entry
from tests.shared_folder import SHARED
from tests.sources.spotify.writes.test_request_plan import carried_out

FOLDER = SHARED / "data" / "playlist_history"
PLAYLISTS = """
    SELECT playlist_id FROM versions GROUP BY playlist_id HAVING count(*) <= 40
    ORDER BY count(*) DESC, playlist_id LIMIT 20
"""
pytestmark = [
    pytest.mark.skipif(not FOLDER.is_dir(), reason="needs data/playlist_history in PLAYLAKE_SHARED"),
    pytest.mark.sampled(10),
]


@cache
def playlists() -> Mapping[str, list[list[Entry]]]:
    """The different states of twenty playlists, each item with the day on which it came."""
    with duckdb.connect() as connection:
        for name in ("versions", "entries"):
            connection.execute(f"CREATE VIEW {name} AS FROM '{FOLDER / name}.parquet'")
        sql = (
            f"SELECT playlist_id, day, track_id FROM entries SEMI JOIN ({PLAYLISTS}) USING (playlist_id) "
            "ORDER BY playlist_id, day, position"
        )
        rows = connection.execute(sql).fetchall()
    found: dict[str, list[list[Entry]]] = {}
    since: dict[tuple[str, str], int] = {}
    for (playlist_id, day), group in groupby(rows, lambda row: row[:2]):
        before = {entry.uri for entry in (found.get(playlist_id) or [[]])[-1]}
        state = []
        for _, _, track_id in group:
            uri = f"spotify:track:{track_id}"
            if uri not in before:
                since[playlist_id, uri] = day.toordinal()
            state.append(Entry(uri, since[playlist_id, uri]))
        found.setdefault(playlist_id, []).append(state)
    return found


@pytest.mark.parametrize("number", range(20))
def test_from_each_state_to_each(number: int) -> None:
    """The target comes of it, for no more requests than replacing everything and one for every three dates kept."""
    states = list(playlists().values())[number]
    assert len(states) > 5
    for current, wanted in product(states, repeat=2):
        way = plan(current, wanted)
        model = carried_out(way, Limits())
        assert model.uris == [entry.uri for entry in wanted]
        kept = sum(at != 1_000_000 for _, at in model.rows)
        replacing = ceil(len({entry.uri for entry in current}) / 100) + ceil(len(wanted) / 100)
        assert PRICE * way.requests <= PRICE * replacing + kept
