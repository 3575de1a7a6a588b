"""A lake that many users share costs each sync what it would cost alone."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from sources.stored.state import Stored
from tests.benchmarks.large_lake import grow
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

LOOKED_UP = ("playlists", "listings", "descriptions")


def counted(asked: Counter[str], ask: Callable[..., Any]) -> Callable[..., Any]:
    """The same look-up, which counts the playlists that it is asked for."""

    def wrapped(stored: Stored, playlist_ids: Sequence[str], *more: Any) -> Any:
        asked.update(playlist_ids)
        return ask(stored, playlist_ids, *more)

    return wrapped


@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_a_sync_looks_up_its_own_users_playlists(
    destination: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once, also one that left the library; what is on other users' stays as it was, and changes are found."""
    lake = Lake(destination, str(tmp_path / "lake"))
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    with Sandbox(generate(1, playlists=6, items=60), regime="development") as api:
        own = [each.id for each in api.world.listed()]
        sync(lake=lake, **settings(api))
        grow(lake, range(1, 4))
        assert select(lake, "SELECT count(DISTINCT user_id) FROM playlist_listings") == [(4,)]
        others = f"SELECT * FROM playlists WHERE playlist_id NOT IN {tuple(own)} ORDER BY ALL"
        before = select(lake, others)
        assert len(before) == 3 * len(own)
        api.world.unlist(own[0])
        asked = {name: Counter[str]() for name in LOOKED_UP}
        for name, each in asked.items():
            monkeypatch.setattr(Stored, name, counted(each, getattr(Stored, name)))
        for _ in range(2):
            assert sync(lake=lake, **settings(api)).exit_code == 0
        assert asked == {name: Counter(dict.fromkeys(own, 2)) for name in LOOKED_UP}
        left = f"SELECT in_library FROM playlists WHERE playlist_id = '{own[0]}'"
        assert select(lake, left) == [(False,)]
        assert select(lake, others) == before


def test_what_is_shown_is_not_looked_for_on_the_playlists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches ask whether playlists are known; of users' lists the contents are asked for once, however many users."""
    asked: list[int] = []

    def noted(stored: Stored, playlist_ids: Sequence[str], user_id: str | None) -> Any:
        asked.append(len(playlist_ids))
        return stored_playlists(stored, playlist_ids, user_id)

    stored_playlists = Stored.playlists
    monkeypatch.setattr(Stored, "playlists", noted)
    world = generate(6, playlists=30, items=120)
    shown = [each.id for each in world.listed() if each.owner != world.me.id and each.public]
    users = sorted({world.playlists[each].owner for each in shown})
    with Sandbox(world, regime="extended") as api:
        lake, given = Lake("parquet", str(tmp_path / "lake")), settings(api)
        searched = sync(None, lake, resources="searches", searches=("fire", "a", "the"), **given)
        assert (searched.exit_code, asked) == (0, [])
        del given["credentials"]["refresh_token"]
        report = sync(None, lake, users=users, **given)
        assert (report.exit_code, report.run.playlists, asked) == (0, len(shown), [len(shown)])
        assert len(users) > 1
