"""What is saved has words: those that Spotify itself gives of each item."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

ROWS = "SELECT item_uri, title, artists, album FROM {} WHERE collection = '{}'"
OBJECTS = {"tracks": "track", "albums": "album", "episodes": "episode", "shows": "show", "audiobooks": ""}


def sent(api: Sandbox, path: str) -> Iterator[Any]:
    """The elements of a list of the user's, as the API sends them."""
    given = {"grant_type": "refresh_token", "refresh_token": api.refresh_token}
    app = (api.client_id, api.client_secret)
    token = requests.post(f"{api.accounts_url}/api/token", data=given, auth=app, timeout=10).json()["access_token"]
    page = {"next": f"{api.api_url}{path}"}
    while page["next"]:
        page = requests.get(page["next"], headers={"Authorization": f"Bearer {token}"}, timeout=10).json()
        page = page.get("artists", page)
        yield from page["items"]


def words(item: dict[str, Any]) -> tuple[str | None, ...]:
    """URI, title, artists and album of an object of the API's."""
    makers = item.get("artists", item.get("authors", []))
    names = ", ".join(each["name"] for each in makers) or item.get("show", item).get("publisher")
    album = item["name"] if item["type"] == "album" else item.get("album", {}).get("name")
    return item["uri"], item["name"], item["show"]["name"] if "show" in item else names, album


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("destination", "path"), [("duckdb", "saved.duckdb"), ("parquet", "saved")])
def test_titles_are_those_that_the_user_sees(destination: str, path: str) -> None:
    """Of each collection, now and in its history, and of what was removed."""
    world = generate(seed=4, playlists=1, items=60)
    lake = Lake(destination, path)
    with Sandbox(world) as api:
        seen = {
            name: [words(item) for each in sent(api, f"/me/{name}?limit=50") if (item := each and each.get(kind, each))]
            for name, kind in OBJECTS.items()
        }
        seen["artists"] = [(each["uri"], each["name"], None, None) for each in sent(api, "/me/following?type=artist")]
        assert sync(lake=lake, resources="account", **settings(api)).exit_code == 0
        [(gone, _), *_] = world.library.listed("album")
        world.library.remove("album", gone)
        assert sync(lake=lake, resources="account", **settings(api)).exit_code == 0
    assert all(seen.values())
    for name, rows in seen.items():
        known = [row for row in select(lake, ROWS.format("saved_history", name)) if row[0] is not None]
        assert Counter(known) == Counter(row for row in rows if row[0] is not None), name
    [removed] = select(lake, ROWS.format("saved_changes", "albums"))
    assert removed == next(row for row in seen["albums"] if str(row[0]).endswith(gone))
    now = [row for row in select(lake, ROWS.format("saved", "albums")) if row[0] is not None]
    assert Counter(now) == Counter(row for row in seen["albums"] if row[0] is not None) - Counter([removed])
